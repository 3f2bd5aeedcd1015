"""What a tracker makes of a target, and when it should be tried again."""

from __future__ import annotations

import pytest

from app.calibration.calibrated_point import CalibratedPoint, computed_points
from app.calibration.points import TargetPoint
from app.calibration.viewmodel import CalibrationState
from gazecore.messages import EyeAtPoint

CENTRE, CORNER = TargetPoint(0.5, 0.5), TargetPoint(0.1, 0.1)


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


def test_a_point_without_one_of_the_eyes_is_poor() -> None:
    used, blind = EyeAtPoint(samples_used=9, samples=9), EyeAtPoint(samples_used=0, samples=9)
    assert CalibratedPoint(CENTRE, 9, 0.1, used, blind).is_poor
    assert not CalibratedPoint(CENTRE, 9, 0.1, used, used).is_poor


def test_eyes_are_told_apart_where_the_tracker_does() -> None:
    eye = {"samples_used": 20, "samples": 24, "offset_deg": 0.4}
    place = {"x_norm": 0.5, "y_norm": 0.5, "samples": 40, "offset_deg": 0.3}
    (point,) = computed_points({"points": [{**place, "left": eye, "right": None}]})
    assert point.left == EyeAtPoint(samples_used=20, samples=24, offset_deg=0.4)
    assert point.right is None
    target = point.target()
    assert (target.x_norm, target.samples, target.left) == (0.5, 40, point.left)
