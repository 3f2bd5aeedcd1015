"""What the page of results shows: one case, of one reader or of all, or one session's quality."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from app.pictures.figures import degrees, hertz, percent, seconds, square_degrees

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.pictures.results import StudyResults
    from gazecore.analysis.finished import FinishedReading

View = Literal["case", "session"]
ALL_READERS = ""
"""The choice of no reading: the mean over readers."""


@dataclass(frozen=True, slots=True)
class ResultsState:
    """What can be chosen, and what is.

    Attributes
    ----------
    problem : str
        Why there is nothing to show; empty where there is.
    cases, sessions : tuple of str
    readings : tuple of FinishedReading
        Of the case that is chosen.
    view : {"case", "session"}
    case_id, reading_id, session_id : str
        The choices; reading `ALL_READERS` is the mean.
    shows_scanpath, shows_attention : bool
    opacity : float
        Of the attention's peak.
    """

    problem: str = ""
    cases: tuple[str, ...] = ()
    sessions: tuple[str, ...] = ()
    readings: tuple[FinishedReading, ...] = ()
    view: View = "case"
    case_id: str = ""
    reading_id: str = ALL_READERS
    session_id: str = ""
    shows_scanpath: bool = True
    shows_attention: bool = True
    opacity: float = 0.75

    @property
    def reading(self) -> FinishedReading | None:
        """The reading that is chosen; None: all of them."""
        return next((r for r in self.readings if r.reading_id == self.reading_id), None)

    def of(self, results: StudyResults) -> ResultsState:
        """The same choices as far as these results still have them."""
        sessions = tuple(str(row["session_id"]) for row in results.sessions)
        case_id = _kept(self.case_id, results.cases)
        found = replace(
            self,
            problem="" if results.cases or sessions else "No reading was recorded in this study.",
            cases=results.cases,
            sessions=sessions,
            session_id=_kept(self.session_id, sessions),
        )
        return found.with_case(case_id, results)

    def with_case(self, case_id: str, results: StudyResults) -> ResultsState:
        """Another case, by the same reader if that one read it."""
        readings = results.of_case(case_id)
        reader_id = self.reading.reader_id if self.reading else ""
        same = next((r.reading_id for r in readings if r.reader_id == reader_id), ALL_READERS)
        return replace(self, case_id=case_id, readings=readings, reading_id=same)


def reading_name(reading: FinishedReading) -> str:
    """A reading as it stands in the list of readers."""
    return f"{reading.reader_id} · {reading.reading_id}" + ("" if reading.usable else " · left out")


def figures(row: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Names and values of a reading's figures; nothing for none."""
    if not row:
        return ()
    rate = f"{hertz(row['effective_rate_hz'])} of {hertz(row['rate_hz'])}"
    return (
        ("Read for", seconds(row["duration_s"])),
        ("Fixations", str(row["fixations"])),
        ("Median fixation", seconds(row["median_fixation_s"])),
        ("Accuracy", degrees(row["accuracy_deg"])),
        ("RMS-S2S", degrees(row["precision_rms_deg"])),
        ("STD", degrees(row["precision_std_deg"])),
        (f"BCEA {row['bcea_probability']:.0%}", square_degrees(row["precision_bcea_deg2"])),
        ("Came invalid", percent(row["invalid_share"])),
        ("Never came", percent(row["missing_share"])),
        ("Effective rate", rate),
        ("Largest gap", seconds(row["largest_gap_s"])),
        ("Off the image", percent(row["off_image_share"])),
        ("Drift", degrees(row["drift_deg"])),
        ("Verdict", row["verdict"] or "usable"),
    )


def _kept(chosen: str, possible: tuple[str, ...]) -> str:
    return chosen if chosen in possible else possible[0] if possible else ""
