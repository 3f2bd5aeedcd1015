"""The pupil: its steady size, and its answer to a step of light in closed form."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from gazecore.geometry import Transform
from gazecore.synthetic.pupil import (
    CONSTRICTS_IN_S,
    DILATES_IN_S,
    LATENCY_S,
    SURROUND_CD_M2,
    PupilResponse,
    luminance_of,
    pupil_mm,
    screen_area_deg2,
)
from gazecore.synthetic.stimulus import DEFAULT_SCREEN, ImageOnScreen, Rest, TargetOnScreen
from gazecore.synthetic.stimulus import generic_image as image


def test_the_steady_size_falls_with_light_within_two_and_five_millimetres() -> None:
    sizes = np.array([pupil_mm(10.0**k, 1000.0) for k in np.linspace(-4, 5, 40)])
    assert (np.diff(sizes) < 0).all()
    assert 2.0 < sizes.min() < 2.2
    assert 4.8 < sizes.max() < 5.0


def test_the_formula() -> None:
    flux = (20.0 * 500.0 / 846.0) ** 0.41
    assert pupil_mm(20.0, 500.0) == pytest.approx(5.0 - 3.0 * flux / (flux + 2.0))


@pytest.mark.parametrize(
    ("before_mm", "after_mm", "lasts_s"), [(4.5, 3.0, CONSTRICTS_IN_S), (3.0, 4.5, DILATES_IN_S)]
)
def test_a_step_is_answered_late_and_exponentially(
    before_mm: float, after_mm: float, lasts_s: float
) -> None:
    pupil = PupilResponse(before_mm)
    for k in range(5000):
        t_s = k / 1000
        if k == 1000:
            pupil.see(after_mm, t_s)
        elapsed_s = t_s - 1.0 - LATENCY_S
        share = math.exp(-elapsed_s / lasts_s) if elapsed_s > 0 else 1.0
        assert pupil.at(t_s) == pytest.approx(after_mm + share * (before_mm - after_mm))


def test_the_rate_of_asking_does_not_matter() -> None:
    def after(step_s: float) -> float:
        pupil = PupilResponse(4.0)
        pupil.see(2.5, 0.0)
        return [pupil.at(k * step_s) for k in range(1, round(1.0 / step_s) + 1)][-1]

    assert after(0.5) == pytest.approx(after(0.001))


def test_an_image_is_brighter_than_the_dark_station_and_more_so_inverted() -> None:
    screen = DEFAULT_SCREEN
    shown = image(screen)
    dark, bright = luminance_of(Rest(), screen), luminance_of(shown, screen)
    inverted = luminance_of(replace(shown, mean_level=0.8), screen)
    assert dark == luminance_of(TargetOnScreen(0.5, 0.5), screen) == SURROUND_CD_M2
    assert dark < bright < inverted
    share = (0.75 * 1080) ** 2 / (1920 * 1080)
    assert bright == pytest.approx(SURROUND_CD_M2 + share * 0.2 * 350)


def test_only_what_is_seen_of_an_image_gives_light() -> None:
    shown = image(DEFAULT_SCREEN)
    side = shown.width_px
    left, top = shown.shown_screen_px[:2]
    half = replace(shown, transform=Transform.affine((1.0, 1.0), (left + side / 2, top)))
    away = replace(shown, transform=Transform.affine((1.0, 1.0), (left + 5000, top)))
    full_light = luminance_of(shown, DEFAULT_SCREEN) - SURROUND_CD_M2
    assert luminance_of(half, DEFAULT_SCREEN) - SURROUND_CD_M2 == pytest.approx(full_light / 2)
    assert luminance_of(away, DEFAULT_SCREEN) == SURROUND_CD_M2
    assert isinstance(shown, ImageOnScreen)


def test_the_screen_in_square_degrees() -> None:
    expected = 2 * math.degrees(math.atan(527 / 2 / 650)) * 2 * math.degrees(math.atan(148 / 650))
    assert screen_area_deg2(DEFAULT_SCREEN) == pytest.approx(expected)
