"""Overlay planes as they are drawn over an image: calm lines with a dark rim, legible on any grey.

Graphics are drawn as they are, regions of interest by their outline, so that what they mark stays
in sight. The layer lies over what `gazecore.dicom.recorded_frame.render_frame` gives and is
recorded apart from it: a state says whether it was shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from gazecore.dicom.layers import OverlayLayer

if TYPE_CHECKING:
    from gazecore.dicom.image import XrayHeader
    from gazecore.dicom.layers import Mask
    from gazecore.geometry import Transform

Labels = npt.NDArray[np.uint8]
"""What the layer shows in each physical pixel, (h, w): `NOTHING`, `RIM` or `LINE`."""

NOTHING, RIM, LINE = 0, 1, 2
_ROOM_PX = 3
"""An outline is told by two pixels beyond a region, and a rim takes one."""
LABEL_RGB = ((0, 0, 0), (14, 18, 20), (84, 178, 168))
"""The colour of each label, red, green and blue; `NOTHING` has none and shows the image."""


class DrawnOverlays:
    """The overlay planes of an image, ready to be drawn in any viewport."""

    def __init__(self, image: XrayHeader) -> None:
        self._graphics = OverlayLayer(image, "G")
        self._regions = OverlayLayer(image, "R")

    def resample(self, image_to_viewport: Transform, shape: tuple[int, int]) -> Labels:
        """What the layer shows in each physical pixel of a viewport, also beside the image.

        Parameters
        ----------
        image_to_viewport : Transform
            Image px to physical px of the viewport, its top left corner at (0, 0).
        shape : (int, int)
            Height and width of the viewport in physical pixels.
        """
        labels: Labels = np.zeros(shape, dtype=np.uint8)
        layers = (self._graphics, self._regions)
        reaches = [layer.reach(image_to_viewport) for layer in layers]
        rows, columns = (
            _around([reach[axis] for reach in reaches], size) for axis, size in enumerate(shape)
        )
        lines = self._graphics.under(image_to_viewport, (rows, columns))
        lines |= outline(self._regions.under(image_to_viewport, (rows, columns)))
        drawn = labels[rows, columns]
        drawn[_grown(lines)] = RIM
        drawn[lines] = LINE
        return labels


def _around(reaches: list[slice], size: int) -> slice:
    """What lies around several slices, with room for rims and outlines, within `size`."""
    some = [reach for reach in reaches if reach.stop > reach.start]
    if not some:
        return slice(0, 0)
    start = min(max(0, min(reach.start for reach in some) - _ROOM_PX), size)
    return slice(start, max(start, min(size, max(reach.stop for reach in some) + _ROOM_PX)))


def lay_over(frame: npt.NDArray[np.uint8], labels: Labels) -> npt.NDArray[np.uint8]:
    """A frame with the layer over it, (h, w, 3) uint8.

    Parameters
    ----------
    frame : (h, w) or (h, w, 3) uint8
        As `gazecore.dicom.recorded_frame.render_frame` gives it.
    labels : (h, w) uint8
        As `DrawnOverlays.resample` gives them.
    """
    picture = np.repeat(frame[..., None], 3, axis=2) if frame.ndim == 2 else frame.copy()
    for label in (RIM, LINE):
        picture[labels == label] = LABEL_RGB[label]
    return picture


def outline(mask: Mask) -> Mask:
    """The pixels of a mask at most two from others, by side or corner; none along the frame."""
    if not mask.any():
        return mask
    return np.asarray(mask & _grown(_grown(~mask)))


def _grown(mask: Mask) -> Mask:
    """A mask and all pixels that touch it, by side or corner."""
    down = mask.copy()
    down[1:] |= mask[:-1]
    down[:-1] |= mask[1:]
    grown: Mask = down.copy()
    grown[:, 1:] |= down[:, :-1]
    grown[:, :-1] |= down[:, 1:]
    return grown
