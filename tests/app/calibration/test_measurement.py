"""Figures of a validation target against closed forms, and the verdict against its limits."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pytest

from app.calibration.measurement import Measured, measure, validation_marker
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


def test_one_degree_beside_the_centre_is_one_degree() -> None:
    beside = _at(960 + PX_PER_DEG, 540)
    measured = measure(_samples(beside, beside), CENTRE, SCREEN, 60)
    assert measured.both.accuracy_deg == pytest.approx(1.0, abs=1e-9)
    assert measured.both.precision_rms_deg == pytest.approx(0.0, abs=1e-9)
    assert measured.both.precision_std_deg == pytest.approx(0.0, abs=1e-9)
    assert measured.both.data_loss == 0.0
    assert measured.offset.gaze is not None
    assert measured.offset.gaze.x_norm == pytest.approx(0.5 + PX_PER_DEG / 1920)


def test_eyes_that_err_to_opposite_sides_agree_on_the_middle() -> None:
    left, right = _at(960 - PX_PER_DEG, 540), _at(960 + PX_PER_DEG, 540)
    measured = measure(_samples(left, right), CENTRE, SCREEN, 60)
    assert measured.left.accuracy_deg == pytest.approx(1.0, abs=1e-9)
    assert measured.right.accuracy_deg == pytest.approx(1.0, abs=1e-9)
    assert measured.both.accuracy_deg == pytest.approx(0.0, abs=1e-9)


def test_alternating_gaze_has_its_step_as_rms_and_half_of_it_as_std() -> None:
    swing = _at(960, 540)
    swing[::2, 0] += 0.1 * PX_PER_DEG
    swing[1::2, 0] -= 0.1 * PX_PER_DEG
    measured = measure(_samples(swing, swing), CENTRE, SCREEN, 60)
    assert measured.both.precision_rms_deg == pytest.approx(0.2, rel=1e-3)
    assert measured.both.precision_std_deg == pytest.approx(0.1, rel=1e-3)


def test_white_noise_of_known_rms_s2s() -> None:
    # Of noise with s per axis, RMS-S2S is 2 s and STD sqrt(2) s.
    noise = np.random.default_rng(1).normal([960, 540], 0.1 * PX_PER_DEG, (4000, 2))
    measured = measure(_samples(noise, noise), CENTRE, SCREEN, 4000)
    assert measured.both.precision_rms_deg == pytest.approx(0.2, rel=0.03)
    assert measured.both.precision_std_deg == pytest.approx(math.sqrt(2) / 10, rel=0.03)


def test_lost_samples_are_loss_and_never_bridged_by_precision() -> None:
    xy = _at(960, 540)
    xy[30:, 0] += 5 * PX_PER_DEG
    xy[29:31] = np.nan
    measured = measure(_samples(xy, xy), CENTRE, SCREEN, 80)
    assert measured.both.data_loss == pytest.approx(1 - 58 / 80)
    assert measured.both.precision_rms_deg == pytest.approx(0.0, abs=1e-9)


def test_one_eye_alone_still_measures() -> None:
    right = _at(960, 540)
    measured = measure(_samples(np.full_like(right, np.nan), right), CENTRE, SCREEN, 60)
    assert measured.left.accuracy_deg is None
    assert measured.left.data_loss == 1.0
    assert measured.both.accuracy_deg == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize("n", [0, 60])
def test_nothing_seen_has_no_accuracy_and_full_loss(n: int) -> None:
    lost = np.full((n, 2), np.nan)
    measured = measure(_samples(lost, lost), CENTRE, SCREEN, 60)
    assert measured.both.accuracy_deg is None
    assert measured.both.precision_rms_deg is None
    assert measured.both.data_loss == 1.0
    assert measured.offset.gaze is None


def _measured(offset_deg: float) -> Measured:
    xy = _at(960 + offset_deg * PX_PER_DEG, 540)
    return measure(_samples(xy, xy), CENTRE, SCREEN, 60)


def test_the_verdict_is_the_median_against_the_limits() -> None:
    limits = Calibration(max_accuracy_deg=1.0)
    passed = validation_marker([_measured(d) for d in (0.2, 0.5, 3.0)], limits, 7.0)
    assert passed.passed
    assert passed.accuracy_deg == pytest.approx(0.5, rel=1e-3)
    assert len(passed.targets) == 9
    assert passed.t_s == 7.0
    assert not validation_marker([_measured(d) for d in (0.2, 1.5, 3.0)], limits, 7.0).passed


def test_a_target_that_was_never_seen_fails_the_validation() -> None:
    lost = np.full((60, 2), np.nan)
    unseen = measure(_samples(lost, lost), CENTRE, SCREEN, 60)
    verdict = validation_marker([_measured(0.1), _measured(0.1), unseen], Calibration(), 0.0)
    assert verdict.accuracy_deg is None
    assert not verdict.passed
