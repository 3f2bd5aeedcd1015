"""The pilot's log: what it did and when, on the LSL clock, one JSON document a line."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

LOG_NAME = "pilot.jsonl"

_STILL = ("wait", "grab")
"""Actions that leave the viewport as it is."""


@dataclass(frozen=True, slots=True)
class LoggedAction:
    """One action of the pilot on one case."""

    case_id: str
    action: dict[str, Any]
    began_s: float
    ended_s: float

    @property
    def is_still(self) -> bool:
        """Whether the viewport stays as it is."""
        return self.action["do"] in _STILL


@dataclass(frozen=True, slots=True)
class StillInterval:
    """A time in which nothing was done to the viewport and the screen was grabbed."""

    grab: str
    from_s: float
    to_s: float


def append(path: Path, logged: LoggedAction) -> None:
    """Append an action to the log."""
    record = {
        "case_id": logged.case_id,
        "action": logged.action,
        "began_s": logged.began_s,
        "ended_s": logged.ended_s,
    }
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(record) + "\n")


def read_log(path: Path) -> list[LoggedAction]:
    """All actions in the order they were done."""
    return [LoggedAction(**json.loads(line)) for line in path.read_text().splitlines()]


def still_intervals(actions: Sequence[LoggedAction]) -> list[StillInterval]:
    """Per grab the time between the changes before and after it, within one case."""
    intervals: list[StillInterval] = []
    from_s: float | None = None
    grab: str | None = None
    case_id = ""
    for action in actions:
        if action.case_id != case_id:
            case_id, from_s, grab = action.case_id, action.began_s, None
        if action.action["do"] == "grab":
            grab = str(action.action["name"])
        if action.is_still:
            continue
        if grab is not None and from_s is not None:
            intervals.append(StillInterval(grab, from_s, action.began_s))
        from_s, grab = action.ended_s, None
    return intervals
