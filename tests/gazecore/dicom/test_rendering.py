"""Where stored pixels land on the screen: by closed form, a slow loop, and fiducials."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gazecore.dicom import Window, XrayHeader, display_table
from gazecore.dicom.rendering import OUTSIDE, Pyramid, look_up, render
from gazecore.geometry import Transform
from gazecore.synthetic.phantom import find_discs, make_phantom, match_and_fit

RNG = np.random.default_rng(3)
STORED = RNG.integers(0, 65536, (37, 53)).astype(np.uint16)
IDENTITY = Transform.affine((1.0, 1.0), (0.0, 0.0))


def _slow(stored: Any, transform: Transform, shape: tuple[int, int], *, smooth: bool) -> Any:
    """Pixel by pixel at full resolution, straight from the definition."""
    inverse = np.linalg.inv(transform.matrix)
    found = np.full(shape, OUTSIDE)
    height, width = stored.shape
    for row in range(shape[0]):
        for column in range(shape[1]):
            x, y, w = inverse @ (column + 0.5, row + 0.5, 1.0)
            x, y = x / w, y / w
            if not (0 <= x < width and 0 <= y < height):
                continue
            if smooth:
                value = round(_bilinear(stored, x - 0.5, y - 0.5))
            else:
                value = int(stored[int(y), int(x)])
            found[row, column] = value & 0xFFFF
    return found


def _bilinear(stored: Any, x: float, y: float) -> float:
    x, y = min(max(x, 0), stored.shape[1] - 1), min(max(y, 0), stored.shape[0] - 1)
    left, top = int(x), int(y)
    right, bottom = min(left + 1, stored.shape[1] - 1), min(top + 1, stored.shape[0] - 1)
    fx, fy = x - left, y - top
    upper = float(stored[top, left]) * (1 - fx) + float(stored[top, right]) * fx
    lower = float(stored[bottom, left]) * (1 - fx) + float(stored[bottom, right]) * fx
    return upper * (1 - fy) + lower * fy


TRANSFORMS: dict[str, list[list[float]]] = {
    "1:1": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
    "pan": [[1, 0, -7.3], [0, 1, 4.6], [0, 0, 1]],
    "zoom": [[3.7, 0, -20.2], [0, 3.7, 5.1], [0, 0, 1]],
    "aspect": [[1.5, 0, 0], [0, 2.5, 1], [0, 0, 1]],
    "flip": [[-1.3, 0, 61], [0, 1.3, 0], [0, 0, 1]],
    "turn right": [[0, -1.2, 50], [1.2, 0, -3], [0, 0, 1]],
    "turn left": [[0, 2.0, 1], [-2.0, 0, 90], [0, 0, 1]],
    "turn and flip": [[0, 1.1, 0.5], [1.1, 0, 0.5], [0, 0, 1]],
    "slant": [[1.2, 0.4, 3], [-0.4, 1.2, 20], [0, 0, 1]],
    "away": [[1, 0, 500], [0, 1, 500], [0, 0, 1]],
}


@pytest.mark.parametrize("name", TRANSFORMS)
@pytest.mark.parametrize("smooth", [False, True])
@pytest.mark.parametrize("dtype", [np.uint16, np.int16])
def test_resampling_equals_the_slow_loop(name: str, smooth: bool, dtype: Any) -> None:
    transform = Transform.from_matrix(TRANSFORMS[name])
    stored = STORED.view(dtype)
    found = Pyramid(stored).resample(transform, (45, 60), smooth=smooth).indices
    expected = _slow(stored, transform, (45, 60), smooth=smooth)
    assert ((found == OUTSIDE) == (expected == OUTSIDE)).all()
    difference = np.abs(found - expected)
    wrapped = np.minimum(difference, 65536 - difference)
    assert wrapped[expected != OUTSIDE].max(initial=0) <= (1 if smooth else 0)
    assert found.dtype == np.intp


@pytest.mark.parametrize("smooth", [False, True])
def test_one_to_one_shows_every_stored_value(smooth: bool) -> None:
    viewport = Pyramid(STORED).resample(IDENTITY, STORED.shape, smooth=smooth)
    np.testing.assert_array_equal(viewport.indices, STORED)
    assert not viewport.outside.any()


def test_pyramid_levels_are_block_means() -> None:
    stored = np.arange(12, dtype=np.int16).reshape(3, 4) - 6
    levels = Pyramid(stored).levels
    assert levels[1].tolist() == [[-3, -1], [3, 5]]  # means -3.5, -1.5; last row repeated: 2.5, 4.5
    assert levels[2].tolist() == [[1]]
    assert levels[1].dtype == np.int16


def test_level_has_a_pixel_for_each_screen_pixel() -> None:
    pyramid = Pyramid(np.zeros((64, 64), dtype=np.uint16))
    assert [pyramid.level_for(s) for s in (2.0, 0.51, 0.5, 0.26, 0.25, 0.01)] == [0, 0, 1, 1, 2, 2]


def test_tiny_images() -> None:
    for shape in ((1, 1), (1, 9), (2, 2)):
        stored = np.full(shape, 9, dtype=np.uint16)
        viewport = Pyramid(stored).resample(
            Transform.affine((0.1, 0.1), (0, 0)), (4, 4), smooth=True
        )
        assert set(np.unique(viewport.indices)) <= {9, OUTSIDE}


def test_render_looks_up_in_place_and_blackens_outside() -> None:
    viewport = Pyramid(STORED).resample(Transform.affine((1, 1), (5, 5)), (50, 60), smooth=False)
    table = (255 - np.arange(65536) // 256).astype(np.uint8)
    out = np.full((50, 64), 7, dtype=np.uint8)
    render(viewport, table, out[:, :60])
    np.testing.assert_array_equal(out[5:42, 5:58], table[STORED])
    assert (out[:5, :60] == 0).all()
    assert (out[:, 60:] == 7).all()
    np.testing.assert_array_equal(render(viewport, table), out[:, :60])


@pytest.mark.parametrize("dtype", [np.uint8, np.uint32])
def test_the_look_up_is_numpys_for_every_pattern(dtype: Any) -> None:
    table = RNG.integers(0, 256, 65536).astype(dtype)
    every = RNG.permutation(65536).astype(np.uint16).reshape(128, 512)
    found = look_up(every, table)
    assert found.dtype == dtype
    np.testing.assert_array_equal(found, table[every])
    some = every.astype(np.uint32)
    some[5:9, 100:] = OUTSIDE
    expected = table[every]
    expected[5:9, 100:] = 7
    np.testing.assert_array_equal(look_up(some, table, black=7), expected)
    assert look_up(every[:0], table).shape == (0, 512)


def test_what_is_left_out_of_a_viewport_is_outside() -> None:
    viewport = Pyramid(STORED).resample(IDENTITY, STORED.shape, smooth=False)
    hidden = STORED % 3 == 0
    shown = viewport.without(hidden)
    np.testing.assert_array_equal(shown.indices, np.where(hidden, OUTSIDE, STORED.astype(int)))
    np.testing.assert_array_equal(viewport.indices, STORED)


PHANTOM = make_phantom((500, 400), n_discs=20)
TABLE: npt.NDArray[np.uint8] = display_table(
    XrayHeader(bits_stored=12, default_window=Window(2048, 4096)), Window(2048, 4096)
)


@settings(max_examples=30, deadline=None)
@given(
    scale=st.floats(0.15, 4.0),
    x_px=st.floats(-50, 50),
    y_px=st.floats(-50, 50),
    turns=st.integers(0, 3),
    flip=st.booleans(),
    smooth=st.booleans(),
)
def test_fiducials_are_where_the_transform_says(
    scale: float, x_px: float, y_px: float, turns: int, flip: bool, smooth: bool
) -> None:
    angle = np.pi / 2 * turns
    cos, sin = round(np.cos(angle)), round(np.sin(angle))
    turn = np.array([[cos, -sin, 0], [sin, cos, 0], [0, 0, 1.0]])
    mirror = np.diag([-1.0 if flip else 1.0, 1.0, 1.0])
    centre = np.array([[1, 0, -200], [0, 1, -250], [0, 0, 1.0]])
    place = np.array([[scale, 0, 540 + x_px], [0, scale, 540 + y_px], [0, 0, 1.0]])
    transform = Transform.from_matrix(place @ turn @ mirror @ centre)
    viewport = Pyramid(PHANTOM.pixels).resample(transform, (1080, 1080), smooth=smooth)
    found_px = find_discs(render(viewport, TABLE))
    fitted, residual_px = match_and_fit(found_px, PHANTOM, transform)
    seen = transform.to_screen(PHANTOM.disc_xy_px)
    visible = ((seen > 0) & (seen < 1080)).all(axis=1)
    if len(found_px) < 6:
        return
    off_px = np.abs(fitted.to_screen(PHANTOM.disc_xy_px) - seen)[visible]
    # nearest may shift all by half a stored pixel, smooth by nothing
    half_px = 0.5 * max(1.0, scale)
    assert np.median(off_px) < (0.1 if smooth else half_px + 0.1)
    assert residual_px < (0.2 if smooth else half_px)
