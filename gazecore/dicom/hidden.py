"""Which pixels of an image are never seen: its padding, and what its shutter hides."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from gazecore.dicom.levels import display_table

if TYPE_CHECKING:
    from gazecore.dicom.image import Stored, Window, XrayHeader, XrayImage
    from gazecore.dicom.levels import Table

Mask = npt.NDArray[np.bool_]


def hidden_pixels(image: XrayImage) -> Mask | None:
    """Which pixels are padding or lie behind the shutter, (rows, columns); None where none is."""
    hidden = shutter_mask(image, image.stored.shape)
    padding = padding_mask(image, image.stored)
    if hidden is None or padding is None:
        return padding if hidden is None else hidden
    return hidden | padding


def seen_levels(image: XrayImage, window: Window) -> Table:
    """The grey levels of a whole image as a reader sees it, (rows, columns) uint8.

    What the reader is not shown is black here too, and not cut off: places on the image, such as
    gaze, keep their coordinates. Of a colour image its luminance.
    """
    levels = display_table(image, window)[image.stored.view(np.uint16)]
    hidden = hidden_pixels(image)
    if hidden is not None:
        levels[hidden] = 0
    return levels


def shutter_mask(image: XrayHeader, shape: tuple[int, int]) -> Mask | None:
    """Which pixels of an image its shutter hides, (rows, columns); None where it hides none."""
    if image.shutter is None:
        return None
    hidden = image.shutter.hidden(shape, image.pixel_aspect)
    return hidden if hidden.any() else None


def padding_mask(image: XrayHeader, stored: Stored) -> Mask | None:
    """Which pixels are padding (PS3.3 C.7.5.1.1.2), (rows, columns); None where none is."""
    if image.padding_range is None:
        return None
    low, high = image.padding_range
    padding: Mask = stored == low if low == high else (stored >= low) & (stored <= high)
    return padding if padding.any() else None
