"""Mean luminance in light, and the white that keeps it under a limit."""

from __future__ import annotations

import numpy as np
import pytest

from gazecore.display.correction import DisplayCorrection, shown_levels
from gazecore.display.screen_light import AIM, ScreenLight
from tests.gazecore.display.conftest import GAMMA_22


def shares(levels: np.ndarray) -> np.ndarray:
    return np.bincount(levels.ravel(), minlength=256) / levels.size


def picture(seed: int, low: int, high: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(low, high, (60, 80)).astype(np.uint8)


def test_luminance_is_light_and_not_grey() -> None:
    half_white = np.zeros(256)
    half_white[[0, 255]] = 0.5
    grey = np.zeros(256)
    grey[128] = 1.0
    screen = ScreenLight()
    assert screen.mean(half_white) == pytest.approx(0.5)
    assert screen.mean(grey) == pytest.approx((128 / 255) ** 2.2)
    assert screen.driving_level(0.4) == pytest.approx(168.1, abs=0.1)
    np.testing.assert_allclose(screen.shown, (np.arange(256) / 255) ** 2.2)


@pytest.mark.parametrize("corrected", [False, True])
@pytest.mark.parametrize(("low", "high"), [(200, 256), (255, 256), (0, 256), (90, 200)])
@pytest.mark.parametrize("limit", [0.05, 0.4, 0.9])
def test_a_picture_is_dimmed_to_the_limit_and_no_further(
    limit: float, low: int, high: int, corrected: bool
) -> None:
    correction = DisplayCorrection.of_curve(GAMMA_22) if corrected else None
    light = GAMMA_22.light() if corrected else (np.arange(256) / 255) ** 2.2
    screen = ScreenLight(limit, correction, light if corrected else None)
    levels = picture(3, low, high)
    white = screen.white_level(shares(levels))

    def mean(at: int) -> float:
        return float(light[shown_levels(levels, white_level=at, correction=correction)].mean())

    assert mean(white) <= AIM * limit
    assert white == 255 or mean(white + 1) > AIM * limit
    assert screen.mean(shares(levels), white) == pytest.approx(mean(white))


@pytest.mark.parametrize("level", [0, 1, 52, 128, 255])
def test_an_even_grey_is_its_own_level(level: int) -> None:
    assert ScreenLight().driving_level((level / 255) ** 2.2) == pytest.approx(level)


def test_screens_are_told_apart_by_their_light() -> None:
    correction = DisplayCorrection.of_curve(GAMMA_22)
    screens = (
        ScreenLight(),
        ScreenLight(0.4),
        ScreenLight(0.4, correction),
        ScreenLight(0.4, correction, GAMMA_22.light()),
    )
    assert len({screen.digest for screen in screens}) == 4
    assert ScreenLight(0.4).digest == screens[1].digest


def test_without_a_limit_nothing_is_dimmed() -> None:
    white = np.zeros(256)
    white[255] = 1
    assert ScreenLight().white_level(white) == 255
    assert ScreenLight(1e-9).white_level(white) == 0
