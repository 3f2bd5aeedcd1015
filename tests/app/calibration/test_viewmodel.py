"""The states of a calibration and what may be done in each."""

from __future__ import annotations

import pytest

from app.calibration.points import TargetPoint
from app.calibration.viewmodel import (
    CalibratedPoint,
    CalibrationState,
    computed_points,
    degrees,
    percent,
)
from gazecore.messages import ValidationDone

CENTRE, CORNER = TargetPoint(0.5, 0.5), TargetPoint(0.1, 0.1)
VALIDATION = ValidationDone(
    t_s=1.0,
    accuracy_deg=0.4,
    precision_rms_deg=0.1,
    precision_std_deg=0.1,
    data_loss=0.0,
    passed=True,
)


def test_a_round_counts_its_targets() -> None:
    state = CalibrationState().calibrating(2)
    assert state.is_running
    state = state.at(CENTRE)
    assert state.target == CENTRE
    state = state.looked().at(CORNER).looked()
    assert (state.done, state.total, state.target) == (2, 2, None)


def test_only_a_validation_can_be_accepted() -> None:
    calibrated = CalibrationState().calibrating(1).calibrated(())
    assert not calibrated.can_accept
    assert calibrated.validating(1).validated(VALIDATION, ()).can_accept


def test_a_new_round_takes_the_old_verdict_away() -> None:
    state = CalibrationState().validating(1).validated(VALIDATION, ())
    assert state.calibrating(5).validation is None
    assert state.validating(4).validation is None


def test_a_failure_says_why_and_ends_the_round() -> None:
    state = CalibrationState().calibrating(5).at(CENTRE).failed("no eyes")
    assert (state.phase, state.message, state.target) == ("failed", "no eyes", None)
    assert not state.can_accept
    assert state.calibrating(5).message == ""


@pytest.mark.parametrize(
    ("samples", "offset_deg", "poor"),
    [(0, None, True), (0, 0.1, True), (30, 1.6, True), (30, 1.5, False), (30, None, False)],
)
def test_points_not_seen_or_far_off_are_poor(
    samples: int, offset_deg: float | None, poor: bool
) -> None:
    point = CalibratedPoint(CENTRE, samples, offset_deg)
    assert point.is_poor is poor
    assert CalibrationState().calibrated([point]).poor_points == ((CENTRE,) if poor else ())


def test_the_trackers_answer_becomes_points() -> None:
    answer = {
        "succeeded": True,
        "points": [
            {"x_norm": 0.5, "y_norm": 0.5, "samples": 31, "offset_deg": 0.25},
            {"x_norm": 0.1, "y_norm": 0.1, "samples": 0, "offset_deg": None},
        ],
    }
    assert computed_points(answer) == (
        CalibratedPoint(CENTRE, 31, 0.25),
        CalibratedPoint(CORNER, 0, None),
    )
    assert computed_points({"succeeded": False}) == ()


def test_figures_as_shown() -> None:
    assert [degrees(0.4), degrees(None), percent(0.125)] == ["0.40°", "–", "12 %"]
