"""What lies over the grey levels on the screen: the overlay planes that came with an image."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from gazecore.dicom.mask_sampling import mask_under

if TYPE_CHECKING:
    from gazecore.dicom.image import XrayHeader
    from gazecore.geometry import Transform

Mask = npt.NDArray[np.bool_]
_MOST_LEVELS = 8


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
            covered |= mask_under(levels[level], image_to_viewport, everywhere, origin_px, 2**level)
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
