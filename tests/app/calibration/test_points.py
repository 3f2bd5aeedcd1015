"""Targets lie inside the screen, and validation never measures at a calibrated place."""

from __future__ import annotations

from itertools import pairwise

import pytest

from app.calibration.points import CALIBRATION_POINTS, VALIDATION_POINTS


@pytest.mark.parametrize("table", [CALIBRATION_POINTS, VALIDATION_POINTS])
def test_each_set_has_as_many_different_targets_as_it_says(
    table: dict[int, tuple[object, ...]],
) -> None:
    for count, points in table.items():
        assert len(points) == len(set(points)) == count


def test_targets_keep_a_margin() -> None:
    for points in (*CALIBRATION_POINTS.values(), *VALIDATION_POINTS.values()):
        for point in points:
            assert 0.05 <= point.x_norm <= 0.95
            assert 0.05 <= point.y_norm <= 0.95


@pytest.mark.parametrize("calibrated", [5, 9, 13])
@pytest.mark.parametrize("validated", [4, 5, 9, 13])
def test_validation_measures_at_other_places(calibrated: int, validated: int) -> None:
    for target in VALIDATION_POINTS[validated]:
        for point in CALIBRATION_POINTS[calibrated]:
            distance = max(abs(target.x_norm - point.x_norm), abs(target.y_norm - point.y_norm))
            assert distance >= 0.1 - 1e-9


def test_no_two_calibration_targets_in_a_row_are_the_same_place() -> None:
    # Trackers merge consecutive points with identical positions.
    for points in CALIBRATION_POINTS.values():
        assert all(a != b for a, b in pairwise(points))
