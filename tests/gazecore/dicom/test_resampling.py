"""Values between pixels, by closed form; whole viewports are `test_rendering`'s."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gazecore.dicom.resampling import bilinear_grid, bilinear_points, nearest_grid, nearest_points

RNG = np.random.default_rng(8)
NOISE = RNG.integers(0, 65536, (90, 70)).astype(np.uint16)
Y, X = RNG.uniform(0, 90, 200), RNG.uniform(0, 70, 110)


@pytest.mark.parametrize("dtype", [np.uint16, np.int16])
def test_a_plane_is_interpolated_to_itself(dtype: Any) -> None:
    rows, columns = np.mgrid[0:90, 0:70]
    offset = 0 if dtype == np.uint16 else -3000
    plane = (40 * rows + 20 * columns + offset).astype(dtype)
    y, x = np.sort(RNG.uniform(0.5, 89.5, 80)), RNG.uniform(0.5, 69.5, 60)
    exact = 40 * (y[:, None] - 0.5) + 20 * (x[None] - 0.5) + offset
    found = bilinear_grid(plane, y, x)
    assert found.dtype == dtype
    assert np.abs(found - exact).max() <= 0.5 + 1e-3


def test_the_middle_of_two_pixels_rounds_to_the_even_value() -> None:
    source = np.array([[0, 1, 2, 5]], dtype=np.uint16)
    found = bilinear_grid(source, np.array([0.5]), np.array([1.0, 2.0, 3.0]))
    assert found.tolist() == [[0, 2, 4]]


def test_beyond_the_outermost_centres_values_go_on() -> None:
    source = np.array([[10, 20], [30, 40]], dtype=np.uint16)
    ends = np.array([0.0, 0.4, 1.6, 1.999])
    assert bilinear_grid(source, ends, ends).tolist() == [
        [10, 10, 20, 20],
        [10, 10, 20, 20],
        [30, 30, 40, 40],
        [30, 30, 40, 40],
    ]


@pytest.mark.parametrize("dtype", [np.uint16, np.int16])
@pytest.mark.parametrize(
    ("on_grid", "at_points"), [(nearest_grid, nearest_points), (bilinear_grid, bilinear_points)]
)
def test_a_grid_gives_the_values_of_its_points(on_grid: Any, at_points: Any, dtype: Any) -> None:
    source = NOISE.view(dtype)
    y, x = (each.ravel() for each in np.meshgrid(Y, X, indexing="ij"))
    expected = at_points(source, y, x).reshape(len(Y), len(X))
    np.testing.assert_array_equal(on_grid(source, Y, X), expected)


@pytest.mark.parametrize("on_grid", [nearest_grid, bilinear_grid])
@pytest.mark.parametrize("step", [1, -1])
def test_at_one_to_one_values_are_the_sources_and_no_view_of_it(on_grid: Any, step: int) -> None:
    # off by less than the coordinates' last place: still the centres
    y, x = np.arange(10, 40) + 0.5 + 1e-9, (np.arange(5, 45) + 0.5)[::step] - 1e-9
    found = on_grid(NOISE, y, x)
    np.testing.assert_array_equal(found, NOISE[10:40, 5:45][:, ::step])
    found[:] = 0
    assert NOISE[10:40, 5:45].any()


def test_half_a_pixel_off_in_one_direction_mixes_pairs() -> None:
    at, between = np.linspace(1.5, 59.5, 59), np.linspace(1.0, 60.0, 60)
    expected = np.rint((NOISE[1:60, :60].astype(float) + NOISE[1:60, 1:61]) / 2)
    np.testing.assert_array_equal(bilinear_grid(NOISE, at, between), expected)
