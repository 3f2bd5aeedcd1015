"""No halo where tissue borders on what is hidden: by closed form, and by a slow loop."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from gazecore.dicom.edges import EdgedPyramid
from gazecore.dicom.rendering import OUTSIDE, Pyramid
from gazecore.geometry import Transform

RNG = np.random.default_rng(11)
STORED = RNG.integers(500, 4000, (41, 54)).astype(np.uint16)
PATCHES = np.kron(RNG.random((9, 11)) < 0.4, np.ones((5, 5))).astype(bool)[:41, :54]
SPECKS = RNG.random((41, 54)) < 0.2
SHAPE = (47, 61)

TRANSFORMS: dict[str, list[list[float]]] = {
    "1:1": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
    "pan": [[1, 0, -7.3], [0, 1, 4.6], [0, 0, 1]],
    "zoom": [[3.7, 0, -20.2], [0, 3.7, 5.1], [0, 0, 1]],
    "half": [[0.5, 0, 3], [0, 0.5, 2], [0, 0, 1]],
    "small": [[0.37, 0, 3.3], [0, 0.37, 2.1], [0, 0, 1]],
    "smaller": [[0.21, 0, 3.3], [0, -0.21, 12.1], [0, 0, 1]],
    "aspect": [[0.9, 0, 0], [0, 1.5, 1], [0, 0, 1]],
    "turn right": [[0, -1.2, 50], [1.2, 0, -3], [0, 0, 1]],
    "turn and flip": [[0, 0.45, 0.5], [0.45, 0, 0.5], [0, 0, 1]],
    "slant": [[0.8, 0.3, 3.13], [-0.3, 0.8, 20.37], [0, 0, 1]],
}


def slow_level(stored: Any, hidden: Any, block_px: int) -> npt.NDArray[np.float64]:
    """The mean of the shown pixels of each block; NaN where a block shows nothing."""
    rows, columns = (-(-size // block_px) for size in stored.shape)
    means = np.full((rows, columns), np.nan)
    for row in range(rows):
        for column in range(columns):
            at = np.s_[
                row * block_px : (row + 1) * block_px, column * block_px : (column + 1) * block_px
            ]
            if not hidden[at].all():
                means[row, column] = stored[at][~hidden[at]].mean()
    return means


def slow_value(level: npt.NDArray[np.float64], y: float, x: float) -> float:
    """Bilinear between pixel centres, the weights shared among the neighbours that are shown."""
    total = weights = 0.0
    y, x = (
        min(max(at - 0.5, 0.0), size - 1.0) for at, size in zip((y, x), level.shape, strict=True)
    )
    for row, share_y in ((int(y), 1 - y % 1), (int(y) + 1, y % 1)):
        for column, share_x in ((int(x), 1 - x % 1), (int(x) + 1, x % 1)):
            weight = share_y * share_x
            if weight and not np.isnan(level[row, column]):
                total, weights = total + weight * level[row, column], weights + weight
    return total / weights


def slow(stored: Any, hidden: Any, transform: Transform, *, smooth: bool) -> Any:
    """Pixel by pixel, straight from the rule."""
    power = Pyramid(stored).level_for(max(transform.scale()))
    level = slow_level(stored, hidden, 2**power)
    inverse = np.linalg.inv(transform.matrix)
    found = np.full(SHAPE, float(OUTSIDE))
    for row, column in np.ndindex(SHAPE):
        x, y, _ = inverse @ (column + 0.5, row + 0.5, 1.0)
        inside = 0 <= x < stored.shape[1] and 0 <= y < stored.shape[0]
        if not inside or hidden[int(y), int(x)]:
            continue
        y, x = y / 2**power, x / 2**power
        found[row, column] = slow_value(level, y, x) if smooth else level[int(y), int(x)]
    return found


@pytest.mark.parametrize("smooth", [False, True])
@pytest.mark.parametrize("hidden", [PATCHES, SPECKS], ids=["patches", "specks"])
def test_the_rule_at_every_zoom_and_turn(smooth: bool, hidden: Any) -> None:
    stored = np.where(hidden, 0, STORED).astype(np.uint16)
    pyramid = EdgedPyramid(stored, hidden)
    for name, matrix in TRANSFORMS.items():
        transform = Transform.from_matrix(matrix)
        found = pyramid.resample(transform, SHAPE, smooth=smooth).indices
        expected = slow(stored, hidden, transform, smooth=smooth)
        np.testing.assert_array_equal(found == OUTSIDE, expected == OUTSIDE, err_msg=name)
        # whole blocks are means of rounded means: half a level twice, and half in the end
        assert np.abs(found - expected).max() <= 1.51, name


def test_even_tissue_stays_even_up_to_its_edge() -> None:
    for tissue, padding, dtype in ((1000, 0, np.uint16), (-700, -2000, np.int16)):
        stored = np.where(PATCHES | SPECKS, padding, tissue).astype(dtype)
        pyramid = EdgedPyramid(stored, PATCHES | SPECKS)
        for name, matrix in TRANSFORMS.items():
            for smooth in (False, True):
                viewport = pyramid.resample(Transform.from_matrix(matrix), SHAPE, smooth=smooth)
                assert set(np.unique(viewport.indices)) == {tissue & 0xFFFF, OUTSIDE}, name


def test_a_ramp_is_continued_by_its_nearest_shown_pixel() -> None:
    ramp = np.arange(0, 800, 100, dtype=np.uint16)[None].repeat(4, axis=0)
    hidden = np.zeros(ramp.shape, dtype=bool)
    hidden[:, 5:] = True
    fourfold = Transform.affine((4.0, 4.0), (0.0, 0.0))
    row = EdgedPyramid(ramp, hidden).resample(fourfold, (16, 32), smooth=True).indices[8]
    between = 400 + 100 * (np.array([0.5, 1.5]) / 4 - 0.5)
    np.testing.assert_array_equal(row[16:18], np.rint(between))
    assert row[18:20].tolist() == [400, 400]
    assert (row[20:] == OUTSIDE).all()


def test_what_is_hidden_whole_and_a_viewport_beside_the_image() -> None:
    all_hidden = EdgedPyramid(STORED, np.ones(STORED.shape, dtype=bool))
    half = Transform.affine((0.5, 0.5), (0.0, 0.0))
    assert (all_hidden.resample(half, SHAPE, smooth=True).indices == OUTSIDE).all()
    away = Transform.affine((1.0, 1.0), (900.0, 900.0))
    assert EdgedPyramid(STORED, PATCHES).resample(away, SHAPE, smooth=True).outside.all()


def test_a_viewport_where_nothing_is_hidden_is_that_of_the_plain_pyramid() -> None:
    hidden = np.zeros(STORED.shape, dtype=bool)
    hidden[-1, -1] = True
    for scale in (0.3, 1.0, 2.6):
        transform = Transform.affine((scale, scale), (0.0, 0.0))
        np.testing.assert_array_equal(
            EdgedPyramid(STORED, hidden).resample(transform, (9, 9), smooth=True).indices,
            Pyramid(STORED).resample(transform, (9, 9), smooth=True).indices,
        )


@pytest.mark.parametrize("turned", [False, True])
def test_no_more_of_a_viewport_is_drawn_than_is_shown(turned: bool) -> None:
    hidden = np.ones(STORED.shape, dtype=bool)
    hidden[8:30, 12:40] = False
    scale = 2.0
    straight = Transform.affine((scale, scale), (3.0, 5.0))
    transform = Transform((0, scale, 5, scale, 0, 3, 0, 0, 1)) if turned else straight
    viewport = EdgedPyramid(STORED, hidden).resample(transform, (120, 120), smooth=True)
    # to whole cells of four
    y, x = slice(5 + 2 * 8, 5 + 2 * 32), slice(3 + 2 * 12, 3 + 2 * 40)
    assert viewport.covered == ((x, y) if turned else (y, x))
    assert np.count_nonzero(~viewport.outside) == 22 * 28 * scale**2
