"""The states of a calibration and what may be done in each."""

from __future__ import annotations

from app.calibration.calibrated_point import CalibratedPoint
from app.calibration.points import TargetPoint
from app.calibration.viewmodel import (
    CalibrationState,
    GazeOffset,
    degrees,
    for_eye,
    offsets_of,
    percent,
    pixels,
)
from gazecore.messages import EyeName, TargetError, ValidationDone
from gazecore.study.protocol import Calibration

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
    state = state.at(None).at(CORNER).at(None)
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


def test_figures_as_shown() -> None:
    assert [degrees(0.4), degrees(None), percent(0.125), percent(None)] == [
        "0.40°",
        "–",
        "12 %",
        "–",
    ]
    assert [pixels(27.4), pixels(None)] == ["27 px", "–"]


def test_points_are_marked_by_quality_and_then_by_choice() -> None:
    points = [CalibratedPoint(CENTRE, 30, 0.2), CalibratedPoint(CORNER, 0, None)]
    state = CalibrationState().calibrating(2).calibrated(points)
    assert state.can_redo
    assert state.marked_points == (CORNER,)
    state = state.toggled(0)
    assert (state.marked_points, state.current) == ((CENTRE, CORNER), 0)
    assert state.toggled(1).marked_points == (CENTRE,)
    assert state.toggled(7) == state
    assert [state.moved(1).current, state.moved(-1).current, state.moved(2).current] == [1, 1, 0]


def test_nothing_is_marked_where_nothing_can_be_redone() -> None:
    reapplied = CalibrationState().reapplied()
    assert not reapplied.can_redo
    assert reapplied.toggled(0) == reapplied
    assert reapplied.moved(1) == reapplied
    validated = CalibrationState().calibrated([CalibratedPoint(CENTRE, 3, None)])
    assert not validated.validating(1).validated(VALIDATION, ()).can_redo


def _error(eye: EyeName, accuracy_deg: float, gaze_x_norm: float | None) -> TargetError:
    return TargetError(
        x_norm=0.5,
        y_norm=0.5,
        eye=eye,
        accuracy_deg=accuracy_deg,
        precision_rms_deg=0.1,
        precision_std_deg=0.1,
        data_loss=0.0,
        gaze_x_norm=gaze_x_norm,
        gaze_y_norm=None if gaze_x_norm is None else 0.5,
    )


def test_the_same_validation_by_another_eye() -> None:
    errors = (_error("left", 2.0, 0.6), _error("right", 0.2, None), _error("both", 0.4, 0.52))
    done = VALIDATION.model_copy(update={"targets": errors, "fit_zoom": 0.5})
    left = for_eye(done, "left", Calibration())
    assert (left.eye, left.accuracy_deg, left.passed, left.fit_zoom) == ("left", 2.0, False, 0.5)
    assert for_eye(done, "right", Calibration()).passed
    assert for_eye(done, "both", Calibration()) is done
    assert offsets_of(errors, "left") == (GazeOffset(CENTRE, TargetPoint(0.6, 0.5)),)
    assert offsets_of(errors, "right") == (GazeOffset(CENTRE, None),)
