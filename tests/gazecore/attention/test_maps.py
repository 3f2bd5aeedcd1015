"""Attention maps against a loop over fixations and pixels."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gazecore.attention import attention_map, raw_attention_map
from gazecore.attention.gaussians import sum_of_gaussians, usable_points

Array = npt.NDArray[np.float64]
Points = list[tuple[float, float, float]]


def by_loop(
    xy_px: Array, weights: Array, shape: tuple[int, int], sigma_px: Array, clip_px: Array | None
) -> Array:
    """The definition, fixation by fixation."""
    y, x = np.mgrid[: shape[0], : shape[1]] + 0.5
    total = np.zeros(shape)
    for i in range(len(xy_px)):
        sx, sy = sigma_px[i]
        density = np.exp(
            -((x - xy_px[i, 0]) ** 2) / (2 * sx**2) - (y - xy_px[i, 1]) ** 2 / (2 * sy**2)
        )
        density *= weights[i] / (2 * np.pi * sx * sy)
        if clip_px is not None:
            left, top, right, bottom = clip_px[i]
            density[(x < left) | (x >= right) | (y < top) | (y >= bottom)] = 0
        total += density
    return np.asarray(total / total.sum())


def test_exact_with_own_sigmas_and_clips() -> None:
    random = np.random.default_rng(0)
    xy_px = random.uniform([-20, -20], [170, 120], (30, 2))
    weights, sigma_px = random.uniform(0.1, 1, 30), random.uniform(3, 25, (30, 2))
    clip_px = np.sort(random.uniform(0, 150, (30, 2, 2)), axis=1).reshape(30, 4)
    for clip in (None, clip_px):
        expected = by_loop(xy_px, weights, (100, 150), sigma_px, clip)
        found = attention_map(xy_px, weights, (100, 150), sigma_px, clip_px=clip)
        assert found.dtype == np.float32
        assert found == pytest.approx(expected, abs=1e-6 * float(expected.max()))


def test_sigma_may_be_one_per_map_per_point_or_per_axis() -> None:
    xy_px = [[20.0, 30.0], [50.0, 10.0]]
    maps = [
        attention_map(xy_px, [1, 2], (40, 60), sigma)
        for sigma in (6.0, [6.0, 6.0], [[6.0, 6.0], [6.0, 6.0]])
    ]
    assert np.array_equal(maps[0], maps[1])
    assert np.array_equal(maps[0], maps[2])
    wide = attention_map(xy_px, [1, 2], (40, 60), [[12.0, 3.0]] * 2)
    columns, rows = wide.sum(axis=0), wide.sum(axis=1)
    assert columns.max() < rows.max()


def test_a_point_on_a_pixel_centre_peaks_there() -> None:
    found = attention_map([[7.5, 3.5]], [1.0], (10, 20), 2.0)
    assert found.argmax() == 3 * 20 + 7
    assert found[3, 5] == found[3, 9]


@given(st.integers(1, 8), st.integers(0, 1000))
@settings(max_examples=30, deadline=None)
def test_sums_to_one_and_scales_out(n: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    xy_px, weights = random.uniform(0, 50, (n, 2)), random.uniform(0.01, 9, n)
    found = attention_map(xy_px, weights, (40, 50), 5.0)
    assert found.sum(dtype=float) == pytest.approx(1, abs=1e-6)
    again = attention_map(xy_px, 7 * weights, (40, 50), 5.0)
    assert again == pytest.approx(found, abs=1e-6 * float(found.max()))


def test_nothing_left_gives_zeros() -> None:
    for draw in (attention_map, raw_attention_map):
        assert draw(np.empty((0, 2)), [], (4, 5), 2.0).tolist() == np.zeros((4, 5)).tolist()
        found = draw([[np.nan, 1.0], [1.0, 1.0]], [1.0, 0.0], (4, 5), 2.0)
        assert found.tolist() == np.zeros((4, 5)).tolist()
        assert found.dtype == np.float32


@pytest.mark.parametrize("sigma_px", [6.0, 23.0, 60.0])
@pytest.mark.parametrize("n", [1, 50, 3000])
def test_the_grid_keeps_within_5e_4_of_the_peak(sigma_px: float, n: int) -> None:
    random = np.random.default_rng(n)
    xy_px, weights = random.uniform(-30, [430, 330], (n, 2)), random.uniform(0.1, 1, n)
    exact = attention_map(xy_px, weights, (300, 400), sigma_px)
    coarse = raw_attention_map(xy_px, weights, (300, 400), sigma_px)
    assert abs(coarse - exact).max() <= 5e-4 * exact.max()
    assert coarse.sum(dtype=float) == pytest.approx(1, abs=1e-6)


def test_the_grid_takes_several_sigmas() -> None:
    random = np.random.default_rng(1)
    xy_px, weights = random.uniform(0, 200, (400, 2)), random.uniform(0.1, 1, 400)
    for sigma_px in (
        random.choice([8.0, 15.0, 30.0], 400),
        random.choice([8.0, 15.0], (400, 2)),
        random.uniform(8, 30, 400),
    ):
        exact = attention_map(xy_px, weights, (200, 200), sigma_px)
        coarse = raw_attention_map(xy_px, weights, (200, 200), sigma_px)
        assert abs(coarse - exact).max() <= 5e-4 * exact.max()


def test_points_far_outside_are_still_the_same_definition() -> None:
    for far in ([[-40.0, 20.0]], [[1e12, 20.0], [20.0, 20.0]]):
        exact = attention_map(far, 1.0, (40, 40), 5.0)
        coarse = raw_attention_map(far, 1.0, (40, 40), 5.0)
        assert abs(coarse - exact).max() <= 5e-4 * exact.max()


def assert_within_5e_4(
    xy_px: list[list[float]], weights: list[float], sigma_px: float, shape: tuple[int, int]
) -> None:
    exact = attention_map(xy_px, weights, shape, sigma_px)
    coarse = raw_attention_map(xy_px, weights, shape, sigma_px)
    assert abs(coarse - exact).max() <= 5e-4 * exact.max()
    assert coarse.sum(dtype=float) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("sigma_px", [10.0, 20.0, 30.0])
def test_points_outside_keep_within_5e_4_of_the_peak(sigma_px: float) -> None:
    for outside in np.arange(0, 6.5, 0.1):
        x_px = -outside * sigma_px
        assert_within_5e_4([[x_px, 45.0]], [1.0], sigma_px, (90, 130))
        assert_within_5e_4([[130 - x_px, 90 - x_px]], [1.0], sigma_px, (90, 130))
        for inside in (1e-3, 1e-2, 1e-1):
            both = [[65.0, 45.0], [x_px, 45.0]]
            assert_within_5e_4(both, [inside, 1.0], sigma_px, (90, 130))


def test_many_points_outside_keep_within_5e_4_of_the_peak() -> None:
    random = np.random.default_rng(2)
    xy_px = random.uniform([-120, -120], [-30, 210], (2000, 2)).tolist()
    assert_within_5e_4([*xy_px, [65.0, 45.0]], [1.0] * 2000 + [5.0], 20.0, (90, 130))


@pytest.mark.parametrize(
    ("x_sigma", "inside"),
    [
        ((0.0, 5.0), 400),  # many tails beside gaze on the image
        ((0.0, 5.0), 0),
        ((3.2, 5.4), 0),  # next to nothing reaches it
        ((5.0, 9.0), 0),
        ((7.0, 40.0), 0),
        ((60.0, 90.0), 0),  # nothing does
    ],
)
def test_very_many_points_outside_keep_within_5e_4(
    x_sigma: tuple[float, float], inside: int
) -> None:
    random = np.random.default_rng(3)
    sigma_px = random.choice([20.0, 31.0], 1500)
    outside = np.stack(
        [-random.uniform(*x_sigma, 1500) * sigma_px, random.uniform(-80, 170, 1500)], axis=1
    )
    xy_px = np.concatenate([outside, random.uniform(0, [130, 90], (inside, 2))])
    sigma_px = np.concatenate([sigma_px, np.full(inside, 20.0)])
    exact = attention_map(xy_px, 1.0, (90, 130), sigma_px)
    coarse = raw_attention_map(xy_px, 1.0, (90, 130), sigma_px)
    assert abs(coarse - exact).max() <= 5e-4 * exact.max()
    assert coarse.sum(dtype=float) == pytest.approx(float(exact.any()), abs=1e-5)


places = st.lists(
    st.tuples(st.floats(-20, 80), st.floats(-20, 60), st.floats(0.05, 3)), min_size=1, max_size=6
)
sigmas = st.tuples(st.floats(2, 30), st.floats(2, 30))


def unscaled(points: Array, sigma_px: Any, shape: tuple[int, int] = (40, 60)) -> Array:
    """The sum of Gaussians of points (x, y, weight) before it is scaled to the sum 1."""
    each = np.broadcast_to(sigma_px, (len(points), 2))
    usable = usable_points(points[:, :2], points[:, 2], each)
    density, inside = sum_of_gaussians(usable, shape)
    return np.asarray(density.astype(float) * inside * points[:, 2].sum())


def assert_close(found: Array, expected: Array) -> None:
    """Within what single precision leaves of the highest value."""
    assert abs(found - expected).max() <= 3e-6 * expected.max()


@given(places, places, sigmas)
@settings(max_examples=25, deadline=None)
def test_points_add_up(one: Points, two: Points, sigma_px: tuple[float, float]) -> None:
    a, b = np.array(one), np.array(two)
    both = unscaled(np.concatenate([a, b]), sigma_px)
    apart = unscaled(a, sigma_px) + unscaled(b, sigma_px)
    assert_close(both, apart)


@given(places, sigmas, st.integers(-15, 15), st.integers(-15, 15))
@settings(max_examples=25, deadline=None)
def test_a_shift_of_the_points_shifts_the_map(
    points: Points, sigma_px: tuple[float, float], dx: int, dy: int
) -> None:
    here = np.array(points)
    still = unscaled(here, sigma_px, (70, 90))[15 - dy : 55 - dy, 15 - dx : 75 - dx]
    moved = unscaled(here + np.array([dx - 15, dy - 15, 0]), sigma_px)
    assert_close(moved, still)


@given(places, sigmas)
@settings(max_examples=25, deadline=None)
def test_turning_the_axes_turns_the_map(points: Points, sigma_px: tuple[float, float]) -> None:
    here = np.array(points)
    turned = unscaled(here[:, [1, 0, 2]], sigma_px[::-1], (60, 40)).T
    still = unscaled(here, sigma_px)
    assert_close(turned, still)


@given(places, sigmas, st.sampled_from([(3, 3), (3, 1), (1, 5)]))
@settings(max_examples=25, deadline=None)
def test_zoom_changes_nothing_but_the_scale(
    points: Points, sigma_px: tuple[float, float], zoom: tuple[int, int]
) -> None:
    """Seen k times as large, with k times the sigma, each pixel's middle one has its density."""
    here, (kx, ky) = np.array(points), zoom
    larger = here * [kx, ky, 1]
    large = unscaled(larger, np.multiply(sigma_px, zoom), (40 * ky, 60 * kx))
    small = unscaled(here, sigma_px)
    middles = large[ky // 2 :: ky, kx // 2 :: kx] * kx * ky
    assert_close(middles, small)
