"""No halo: where an image borders on padding or a shutter, only what is shown is averaged.

The rule, the same at every zoom, turn and flip: a physical pixel is black when the stored pixel
under its centre is hidden. Any other is what it would be without the hidden pixels: the pyramid's
means are means of the shown pixels of a block, and the weights of bilinear interpolation are
shared among the neighbours that show something.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np
import numpy.typing as npt

from gazecore.dicom.mask_sampling import mask_under, points_in_image, viewport_to_image
from gazecore.dicom.rendering import OUTSIDE, Pyramid

if TYPE_CHECKING:
    from gazecore.dicom.image import Stored
    from gazecore.dicom.mask_sampling import Float, Mask
    from gazecore.dicom.rendering import ResampledViewport
    from gazecore.geometry import Transform

_Ints = npt.NDArray[np.int64]


class EdgedPyramid:
    """A pyramid of which some pixels are hidden, and mix with nothing.

    Parameters
    ----------
    stored : (rows, columns)
        The stored values.
    hidden : (rows, columns) bool
        As `gazecore.dicom.hidden.hidden_pixels` gives it.
    """

    def __init__(self, stored: Stored, hidden: Mask) -> None:
        plain = Pyramid(stored)
        blocks = _blocks(hidden, len(plain.levels))
        levels = (
            _shown_means(stored, hidden, level, blocks[k], k)
            for k, level in enumerate(plain.levels)
        )
        self._pyramid = plain.with_levels(tuple(levels))
        self._hidden = hidden
        self._shown = [~whole for whole, _ in blocks]
        self._corners = [_mixed_corners(whole) for whole, _ in blocks]

    def resample(
        self, image_to_viewport: Transform, shape: tuple[int, int], *, smooth: bool
    ) -> ResampledViewport:
        """As `Pyramid.resample`; hidden pixels become `OUTSIDE`."""
        viewport = self._pyramid.resample(image_to_viewport, shape, smooth=smooth)
        part = viewport.covered
        under = mask_under(self._hidden, image_to_viewport, part)
        if smooth:
            level = viewport.level
            half_px = -(2.0 ** (level - 1))
            corners = self._corners[level]
            mixed = mask_under(corners, image_to_viewport, part, (half_px, half_px), 2**level)
            self._mend(viewport, image_to_viewport, np.nonzero(mixed & ~under))
        return viewport.without(under)

    def _mend(
        self,
        viewport: ResampledViewport,
        image_to_viewport: Transform,
        at: tuple[npt.NDArray[np.intp], ...],
    ) -> None:
        """Write again, in place, the pixels between shown and hidden neighbours."""
        part, level = viewport.covered, viewport.level
        inside = viewport.patterns[at] != OUTSIDE
        rows, columns = (index[inside] for index in at)
        v, u = rows + part[0].start + 0.5, columns + part[1].start + 0.5
        y, x = points_in_image(viewport_to_image(image_to_viewport), v, u)
        values = _weighted(
            self._pyramid.levels[level], self._shown[level], y / 2**level, x / 2**level
        )
        viewport.patterns[rows, columns] = np.rint(values).astype(np.intp) & 0xFFFF


def _blocks(hidden: Mask, n_levels: int) -> list[tuple[Mask, Mask]]:
    """Of each level which blocks are hidden as a whole, and which in part."""
    whole, some = hidden, hidden
    found = [(whole, np.zeros_like(hidden))]
    while len(found) < n_levels:
        whole, some = _four(whole, np.logical_and), _four(some, np.logical_or)
        found.append((whole, some & ~whole))
    return found


def _four(mask: Mask, join: np.ufunc) -> Mask:
    """Blocks of 2 x 2 joined; what a block lacks at the lower and right edge is the edge again."""
    rows, columns = mask.shape
    even = np.pad(mask, ((0, rows % 2), (0, columns % 2)), mode="edge")
    down = join(even[0::2], even[1::2])
    joined: Mask = join(down[:, 0::2], down[:, 1::2])
    return joined


def _shown_means(
    stored: Stored, hidden: Mask, level: Stored, blocks: tuple[Mask, Mask], power: int
) -> Stored:
    """A level whose partly hidden blocks are the mean of their shown stored pixels, rounded."""
    rows, columns = np.nonzero(blocks[1])
    if len(rows) == 0:
        return level
    totals: _Ints = np.zeros(len(rows), dtype=np.int64)
    counts: _Ints = np.zeros(len(rows), dtype=np.int64)
    for down in range(2**power):
        for right in range(2**power):
            y, x = (rows << power) + down, (columns << power) + right
            there = (y < stored.shape[0]) & (x < stored.shape[1])
            y, x = np.where(there, y, 0), np.where(there, x, 0)
            shown = there & ~hidden[y, x]
            totals += np.where(shown, stored[y, x], 0)
            counts += shown
    means: Any = level.copy()
    means[rows, columns] = ((2 * totals + counts) // (2 * counts)).astype(level.dtype)
    return cast("Stored", means)


def _mixed_corners(hidden: Mask) -> Mask:
    """The corners of pixels around which some are hidden and some are not, (rows + 1, columns + 1).

    Around a corner lie the four pixels between whose centres a value is interpolated.
    """
    padded = np.pad(hidden, 1, mode="edge")
    down_all, down_any = padded[:-1] & padded[1:], padded[:-1] | padded[1:]
    all_hidden, any_hidden = down_all[:, :-1] & down_all[:, 1:], down_any[:, :-1] | down_any[:, 1:]
    mixed: Mask = any_hidden & ~all_hidden
    return mixed


def _weighted(source: Stored, shown: Mask, y: Float, x: Float) -> Float:
    """Bilinear values at points, (n,), with weights for shown pixels alone."""
    rows, columns = _sides(y, source.shape[0]), _sides(x, source.shape[1])
    total: Any = np.zeros(len(y))
    weights: Any = np.zeros(len(y))
    for row, share_y in rows:
        for column, share_x in columns:
            weight = share_y * share_x * shown[row, column]
            total += weight * source[row, column]
            weights += weight
    return np.asarray(total / weights, dtype=np.float64)


def _sides(at: Float, size: int) -> tuple[tuple[npt.NDArray[np.intp], Float], ...]:
    """The two pixels whose centres enclose each coordinate, and the weight of each."""
    shifted = np.clip(at - 0.5, 0.0, size - 1.0)
    first = shifted.astype(np.intp)
    share = shifted - first
    return (first, 1.0 - share), (np.minimum(first + 1, size - 1), share)
