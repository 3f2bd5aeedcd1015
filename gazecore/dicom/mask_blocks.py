"""Where a mask needs a look: of most of a picture large blocks say it, hidden whole or not at all.

Two thirds of a mammogram are padding, and only along its edge do pixels have to be told apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from gazecore.dicom.mask_sampling import grid_in_image, viewport_to_image

if TYPE_CHECKING:
    from gazecore.dicom.mask_sampling import Float, Indices, Mask
    from gazecore.geometry import Transform

CELL_PX = 4
"""Image pixels along the side of a cell, of which the masks are given."""
_BLOCK_CELLS = 8
_BLOCK_PX = CELL_PX * _BLOCK_CELLS
MOST_SHARE = 0.25
"""Where more of a viewport needs a look, looking at all of it is quicker."""


class Outlook(NamedTuple):
    """What blocks say of part of a viewport.

    Attributes
    ----------
    hidden : (h, w) bool
        Whose block is hidden whole.
    rows, columns : (n,) intp
        The pixels of the part whose block says nothing: all others that are not hidden have
        nothing hidden in the cells around them.
    y_px, x_px : (n,) intp
        The image pixels under their centres.
    """

    hidden: Mask
    rows: Indices
    columns: Indices
    y_px: Indices
    x_px: Indices


class MaskBlocks:
    """Blocks of a mask: hidden whole, clear with all cells around, or neither.

    Parameters
    ----------
    whole, some : (rows / 4, columns / 4) bool, rounded up
        Which cells of 4 x 4 image pixels are hidden whole, and which at least in part.
    """

    def __init__(self, whole: Mask, some: Mask) -> None:
        self._hidden = _joined(whole, np.logical_and)
        self._mixed = _joined(_with_neighbours(some), np.logical_or) & ~self._hidden

    def outlook(self, image_to_viewport: Transform, part: tuple[slice, slice]) -> Outlook | None:
        """What is known of part of a viewport, all of it over the image.

        None where blocks do not help: in a slanted picture, or where most blocks are mixed.
        """
        grid = grid_in_image(viewport_to_image(image_to_viewport), part)
        if grid is None:
            return None
        y, x, turned = grid
        down, along = (x, y) if turned else (y, x)
        hidden, mixed = (table.T if turned else table for table in (self._hidden, self._mixed))
        block_down, block_along = (_pixels(at) // _BLOCK_PX for at in (down, along))
        mixed_columns = [np.flatnonzero(row) for row in mixed.take(block_along, axis=1)]
        counts = np.array([len(found) for found in mixed_columns])[block_down]
        if counts.sum() > MOST_SHARE * len(down) * len(along):
            return None
        rows = np.repeat(np.arange(len(down)), counts)
        columns = np.concatenate([mixed_columns[block] for block in block_down])
        at_down, at_along = _pixels(down)[rows], _pixels(along)[columns]
        y_px, x_px = (at_along, at_down) if turned else (at_down, at_along)
        # whole rows are copied, where columns are picked in the small table alone
        under: Mask = hidden.take(block_along, axis=1).take(block_down, axis=0)
        return Outlook(under, rows, columns, y_px, x_px)


def _pixels(at_px: Float) -> Indices:
    return np.floor(at_px).astype(np.intp)


def _with_neighbours(mask: Mask) -> Mask:
    """A mask and all cells that touch it, by side or corner."""
    down = mask.copy()
    down[1:] |= mask[:-1]
    down[:-1] |= mask[1:]
    grown: Mask = down.copy()
    grown[:, 1:] |= down[:, :-1]
    grown[:, :-1] |= down[:, 1:]
    return grown


def _joined(cells: Mask, join: np.ufunc) -> Mask:
    """Blocks of cells joined, those at the lower and right edge of what there is."""
    for axis in (0, 1):
        cells = join.reduceat(cells, np.arange(0, cells.shape[axis], _BLOCK_CELLS), axis=axis)
    return cells
