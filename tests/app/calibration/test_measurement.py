"""Gaze at a validation target, and the verdict against the protocol's limits."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pytest

from app.calibration.measurement import Measured, measure, verdict
from app.calibration.points import TargetPoint
from gazecore.geometry import Screen
from gazecore.samples import GAZE_LABELS, GazeSamples
from gazecore.study.protocol import Calibration

Array = npt.NDArray[np.float64]
SCREEN = Screen(1920, 1080, 597.7, 336.2, 650)
CENTRE = TargetPoint(0.5, 0.5)
PX_PER_DEG = 650 * math.tan(math.radians(1)) * 1920 / 597.7


def _samples(
    left_px: Array,
    right_px: Array,
) -> GazeSamples:
    n = len(left_px)
    values = np.full((n, len(GAZE_LABELS)), np.nan)
    values[:, 0] = np.arange(n)
    for eye, xy_px in (("left", left_px), ("right", right_px)):
        xy_norm = SCREEN.to_norm(xy_px)
        for axis, column in zip("xy", xy_norm.T, strict=True):
            values[:, GAZE_LABELS.index(f"{eye}_gaze_{axis}")] = column
        valid = np.isfinite(xy_px).all(axis=1)
        values[:, GAZE_LABELS.index(f"{eye}_gaze_valid")] = valid
    return GazeSamples.from_channels(np.arange(n) / 120, values)


def _at(x_px: float, y_px: float, n: int = 60) -> Array:
    return np.tile(np.array([x_px, y_px], dtype=np.float64), (n, 1))


def _measured(offset_deg: float) -> Measured:
    xy = _at(960 + offset_deg * PX_PER_DEG, 540)
    return measure(_samples(xy, xy), CENTRE, SCREEN, 60)


def test_one_degree_beside_the_target_is_one_degree_for_each_eye() -> None:
    measured = _measured(1.0)
    assert [error.eye for error in measured.errors] == ["left", "right", "both"]
    for error in measured.errors:
        assert error.accuracy_deg == pytest.approx(1.0, abs=1e-9)
        assert error.data_loss == 0.0
    assert measured.offset.target == CENTRE
    assert measured.offset.gaze is not None
    assert measured.offset.gaze.x_norm == pytest.approx(0.5 + PX_PER_DEG / 1920)
    assert measured.offset.gaze.y_norm == pytest.approx(0.5)


def test_samples_that_never_came_are_lost() -> None:
    xy = _at(960, 540)
    xy[:10] = np.nan
    measured = measure(_samples(xy, xy), CENTRE, SCREEN, 80)
    assert measured.errors[2].data_loss == pytest.approx(1 - 50 / 80)


def test_the_offset_is_that_of_the_eye_that_was_seen() -> None:
    right = _at(960, 540)
    measured = measure(_samples(np.full_like(right, np.nan), right), CENTRE, SCREEN, 60)
    assert measured.errors[0].accuracy_deg is None
    assert measured.offset.gaze is not None
    assert measured.offset.gaze.x_norm == pytest.approx(0.5)


@pytest.mark.parametrize("n", [0, 60])
def test_nothing_seen_has_no_place_and_full_loss(n: int) -> None:
    lost = np.full((n, 2), np.nan)
    measured = measure(_samples(lost, lost), CENTRE, SCREEN, 60)
    assert measured.offset.gaze is None
    assert {error.data_loss for error in measured.errors} == {1.0}


def test_the_verdict_is_the_median_against_the_protocols_limits() -> None:
    measured = [_measured(degrees) for degrees in (0.2, 0.5, 3.0)]
    passed = verdict(measured, Calibration(max_accuracy_deg=1.0), 7.0)
    assert passed.passed
    assert passed.accuracy_deg == pytest.approx(0.5, rel=1e-3)
    assert (len(passed.targets), passed.t_s) == (9, 7.0)
    assert not verdict(measured, Calibration(max_accuracy_deg=0.4), 7.0).passed
