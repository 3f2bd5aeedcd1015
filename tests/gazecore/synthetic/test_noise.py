"""What a tracker measures: exact without noise, of the wanted precision with it."""

from __future__ import annotations

import numpy as np
import pytest

from gazecore.synthetic.noise import EyeNoise, NormalNumbers, norm_per_deg
from gazecore.synthetic.stimulus import DEFAULT_SCREEN


def test_without_noise_both_eyes_are_the_true_point_exactly() -> None:
    noise = EyeNoise(5, 0.0)
    for x, y in np.random.default_rng(0).random((50, 2)).tolist():
        left, right = noise.measure(x, y, 1.0, DEFAULT_SCREEN)
        assert (left.x_norm, left.y_norm) == (right.x_norm, right.y_norm) == (x, y)


@pytest.mark.parametrize("noise_deg", [0.05, 0.3])
def test_the_precision_is_the_one_asked_for(noise_deg: float) -> None:
    noise = EyeNoise(5, noise_deg)
    eyes = [noise.measure(0.3, 0.6, k / 600, DEFAULT_SCREEN) for k in range(8000)]
    for eye in (0, 1):
        xy_px = DEFAULT_SCREEN.from_norm([(e[eye].x_norm, e[eye].y_norm) for e in eyes])
        steps = DEFAULT_SCREEN.angle_deg(xy_px[:-1], xy_px[1:])
        assert np.sqrt(np.mean(steps**2)) == pytest.approx(noise_deg, rel=0.05)


def test_the_eyes_differ_by_a_constant_and_their_mean_is_unbiased() -> None:
    noise = EyeNoise(5, 0.1)
    eyes = [noise.measure(0.5, 0.5, k / 600, DEFAULT_SCREEN) for k in range(8000)]
    mean_x = np.mean([(left.x_norm + right.x_norm) / 2 for left, right in eyes])
    disparity = np.array([right.x_norm - left.x_norm for left, right in eyes])
    assert mean_x == pytest.approx(0.5, abs=1e-4)
    assert abs(disparity.mean()) > 3 * disparity.std() / np.sqrt(len(disparity))


def test_eyes_and_pupils_are_in_human_range() -> None:
    for left, right in (EyeNoise(1, 0.1).measure(0.5, 0.5, t, DEFAULT_SCREEN) for t in range(60)):
        assert right.origin_mm[0] - left.origin_mm[0] == 62.0
        assert 640 < left.origin_mm[2] < 660
        assert 2.0 < left.pupil_mm < 5.0
        assert 2.0 < right.pupil_mm < 5.0


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
