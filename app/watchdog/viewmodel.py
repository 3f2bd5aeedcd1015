"""What can go wrong with the acquisition during a reading, and how it is said to the reader.

To add an alert: a few lines in `alerts_of` with a kind of its own. The first alert is the one
that is shown; each is marked in the recording when it begins and when it is over.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

AlertKind = Literal[
    "recorder", "gaze_silent", "two_sources", "screen", "disk", "tracker", "eyes_lost"
]

SILENT_AFTER_S = 0.7
"""A stream that is silent for so long is told; a look each tenth of a second later at the most."""
LOW_DISK_BYTES = 5_000_000_000


@dataclass(frozen=True, slots=True)
class Seen:
    """What the watchdog sees at one moment.

    Attributes
    ----------
    gaze_age_s : float or None
        Since the last gaze sample arrived, None where it is unknown.
    eyes_lost_s : float
        For how long no sample held a valid eye; 0 while silent.
    recorder_problem : str
        Why nothing is recorded, or it is not known whether it is; empty while all is well.
    tracker_problem : str
        What is wrong with the tracker's process.
    undecided : str
        Which outlet a stream is, as a question with its keys; empty where none is open.
    is_undecided_recorded : bool
        Whether one of those outlets is recorded meanwhile.
    free_bytes : int or None
        On the recording's disk.
    screen_problem : str
        How the screen differs from the one that was calibrated.
    """

    gaze_age_s: float | None = None
    eyes_lost_s: float = 0.0
    recorder_problem: str = ""
    tracker_problem: str = ""
    undecided: str = ""
    is_undecided_recorded: bool = True
    free_bytes: int | None = None
    screen_problem: str = ""


@dataclass(frozen=True, slots=True)
class Alert:
    """One thing that is wrong; `is_urgent`: gaze or picture is being lost right now."""

    kind: AlertKind
    text: str
    is_urgent: bool = True


def alerts_of(seen: Seen, *, eyes_lost_notice_s: float = 0.0) -> tuple[Alert, ...]:
    """Everything that is wrong, the worst first.

    Parameters
    ----------
    seen : Seen
    eyes_lost_notice_s : float
        The protocol's: after so long without eyes the reader is asked; 0 never.
    """
    found: list[Alert] = []
    if seen.recorder_problem:
        found.append(Alert("recorder", seen.recorder_problem))
    if seen.undecided:
        # Before the silence that it may be the cause of: it can be answered.
        found.append(Alert("two_sources", seen.undecided, is_urgent=not seen.is_undecided_recorded))
    if seen.tracker_problem:
        found.append(Alert("tracker", seen.tracker_problem))
    elif seen.gaze_age_s is not None and seen.gaze_age_s > SILENT_AFTER_S:
        found.append(Alert("gaze_silent", "no gaze arrives from the tracker"))
    if seen.screen_problem:
        found.append(Alert("screen", f"the screen changed: {seen.screen_problem}"))
    if seen.free_bytes is not None and seen.free_bytes < LOW_DISK_BYTES:
        text = f"only {seen.free_bytes / 1e9:.1f} GB left on the recording's disk"
        found.append(Alert("disk", text, is_urgent=False))
    if eyes_lost_notice_s and seen.eyes_lost_s > eyes_lost_notice_s:
        found.append(Alert("eyes_lost", "are you still in front of the tracker?", is_urgent=False))
    return tuple(found)


def begun(before: Sequence[Alert], now: Sequence[Alert]) -> list[Alert]:
    """The alerts of kinds that were not there before."""
    known = {alert.kind for alert in before}
    return [alert for alert in now if alert.kind not in known]
