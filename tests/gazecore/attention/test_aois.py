"""Areas of interest: inside by the even-odd rule, and probabilities in closed form."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr
from scipy.stats import ncx2

from gazecore.attention.aois import Aoi, EllipseAoi, PolygonAoi, box_aoi, contains, probability_in
from gazecore.errors import InvalidSettingError

BOX = box_aoi("box", 10, 20, 30, 50)
STAR = PolygonAoi("star", ((50, 0), (80, 90), (0, 35), (100, 35), (20, 90)))
BAY = PolygonAoi("bay", ((0, 0), (60, 0), (60, 60), (30, 10), (0, 60)))
EGG = EllipseAoi("egg", 40, 30, 25, 10)


def test_a_box_covers_its_pixels_half_open() -> None:
    points = np.array([[10, 20], [29.99, 49.99], [30, 30], [20, 50], [9.99, 30], [20, 19.99]])
    assert contains(BOX, points).tolist() == [True, True, False, False, False, False]


def test_a_bay_is_outside_and_so_is_the_middle_of_a_star() -> None:
    assert contains(BAY, [[5, 20], [55, 20], [30, 30], [30, 5]]).tolist() == [
        True,
        True,
        False,
        True,
    ]
    assert contains(STAR, [[50, 20], [50, 50], [50, 80]]).tolist() == [True, False, False]


def test_an_ellipse_by_its_equation() -> None:
    points = np.random.default_rng(0).uniform([0, 0], [80, 60], (500, 2))
    expected = ((points[:, 0] - 40) / 25) ** 2 + ((points[:, 1] - 30) / 10) ** 2 < 1
    assert np.array_equal(contains(EGG, points), expected)


@pytest.mark.parametrize("aoi", [BOX, STAR, BAY, EGG], ids=lambda aoi: str(aoi.name))
def test_nothing_and_lost_points_lie_nowhere(aoi: Aoi) -> None:
    lost = [[np.nan, 30.0], [20.0, np.nan], [np.inf, 30.0]]
    assert not contains(aoi, lost).any()
    assert not probability_in(aoi, lost, 5.0).any()
    assert contains(aoi, np.empty((0, 2))).shape == probability_in(aoi, [], 1.0).shape == (0,)


@pytest.mark.parametrize("sigma_px", [(0.5, 0.5), (5.0, 8.0), (100.0, 60.0)])
def test_the_probability_of_a_box_is_a_product(sigma_px: tuple[float, float]) -> None:
    points = np.random.default_rng(1).uniform([-20, -20], [60, 80], (40, 2))
    sx, sy = sigma_px
    x, y = points.T
    expected = (ndtr((30 - x) / sx) - ndtr((10 - x) / sx)) * (
        ndtr((50 - y) / sy) - ndtr((20 - y) / sy)
    )
    assert probability_in(BOX, points, sigma_px) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("sigma_px", [0.4, 4.0, 40.0])
def test_the_probability_of_a_disc_is_a_noncentral_chi_square(sigma_px: float) -> None:
    disc = EllipseAoi("disc", 40, 30, 12, 12)
    points = np.random.default_rng(2).uniform([20, 10], [60, 50], (40, 2))
    away = ((points - [40, 30]) ** 2).sum(axis=1)
    expected = ncx2.cdf((12 / sigma_px) ** 2, 2, away / sigma_px**2)
    assert probability_in(disc, points, sigma_px) == pytest.approx(expected, abs=1e-3)


@pytest.mark.parametrize("aoi", [STAR, BAY], ids=lambda aoi: str(aoi.name))
def test_the_probability_of_a_polygon_by_drawing_errors(aoi: Aoi) -> None:
    random = np.random.default_rng(3)
    for at in ([30, 20], [50, 45], [10, 40]):
        drawn = random.normal(at, (9.0, 14.0), (200_000, 2))
        share = contains(aoi, drawn).mean()
        assert probability_in(aoi, [at], [[9.0, 14.0]])[0] == pytest.approx(share, abs=5e-3)


def test_no_error_gives_inside_or_not() -> None:
    points = np.random.default_rng(4).uniform(0, 60, (100, 2))
    assert np.array_equal(probability_in(BAY, points, 0.0), contains(BAY, points))


@given(st.floats(-40, 120), st.floats(-40, 120), st.floats(0.2, 60), st.floats(-90, 90))
@settings(max_examples=40, deadline=None)
def test_moving_all_changes_nothing(x: float, y: float, sigma: float, by: float) -> None:
    moved = PolygonAoi("moved", tuple((cx + by, cy - by) for cx, cy in STAR.corners_px))
    here = probability_in(STAR, [[x, y]], sigma)
    there = probability_in(moved, [[x + by, y - by]], sigma)
    assert there == pytest.approx(here, abs=2e-3)


def test_what_has_no_area_is_refused() -> None:
    with pytest.raises(InvalidSettingError, match="left < right"):
        box_aoi("b", 10, 0, 10, 5)
    with pytest.raises(InvalidSettingError, match="at least 3 corners"):
        PolygonAoi("p", ((0, 0), (1, 1)))
    with pytest.raises(InvalidSettingError, match="with an area"):
        PolygonAoi("p", ((0, 0), (1, 0), (2, 0)))
    with pytest.raises(InvalidSettingError, match="with an area"):
        PolygonAoi("p", ((0, 0), (5, 5), (9, 9)))
    with pytest.raises(InvalidSettingError, match="radii"):
        EllipseAoi("e", 1, 1, 0, 5)
    with pytest.raises(InvalidSettingError, match="sigma_px"):
        probability_in(BOX, [[1, 1]], -1.0)
