"""When a drift check is due, and what follows a measurement."""

from __future__ import annotations

import pytest

from app.calibration.drift import DriftSchedule, DriftState
from gazecore.messages import DriftChecked
from gazecore.study.protocol import Calibration


def checked(distance_deg: float | None, *, passed: bool) -> DriftChecked:
    return DriftChecked(
        t_s=1.0,
        offset_x_deg=distance_deg,
        offset_y_deg=None if distance_deg is None else 0.0,
        passed=passed,
        distance_deg=distance_deg,
    )


def schedule(every: int = 3, away_s: float = 10.0) -> DriftSchedule:
    made = DriftSchedule(
        Calibration(drift_check_every_cases=every, drift_check_after_away_s=away_s)
    )
    made.note_checked()
    return made


def test_every_so_many_cases() -> None:
    made = schedule(3)
    due = []
    for _ in range(7):
        made.note_case_read()
        due.append(made.due)
        if made.due:
            made.note_checked()
    assert due == ["", "", "cases", "", "", "cases", ""]


def test_after_the_eyes_were_away_and_when_clicks_lie_off() -> None:
    made = schedule(0)
    due: list[str] = []
    made.note_away(9.9)
    due.append(made.due)
    made.note_away(10.0)
    made.note_away(0.0)
    due.append(made.due)
    made.note_click(checked(3.0, passed=False))
    due.append(made.due)
    made.note_checked()
    made.note_click(checked(0.4, passed=True))
    due.append(made.due)
    made.note_click(checked(3.0, passed=False))
    due.append(made.due)
    assert due == ["", "eyes_away", "eyes_away", "", "clicks"]


def test_a_tracker_that_was_started_again_is_checked() -> None:
    made = schedule(0)
    made.note_restarted()
    assert made.due == "restarted"


def test_zero_means_never() -> None:
    made = schedule(0, 0.0)
    for _ in range(50):
        made.note_case_read()
    made.note_away(1e9)
    assert made.due == ""


def test_what_was_never_validated_cannot_drift() -> None:
    made = DriftSchedule(Calibration(drift_check_every_cases=1))
    made.note_case_read()
    made.note_away(99.0)
    assert made.due == ""
    assert not made.is_validated


def test_a_first_miss_is_tried_once_more_and_a_second_asks() -> None:
    state = DriftState("cases").measured(checked(2.34, passed=False))
    assert (state.phase, state.is_asking, state.is_over) == ("again", False, False)
    assert state.text() == "Please look at the dot once more"
    asking = state.measured(checked(2.34, passed=False))
    assert asking.is_asking
    assert asking.text() == "Gaze lies 2.3° beside the dot"
    assert state.measured(checked(0.3, passed=True)).is_over
    blind = state.measured(checked(None, passed=False))
    assert blind.text() == "The tracker did not see your eyes on the dot"


@pytest.mark.parametrize("phase", ["looking", "passed"])
def test_nothing_is_said_where_nothing_needs_saying(phase: str) -> None:
    assert DriftState(phase=phase).text() == ""  # type: ignore[arg-type]
