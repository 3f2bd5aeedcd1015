"""No halo: where an image borders on padding or a shutter, only what is shown is averaged.

The rule, the same at every zoom, turn and flip: a physical pixel is black when the stored pixel
under its centre is hidden. Any other is what it would be without the hidden pixels: the pyramid's
means are means of the shown pixels of a block, and the weights of bilinear interpolation are
shared among the neighbours that show something.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from gazecore.dicom.mask_blocks import CELL_PX, MaskBlocks
from gazecore.dicom.mask_sampling import mask_under, points_in_image, viewport_to_image
from gazecore.dicom.rendering import LEVELS, OUTSIDE, Pyramid

if TYPE_CHECKING:
    from gazecore.dicom.image import Stored
    from gazecore.dicom.mask_sampling import Float, Indices, Mask
    from gazecore.dicom.rendering import ResampledViewport
    from gazecore.geometry import Transform

_Ints = npt.NDArray[np.int64]

_BOTH = 0x0101


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
        cells = _cells(hidden)
        levels = (
            _shown_means(stored, hidden, level, cells[k], k) for k, level in enumerate(plain.levels)
        )
        self._pyramid = plain.with_levels(tuple(levels), _shown_part(cells[-1].whole, hidden.shape))
        self._whole = [cell.whole for cell in cells]
        self._blocks = MaskBlocks(*cells[-1])
        self._corners: dict[int, Mask] = {}

    def resample(
        self, image_to_viewport: Transform, shape: tuple[int, int], *, smooth: bool
    ) -> ResampledViewport:
        """As `Pyramid.resample`; hidden pixels become `OUTSIDE`."""
        viewport = self._pyramid.resample(image_to_viewport, shape, smooth=smooth)
        if not viewport.patterns.size:
            return viewport
        outlook = self._blocks.outlook(image_to_viewport, viewport.covered)
        if outlook is None:
            return self._looked_over(viewport, image_to_viewport, smooth=smooth)
        under = outlook.hidden
        is_hidden = self._whole[0][outlook.y_px, outlook.x_px]
        under[outlook.rows, outlook.columns] = is_hidden
        if smooth:
            self._mend(
                viewport, image_to_viewport, outlook.rows[~is_hidden], outlook.columns[~is_hidden]
            )
        return viewport.without(under)

    def _looked_over(
        self, viewport: ResampledViewport, image_to_viewport: Transform, *, smooth: bool
    ) -> ResampledViewport:
        """Every pixel looked at, where blocks do not tell."""
        part, level = viewport.covered, viewport.level
        under = mask_under(self._whole[0], image_to_viewport, part)
        if smooth:
            if level not in self._corners:
                self._corners[level] = _mixed_corners(self._whole[level])
            half_px, corners = -(2.0 ** (level - 1)), self._corners[level]
            mixed = mask_under(corners, image_to_viewport, part, (half_px, half_px), 2**level)
            inside = viewport.patterns != OUTSIDE
            self._mend(viewport, image_to_viewport, *np.nonzero(mixed & ~under & inside))
        return viewport.without(under)

    def _mend(
        self,
        viewport: ResampledViewport,
        image_to_viewport: Transform,
        rows: Indices,
        columns: Indices,
    ) -> None:
        """Write again, in place, those of some pixels that lie beside hidden neighbours."""
        part, level = viewport.covered, viewport.level
        v, u = rows + part[0].start + 0.5, columns + part[1].start + 0.5
        y, x = points_in_image(viewport_to_image(image_to_viewport), v, u)
        mixed, values = _weighted(
            self._pyramid.levels[level], self._whole[level], y / 2**level, x / 2**level
        )
        viewport.patterns[rows[mixed], columns[mixed]] = np.rint(values).astype(np.intp) & 0xFFFF


class _Cells(NamedTuple):
    """Which blocks of a level are hidden whole, and which at least in part."""

    whole: Mask
    some: Mask


def _cells(hidden: Mask) -> list[_Cells]:
    """The blocks of 1, 2 and 4 pixels."""
    found = [_Cells(hidden, hidden)]
    while len(found) < LEVELS:
        whole, some = found[-1]
        found.append(_Cells(_four(whole, np.logical_and), _four(some, np.logical_or)))
    return found


def _shown_part(whole: Mask, shape: tuple[int, ...]) -> tuple[slice, slice]:
    """Rows and columns of the image around all that is shown, by its hidden cells."""
    rows, columns = (np.flatnonzero(~whole.all(axis=axis)) for axis in (1, 0))
    if not len(rows):
        return slice(0, 0), slice(0, 0)
    first, last = (rows[0], columns[0]), (rows[-1], columns[-1])
    top, left = (int(at) * CELL_PX for at in first)
    bottom, right = (
        min((int(at) + 1) * CELL_PX, size) for at, size in zip(last, shape, strict=True)
    )
    return slice(top, bottom), slice(left, right)


def _four(mask: Mask, join: np.ufunc) -> Mask:
    """Blocks of 2 x 2 joined; what a block lacks at the lower and right edge is the edge again."""
    missing = [(0, size % 2) for size in mask.shape]
    even = np.pad(mask, missing, mode="edge") if np.any(missing) else mask
    # two bytes of 0 or 1 side by side, compared as one number
    pairs = join(even[0::2], even[1::2]).view(np.uint16)
    return np.asarray(pairs == _BOTH if join is np.logical_and else pairs != 0)


def _shown_means(stored: Stored, hidden: Mask, level: Stored, cells: _Cells, power: int) -> Stored:
    """A level, its partly hidden blocks now the mean of their shown stored pixels, rounded."""
    if power == 0:
        return level
    rows, columns = np.divmod(np.flatnonzero(cells.some & ~cells.whole), level.shape[1])
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
    level[rows, columns] = ((2 * totals + counts) // (2 * counts)).astype(level.dtype)
    return level


def _mixed_corners(hidden: Mask) -> Mask:
    """The corners of pixels around which some are hidden and some are not, (rows + 1, columns + 1).

    Around a corner lie the four pixels between whose centres a value is interpolated.
    """
    padded = np.pad(hidden, 1, mode="edge")
    down_all, down_any = padded[:-1] & padded[1:], padded[:-1] | padded[1:]
    all_hidden, any_hidden = down_all[:, :-1] & down_all[:, 1:], down_any[:, :-1] | down_any[:, 1:]
    mixed: Mask = any_hidden & ~all_hidden
    return mixed


def _weighted(source: Stored, hidden: Mask, y: Float, x: Float) -> tuple[Mask, Float]:
    """Which points, (n,), have hidden neighbours, and the values of those, (m,).

    They are bilinear with weights for shown pixels alone.
    """
    rows, columns = _sides(y, source.shape[0]), _sides(x, source.shape[1])
    mixed: Mask = np.zeros(len(y), dtype=bool)
    for row, _ in rows:
        for column, _ in columns:
            mixed |= hidden[row, column]
    total: Any = np.zeros(np.count_nonzero(mixed))
    weights: Any = np.zeros(len(total))
    for row, share_y in rows:
        for column, share_x in columns:
            at = row[mixed], column[mixed]
            weight = share_y[mixed] * share_x[mixed] * ~hidden[at]
            total += weight * source[at]
            weights += weight
    return mixed, np.asarray(total / weights, dtype=np.float64)


def _sides(at: Float, size: int) -> tuple[tuple[npt.NDArray[np.intp], Float], ...]:
    """The two pixels whose centres enclose each coordinate, and the weight of each."""
    shifted = np.clip(at - 0.5, 0.0, size - 1.0)
    first = shifted.astype(np.intp)
    share = shifted - first
    return (first, 1.0 - share), (np.minimum(first + 1, size - 1), share)
