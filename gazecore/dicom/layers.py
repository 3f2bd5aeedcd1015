"""What lies over the grey levels on the screen: the overlay planes that came with an image."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from gazecore.dicom.mask_sampling import mask_under

if TYPE_CHECKING:
    from gazecore.dicom.image import XrayHeader
    from gazecore.geometry import Transform

Mask = npt.NDArray[np.bool_]
Part = tuple[slice, slice]
_MOST_LEVELS = 8


class OverlayLayer:
    """The graphics of an image's overlay planes, ready to be laid over any viewport.

    A bit is never lost when the image is drawn small: planes are halved so that a bit set
    anywhere in a block sets the block.
    """

    def __init__(self, image: XrayHeader, kinds: str = "G") -> None:
        self._planes = [
            _Plane(_halvings(plane.mask), plane.origin_px, _box_px(plane.mask, plane.origin_px))
            for plane in image.overlays
            if plane.kind in kinds
        ]

    def resample(self, image_to_viewport: Transform, shape: tuple[int, int]) -> Mask:
        """Which physical pixels of a viewport the planes cover, (h, w); also beside the image.

        Parameters
        ----------
        image_to_viewport : Transform
            Image px to physical px of the viewport, its top left corner at (0, 0).
        shape : (int, int)
            Height and width of the viewport in physical pixels.
        """
        return self.under(image_to_viewport, (slice(0, shape[0]), slice(0, shape[1])))

    def under(self, image_to_viewport: Transform, part: Part) -> Mask:
        """As `resample`, of some rows and columns of a viewport, both bounds given."""
        covered = np.zeros([along.stop - along.start for along in part], dtype=np.bool_)
        scale = min(image_to_viewport.scale())
        for plane in self._planes:
            level = _level_for(scale, len(plane.levels))
            rows, columns = (
                _common(along, reach)
                for along, reach in zip(part, _reach(plane, image_to_viewport), strict=True)
            )
            drawn = mask_under(
                plane.levels[level], image_to_viewport, (rows, columns), plane.origin_px, 2**level
            )
            top, left = rows.start - part[0].start, columns.start - part[1].start
            covered[top : top + len(drawn), left : left + drawn.shape[1]] |= drawn
        return covered

    def reach(self, image_to_viewport: Transform) -> Part:
        """Rows and columns of a viewport, and beyond it, around all that the planes cover."""
        found = [_reach(plane, image_to_viewport) for plane in self._planes if plane.box_px]
        if not found:
            return slice(0, 0), slice(0, 0)
        rows, columns = (
            slice(min(s.start for s in along), max(s.stop for s in along))
            for along in zip(*found, strict=True)
        )
        return rows, columns


class _Plane(NamedTuple):
    """The masks of a plane, each half as large, and the image pixels around its bits.

    The box is left, top, right and bottom; empty where no bit is set.
    """

    levels: list[Mask]
    origin_px: tuple[int, int]
    box_px: tuple[int, ...]


def _box_px(mask: Mask, origin_px: tuple[int, int]) -> tuple[int, ...]:
    rows, columns = (np.flatnonzero(mask.any(axis=axis)) for axis in (1, 0))
    if not len(rows):
        return ()
    left, top = origin_px
    first, last = (columns[0], rows[0]), (columns[-1] + 1, rows[-1] + 1)
    return left + int(first[0]), top + int(first[1]), left + int(last[0]), top + int(last[1])


def _reach(plane: _Plane, image_to_viewport: Transform) -> Part:
    """Rows and columns around a plane's bits, to the end of the blocks they are drawn by."""
    if not plane.box_px:
        return slice(0, 0), slice(0, 0)
    block_px = 2 ** _level_for(min(image_to_viewport.scale()), len(plane.levels))
    left, top, right, bottom = plane.box_px
    x, y = (left - block_px, right + block_px), (top - block_px, bottom + block_px)
    corners = image_to_viewport.to_screen([(at_x, at_y) for at_x in x for at_y in y])
    columns, rows = (slice(math.floor(along.min()), math.ceil(along.max())) for along in corners.T)
    return rows, columns


def _common(part: slice, reach: slice) -> slice:
    """What two slices have in common; empty within the first where that is nothing."""
    start = min(max(part.start, reach.start), part.stop)
    return slice(start, max(start, min(part.stop, reach.stop)))


def _level_for(scale: float, n_levels: int) -> int:
    """The first level whose blocks are at least a physical pixel wide."""
    level = 0
    while level + 1 < n_levels and scale * 2**level < 1.0:
        level += 1
    return level


def _halvings(mask: Mask) -> list[Mask]:
    levels = [mask]
    while len(levels) < _MOST_LEVELS and min(levels[-1].shape) > 1:
        rows, columns = levels[-1].shape
        even = np.pad(levels[-1], ((0, rows % 2), (0, columns % 2)))
        levels.append(even[0::2, 0::2] | even[0::2, 1::2] | even[1::2, 0::2] | even[1::2, 1::2])
    return levels
