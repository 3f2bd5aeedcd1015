"""What a tracker measures: exact without noise, of the wanted precision with it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from gazecore.quality.measures import precision_rms_deg, precision_std_deg
from gazecore.synthetic.blinks import DRAG_DEG
from gazecore.synthetic.eye_model import EXACT, EyeModel
from gazecore.synthetic.noise import (
    AxisNoise,
    CalibrationWear,
    EyeNoise,
    HeadSway,
    MeasuredEye,
    NormalNumbers,
    norm_per_deg,
)
from gazecore.synthetic.stimulus import DEFAULT_SCREEN


def still(model: EyeModel, samples: int, rate_hz: float = 600.0) -> list[tuple[MeasuredEye, ...]]:
    noise = EyeNoise(5, model)
    return [noise.measure((0.3, 0.6), k / rate_hz, DEFAULT_SCREEN) for k in range(samples)]


def pixels(eyes: list[tuple[MeasuredEye, ...]], eye: int) -> np.ndarray:
    return DEFAULT_SCREEN.from_norm([(e[eye].x_norm, e[eye].y_norm) for e in eyes])


def test_without_noise_both_eyes_are_the_true_point_exactly() -> None:
    noise = EyeNoise(5)
    for x, y in np.random.default_rng(0).random((50, 2)).tolist():
        left, right = noise.measure((x, y), 1.0, DEFAULT_SCREEN)
        assert (left.x_norm, left.y_norm) == (right.x_norm, right.y_norm) == (x, y)


@pytest.mark.parametrize("noise_deg", [0.05, 0.3])
def test_white_noise_has_the_precision_asked_for_and_std_of_rms_over_root_two(
    noise_deg: float,
) -> None:
    eyes = still(EyeModel(noise_rms_deg=noise_deg), 20_000)
    for eye in (0, 1):
        xy_px = pixels(eyes, eye)
        assert precision_rms_deg(xy_px, DEFAULT_SCREEN) == pytest.approx(noise_deg, rel=0.02)
        std_deg = precision_std_deg(xy_px, DEFAULT_SCREEN)
        assert std_deg == pytest.approx(noise_deg / np.sqrt(2), rel=0.02)


@pytest.mark.parametrize(("rms_deg", "std_deg"), [(0.1, 0.1), (0.05, 0.2), (0.2, 0.5)])
def test_coloured_noise_has_the_rms_and_the_std_asked_for(rms_deg: float, std_deg: float) -> None:
    eyes = still(EyeModel(noise_rms_deg=rms_deg, noise_std_deg=std_deg), 40_000)
    for eye in (0, 1):
        xy_px = pixels(eyes, eye)
        assert precision_rms_deg(xy_px, DEFAULT_SCREEN) == pytest.approx(rms_deg, rel=0.03)
        assert precision_std_deg(xy_px, DEFAULT_SCREEN) == pytest.approx(std_deg, rel=0.05)


def test_the_correlation_of_coloured_noise_is_the_one_of_its_formula() -> None:
    numbers = NormalNumbers(np.random.default_rng(1))
    noise = AxisNoise(numbers, 0.1, 0.2)
    values = np.array([noise.next_deg() for _ in range(60_000)])
    for lag in (1, 2, 5):
        found = np.corrcoef(values[:-lag], values[lag:])[0, 1]
        assert found == pytest.approx((1 - 0.1**2 / (2 * 0.2**2)) ** lag, abs=0.02)


def test_the_eyes_differ_by_a_constant_and_their_mean_is_unbiased() -> None:
    eyes = still(EyeModel(), 8000)
    mean_x = np.mean([(left.x_norm + right.x_norm) / 2 for left, right in eyes])
    disparity = np.array([right.x_norm - left.x_norm for left, right in eyes])
    assert mean_x == pytest.approx(0.3, abs=1e-4)
    assert abs(disparity.mean()) > 3 * disparity.std() / np.sqrt(len(disparity))


def test_eyes_and_pupils_are_in_human_range() -> None:
    noise = EyeNoise(1, EyeModel())
    for left, right in (noise.measure((0.5, 0.5), t, DEFAULT_SCREEN) for t in range(60)):
        assert right.origin_mm[0] - left.origin_mm[0] == pytest.approx(62.0)
        assert 640 < left.origin_mm[2] < 660
        assert 2.0 < left.pupil_mm < 5.0
        assert 2.0 < right.pupil_mm < 5.0


def test_a_closing_lid_drags_gaze_down_and_covers_the_pupil() -> None:
    noise = EyeNoise(1, replace(EXACT, blinks=True))
    eyes = [noise.measure((0.5, 0.5), 0.0, DEFAULT_SCREEN, closure=c)[0] for c in (0, 0.5, 0.9)]
    per_deg = norm_per_deg(0.5, 0.5, DEFAULT_SCREEN)[1]
    drops_deg = [(eye.y_norm - 0.5) / per_deg for eye in eyes]
    assert drops_deg == pytest.approx([0.0, DRAG_DEG / 4, DRAG_DEG * 0.81])
    assert [eye.x_norm for eye in eyes] == [0.5] * 3
    assert eyes[0].pupil_mm > eyes[1].pupil_mm > eyes[2].pupil_mm
    assert [eye.is_pupil_valid for eye in eyes] == [True, True, False]


def test_the_head_sways_within_its_reach_and_slowly() -> None:
    sway = HeadSway(np.random.default_rng(3), 8.0)
    path = np.array([sway.at(k / 100) for k in range(30_000)])
    assert np.abs(path[:, 0]).max() <= 8.0
    assert np.ptp(path[:, 0]) > 8.0
    assert np.abs(np.diff(path, axis=0)).max() * 100 < 20  # mm/s
    assert HeadSway(np.random.default_rng(3), 0.0).at(5.0) == (0.0, 0.0, 0.0)


def test_a_calibration_wears_off_by_its_degrees_an_hour() -> None:
    wear = CalibrationWear(np.random.default_rng(0), 0.6)
    worn = wear.apply((0.5, 0.5), 1800.0, DEFAULT_SCREEN)
    off_deg = DEFAULT_SCREEN.angle_deg(
        DEFAULT_SCREEN.from_norm(worn), DEFAULT_SCREEN.from_norm((0.5, 0.5))
    )
    assert float(off_deg) == pytest.approx(0.3, rel=1e-3)
    none = CalibrationWear(np.random.default_rng(0), 0.0)
    assert none.apply((0.1, 0.2), 1e6, DEFAULT_SCREEN) == (0.1, 0.2)


def test_a_degree_is_the_one_of_the_screen() -> None:
    for x, y in [(0.5, 0.5), (0.0, 0.0), (0.9, 0.2)]:
        expected_px = DEFAULT_SCREEN.px_per_deg(DEFAULT_SCREEN.from_norm([[x, y]]))[0]
        per_x, per_y = norm_per_deg(x, y, DEFAULT_SCREEN)
        assert [per_x * 1920, per_y * 1080] == pytest.approx(expected_px.tolist(), rel=1e-5)


def test_numbers_are_standard_normal_across_blocks() -> None:
    numbers = NormalNumbers(np.random.default_rng(0))
    drawn = np.array([numbers.next() for _ in range(5000)])
    assert drawn.mean() == pytest.approx(0.0, abs=0.05)
    assert drawn.std() == pytest.approx(1.0, abs=0.05)
    assert len(set(drawn.tolist())) == 5000
