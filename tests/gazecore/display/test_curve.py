"""Corrections and contrast response on simulated screens, and on one that is right already."""

from __future__ import annotations

import numpy as np
import pytest

from gazecore.display.curve import DisplayCurve, contrast_response, correction_table
from gazecore.display.grayscale_standard import jnd_of, luminance_of
from tests.gazecore.display.conftest import GAMMA_18_LIT, GAMMA_22, power_curve

TG18_PRIMARY = 0.10
"""Largest deviation that TG18 (Online Report 03) lets a primary display have."""


@pytest.mark.parametrize("curve", [GAMMA_22, GAMMA_18_LIT, power_curve(2.2, ambient_cd_m2=3.0)])
def test_a_correction_brings_contrast_to_the_standard(curve: DisplayCurve) -> None:
    table = correction_table(curve)
    before, after = contrast_response(curve), contrast_response(curve, table)
    assert before.max_deviation > 0.2
    assert after.max_deviation < TG18_PRIMARY
    assert before.distinct_levels == 256
    assert 150 < after.distinct_levels < 256  # 8 bits of a screen are not enough for all
    assert after.sentence().startswith("contrast per JND off by at most ")


@pytest.mark.parametrize("curve", [GAMMA_22, GAMMA_18_LIT])
def test_each_level_is_driven_to_the_nearest_light(curve: DisplayCurve) -> None:
    table = correction_table(curve)
    reached = jnd_of(curve.luminance())
    wanted = np.linspace(reached[0], reached[255], 256)
    nearest = np.abs(reached[None, :] - wanted[:, None]).min(axis=1)
    np.testing.assert_allclose(np.abs(reached[table] - wanted), nearest, atol=1e-9)
    assert (table[0], table[255]) == (0, 255)
    assert (np.diff(table.astype(int)) >= 0).all()


def test_a_screen_that_follows_the_standard_is_left_alone() -> None:
    levels = tuple(range(0, 256, 5))
    low, high = jnd_of([0.5, 400.0])
    light = luminance_of(low + (high - low) * np.array(levels) / 255)
    curve = DisplayCurve("right", levels, tuple(light.tolist()))
    table = correction_table(curve)
    assert np.abs(table.astype(int) - np.arange(256)).max() <= 1
    assert contrast_response(curve).max_deviation < 0.01


def test_contrast_response_by_hand() -> None:
    """One of 17 steps 40 % more visible than it should be, the next one less."""
    levels = tuple(range(0, 256, 15))
    low, high = jnd_of([1.0, 200.0])
    ideal = luminance_of(np.linspace(low, high, 18))
    light = ideal.copy()
    light[9] = ideal[8] * (ideal[9] / ideal[8]) ** 1.4
    found = contrast_response(DisplayCurve("bent", levels, tuple(light.tolist())))
    steps = [2 * (x[9] - x[8]) / (x[9] + x[8]) for x in (light, ideal)]
    smaller = [2 * (x[10] - x[9]) / (x[10] + x[9]) for x in (light, ideal)]
    by_hand = max(steps[0] / steps[1] - 1, 1 - smaller[0] / smaller[1])
    assert found.max_deviation == pytest.approx(by_hand, abs=5e-3)
    assert found.at_level in (135, 150)


@pytest.mark.parametrize(("gamma", "ambient_cd_m2"), [(2.2, 0.0), (1.8, 1.5), (2.4, 0.0)])
def test_light_between_points_is_near_the_true_curve(gamma: float, ambient_cd_m2: float) -> None:
    curve = power_curve(gamma, ambient_cd_m2=ambient_cd_m2)
    every = tuple(range(256))
    true = power_curve(gamma, ambient_cd_m2=ambient_cd_m2, levels=every).luminance()
    off = np.abs(jnd_of(curve.luminance()) - jnd_of(true))
    assert off.max() < 5
    assert off[30:].max() < 0.5
    np.testing.assert_allclose(curve.luminance()[::15], true[::15], rtol=1e-12)


def test_light_is_the_screens_own_without_the_rooms() -> None:
    light = GAMMA_18_LIT.light()
    assert light[0] == pytest.approx(0.3 / 300)
    assert light[255] == 1
