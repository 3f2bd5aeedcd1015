"""What a sitting of reading knows: the cases to read, the one on the screen, the answers so far."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gazecore.study import Protocol

ToolKey = Literal[
    "fit",
    "one_to_one",
    "invert",
    "rotate_right",
    "rotate_left",
    "flip_horizontal",
    "flip_vertical",
    "restart",
    "auto_window",
    "default_window",
    "next_window",
]

TOOL_KEYS: dict[str, ToolKey] = {
    "F": "fit",
    "O": "one_to_one",
    "I": "invert",
    "R": "rotate_right",
    "L": "rotate_left",
    "H": "flip_horizontal",
    "V": "flip_vertical",
    "Space": "restart",
    "0": "auto_window",
    "D": "default_window",
    "W": "next_window",
}
"""Keys of the reader's tools, in Qt's portable names; a key of the answer form goes first."""

TOOL_TEXT: dict[ToolKey, str] = {
    "fit": "fit",
    "one_to_one": "one to one",
    "invert": "invert",
    "rotate_right": "turn right",
    "rotate_left": "turn left",
    "flip_horizontal": "mirror ↔",
    "flip_vertical": "mirror ↕",
    "restart": "back to start",
    "auto_window": "auto window",
    "default_window": "default window",
    "next_window": "next window",
}
"""What each tool is called on the key sheet."""

TOOL_LOCKS: dict[ToolKey, str] = {
    "invert": "invert",
    "rotate_right": "rotate",
    "rotate_left": "rotate",
    "flip_horizontal": "flip",
    "flip_vertical": "flip",
    "one_to_one": "zoom",
    "auto_window": "window",
    "default_window": "window",
    "next_window": "window",
}
"""The name in ``protocol.locked_tools`` that takes a tool away; fit and restart always work."""


KeyColumn = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class SessionPlan:
    """The cases of one sitting, in the order in which they will be read.

    A session that goes on after a crash numbers its viewport states from a later `first_serial`.
    """

    session_id: str
    reader_id: str
    case_ids: tuple[str, ...]
    first_serial: int = 0


@dataclass(frozen=True, slots=True)
class ReadingProgress:
    """Where the reader is: `position` counts cases of the plan that are done with."""

    plan: SessionPlan
    position: int = 0
    answers: Mapping[str, str] = field(default_factory=dict)

    @property
    def case_id(self) -> str | None:
        """The case to read now; None after the last."""
        return self._at(self.position)

    @property
    def next_case_id(self) -> str | None:
        """The case after this one; None if this is the last."""
        return self._at(self.position + 1)

    @property
    def is_finished(self) -> bool:
        """Whether every case is done with."""
        return self.position >= len(self.plan.case_ids)

    def answered(self, name: str, value: str) -> ReadingProgress:
        """With one more field of the form answered."""
        return replace(self, answers={**self.answers, name: value})

    def advanced(self) -> ReadingProgress:
        """At the next case, with an empty form."""
        return replace(self, position=self.position + 1, answers={})

    def _at(self, position: int) -> str | None:
        cases = self.plan.case_ids
        return cases[position] if 0 <= position < len(cases) else None


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer that a key stands for."""

    field: str
    value: str
    label: str = ""


def answer_for_key(protocol: Protocol, answers: Mapping[str, str], key: str) -> Answer | None:
    """The answer that `key` gives to the first open field of the form, or None.

    With every field answered a key changes the last one: the form closes only with the case.
    """
    open_fields = [entry for entry in protocol.form if entry.name not in answers]
    asked = open_fields[0] if open_fields else protocol.form[-1]
    choice = asked.choice_for_key(key)
    return Answer(asked.name, choice.value, choice.label) if choice else None


def is_complete(protocol: Protocol, answers: Mapping[str, str]) -> bool:
    """Whether every field of the form has an answer."""
    return all(entry.name in answers for entry in protocol.form)


def key_sheet(protocol: Protocol) -> tuple[KeyColumn, KeyColumn]:
    """What each key does in this study, as (key, meaning): answers and the end, then tools."""
    answers = [
        (choice.keys[0].replace("Return", "Enter"), choice.label or choice.value)
        for entry in protocol.form
        for choice in entry.choices
        if choice.keys
    ]
    taken = {key for key, _ in answers}
    tools = [
        (key, TOOL_TEXT[tool])
        for key, tool in TOOL_KEYS.items()
        if key not in taken and TOOL_LOCKS.get(tool) not in protocol.locked_tools
    ]
    return (*answers, ("Esc", "end")), tuple(tools)


@dataclass(frozen=True, slots=True)
class SessionSummary:
    """How a sitting ended: of its cases, how many were read."""

    session_id: str
    read_count: int
    case_count: int
    is_finished: bool
