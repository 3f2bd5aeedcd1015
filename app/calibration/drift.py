"""When drift is to be checked, and how a check stands; no Qt.

A check is due every so many cases, after the eyes were away, when clicks lie off gaze, and when
the tracker was started again. It takes place between two cases only, so the first reason counts
until then.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from gazecore.messages import DriftChecked, DriftReason
    from gazecore.study.protocol import Calibration

DriftPhase = Literal["looking", "again", "failed", "passed", "over"]


class DriftSchedule:
    """Counts what makes a check due; nothing is before the first validation of a sitting."""

    def __init__(self, settings: Calibration) -> None:
        self._settings = settings
        self._is_validated = False
        self._cases = 0
        self._reason: DriftReason = ""

    @property
    def is_validated(self) -> bool:
        """Whether there is anything that could have drifted."""
        return self._is_validated

    @property
    def due(self) -> DriftReason:
        """Why a check is due; empty if it is not."""
        return self._reason if self._is_validated else ""

    def note_checked(self) -> None:
        """Gaze was just found good, or taken as it is: count from here."""
        self._is_validated = True
        self._cases = 0
        self._reason = ""

    def note_case_read(self) -> None:
        """A case was read."""
        self._cases += 1
        every = self._settings.drift_check_every_cases
        if every and self._cases >= every:
            self._wish("cases")

    def note_away(self, away_s: float) -> None:
        """No eyes were seen for so long."""
        limit_s = self._settings.drift_check_after_away_s
        if limit_s and away_s >= limit_s:
            self._wish("eyes_away")

    def note_click(self, click: DriftChecked) -> None:
        """A click was compared with gaze; the mean of the last ones tells."""
        if not click.passed:
            self._wish("clicks")

    def note_restarted(self) -> None:
        """The tracker was started again, perhaps without its calibration."""
        self._wish("restarted")

    def _wish(self, reason: DriftReason) -> None:
        if not self._reason:
            self._reason = reason


@dataclass(frozen=True, slots=True)
class DriftState:
    """How a check stands: looking, looking again after a miss, failed, passed, or over.

    Attributes
    ----------
    is_shown : bool
        The target is on the screen.
    result : DriftChecked or None
        The last measurement.
    """

    reason: DriftReason = ""
    phase: DriftPhase = "looking"
    is_shown: bool = False
    result: DriftChecked | None = None

    @property
    def is_over(self) -> bool:
        """Whether the reader may read on, or chose something else."""
        return self.phase in ("passed", "over")

    @property
    def is_asking(self) -> bool:
        """Whether the reader has to choose."""
        return self.phase == "failed"

    def measured(self, result: DriftChecked) -> DriftState:
        """After a measurement; a first miss is tried once more without asking."""
        if result.passed:
            return replace(self, phase="passed", result=result)
        return replace(self, phase="again" if self.phase == "looking" else "failed", result=result)

    def chosen(self) -> DriftState:
        """The reader chose what follows."""
        return replace(self, phase="over")

    def reopened(self) -> DriftState:
        """The reader comes back without having done what was chosen."""
        return replace(self, phase="failed")

    def text(self) -> str:
        """One line for the reader; empty where nothing needs saying."""
        if self.phase == "again":
            return "Please look at the dot once more"
        if self.phase != "failed" or self.result is None:
            return ""
        if self.result.distance_deg is None:
            return "The tracker did not see your eyes on the dot"
        return f"Gaze lies {self.result.distance_deg:.1f}° beside the dot"
