"""What lies over the stored values on the screen: the shutter hides, overlays are drawn."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from gazecore.dicom.rendering import OUTSIDE, ResampledViewport

if TYPE_CHECKING:
    from gazecore.dicom.image import XrayHeader
    from gazecore.geometry import Transform

Mask = npt.NDArray[np.bool_]
Indices = npt.NDArray[np.intp]
_MOST_LEVELS = 8


def shutter_mask(image: XrayHeader, shape: tuple[int, int]) -> Mask | None:
    """Which pixels of an image its shutter hides, (rows, columns); None where it hides none."""
    if image.shutter is None:
        return None
    hidden = image.shutter.hidden(shape, image.pixel_aspect)
    return hidden if hidden.any() else None


def hide(
    viewport: ResampledViewport, image_to_viewport: Transform, hidden: Mask
) -> ResampledViewport:
    """A viewport without the image pixels that a mask hides; they become `OUTSIDE`.

    Parameters
    ----------
    viewport : ResampledViewport
        As `Pyramid.resample` gives it for the same transform.
    image_to_viewport : Transform
        Image px to physical px of the viewport.
    hidden : (rows, columns) bool
        As `shutter_mask` gives it.
    """
    rows, columns = (
        slice(*part.indices(size))
        for part, size in zip(viewport.covered, viewport.shape, strict=True)
    )
    under = _under(hidden, image_to_viewport, (rows, columns))
    return replace(viewport, patterns=np.where(under, OUTSIDE, viewport.patterns))


class OverlayLayer:
    """The graphics of an image's overlay planes, ready to be laid over any viewport.

    A bit is never lost when the image is drawn small: planes are halved so that a bit set
    anywhere in a block sets the block.
    """

    def __init__(self, image: XrayHeader, kinds: str = "G") -> None:
        self._planes = [
            (_halvings(plane.mask), plane.origin_px)
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
        covered = np.zeros(shape, dtype=np.bool_)
        everywhere = (slice(0, shape[0]), slice(0, shape[1]))
        scale = min(image_to_viewport.scale())
        for levels, origin_px in self._planes:
            level = _level_for(scale, len(levels))
            covered |= _under(levels[level], image_to_viewport, everywhere, origin_px, 2**level)
        return covered


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


def _under(
    mask: Mask,
    image_to_viewport: Transform,
    part: tuple[slice, slice],
    origin_px: tuple[int, int] = (0, 0),
    block_px: int = 1,
) -> Mask:
    """A mask's values under the pixel centres of part of a viewport; False beside the mask."""
    inverse = np.linalg.inv(image_to_viewport.matrix)
    inverse = inverse / inverse[2, 2]
    v, u = (np.arange(s.start, s.stop) + 0.5 for s in part)
    if inverse[0, 1] == inverse[1, 0] == inverse[2, 0] == inverse[2, 1] == 0.0:
        x, y, turned = inverse[0, 0] * u + inverse[0, 2], inverse[1, 1] * v + inverse[1, 2], False
    elif inverse[0, 0] == inverse[1, 1] == inverse[2, 0] == inverse[2, 1] == 0.0:
        x, y, turned = inverse[0, 1] * v + inverse[0, 2], inverse[1, 0] * u + inverse[1, 2], True
    else:
        return _under_any(mask, inverse, (v, u), origin_px, block_px)
    row, inside_y = _index(y, origin_px[1], block_px, mask.shape[0])
    column, inside_x = _index(x, origin_px[0], block_px, mask.shape[1])
    found = mask.take(row, axis=0).take(column, axis=1)
    found[~inside_y] = False
    found[:, ~inside_x] = False
    return found.T if turned else found


def _under_any(
    mask: Mask,
    inverse: npt.NDArray[np.float64],
    at: tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]],
    origin_px: tuple[int, int],
    block_px: int,
) -> Mask:
    v, u = np.meshgrid(*at, indexing="ij")
    x, y, w = (row[0] * u + row[1] * v + row[2] for row in inverse)
    row, inside_y = _index(y / w, origin_px[1], block_px, mask.shape[0])
    column, inside_x = _index(x / w, origin_px[0], block_px, mask.shape[1])
    return mask[row, column] & inside_y & inside_x


def _index(
    at_px: npt.NDArray[np.float64], origin_px: int, block_px: int, size: int
) -> tuple[Indices, Mask]:
    index = np.floor((at_px - origin_px) / block_px).astype(np.intp)
    inside = (index >= 0) & (index < size)
    return np.clip(index, 0, size - 1), inside
