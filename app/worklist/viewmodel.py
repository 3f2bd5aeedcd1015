"""What the worklist shows: each case with this reader's state, and how far the reader is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gazecore.study import Case, Reading

CaseState = Literal["unread", "read", "interrupted", "skipped"]

STATE_TEXT: dict[CaseState, str] = {
    "unread": "To read",
    "read": "Read",
    "interrupted": "Interrupted",
    "skipped": "Skipped",
}


@dataclass(frozen=True, slots=True)
class WorklistRow:
    """One case as one reader sees it; `answer` is empty until it is read."""

    position: int
    case_id: str
    state: CaseState
    answer: str = ""
    is_simulated: bool = False


@dataclass(frozen=True, slots=True)
class Worklist:
    """The cases in this reader's order; without a reader in the order of the study."""

    study_name: str
    readers: tuple[str, ...]
    reader_id: str | None
    rows: tuple[WorklistRow, ...]

    @property
    def read_count(self) -> int:
        """How many cases the reader has answered."""
        return sum(row.state == "read" for row in self.rows)

    @property
    def unread(self) -> tuple[str, ...]:
        """The cases still to read, in order."""
        return tuple(row.case_id for row in self.rows if row.state != "read")

    @property
    def is_begun(self) -> bool:
        """Whether the reader has read some but not all cases."""
        return 0 < self.read_count < len(self.rows)


def rows_of_reader(
    order: Sequence[str], cases: Iterable[Case], readings: Iterable[Reading], reader_id: str | None
) -> tuple[WorklistRow, ...]:
    """A row per case in `order`, with the state that this reader's readings give it.

    The last reading of a case counts, except that an answered one is never undone.
    """
    by_id = {case.case_id: case for case in cases}
    latest: dict[str, Reading] = {}
    for reading in readings:
        if reading.reader_id != reader_id:
            continue
        known = latest.get(reading.case_id)
        if known is None or known.state != "answered":
            latest[reading.case_id] = reading
    return tuple(
        WorklistRow(
            position=position,
            case_id=case_id,
            state=_state_of(latest.get(case_id)),
            answer=_answer_of(latest.get(case_id)),
            is_simulated=by_id[case_id].simulated,
        )
        for position, case_id in enumerate(order, start=1)
    )


def _state_of(reading: Reading | None) -> CaseState:
    if reading is None:
        return "unread"
    if reading.state == "answered":
        return "read"
    return "skipped" if reading.state == "skipped" else "interrupted"


def _answer_of(reading: Reading | None) -> str:
    if reading is None or reading.state != "answered":
        return ""
    return ", ".join(reading.answers.values())
