"""What a sitting of reading knows: the cases to read, the one on the screen, the answers so far."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from gazecore.study.key_sheet import answer_column, tool_column

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gazecore.study import Protocol
    from gazecore.study.key_sheet import KeyColumn


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
    """What the main keys do in this study, as (key, meaning): answers and the end, then tools."""
    return answer_column(protocol), tool_column(protocol, brief=True)


@dataclass(frozen=True, slots=True)
class SessionSummary:
    """How a sitting ended: of its cases, how many were read."""

    session_id: str
    read_count: int
    case_count: int
    is_finished: bool
