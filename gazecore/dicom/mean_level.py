"""How bright an image is as it opens: the mean grey level shown through its default window."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gazecore.dicom.levels import display_table

if TYPE_CHECKING:
    from gazecore.dicom.image import XrayImage

_MOST_PIXELS_A_SIDE = 512


def mean_level(image: XrayImage) -> float:
    """Mean of the grey levels 0..255 of `image` through its default window.

    Taken over every k-th row and column, so that a large radiograph costs milliseconds.
    """
    step = max(1, max(image.stored.shape) // _MOST_PIXELS_A_SIDE)
    table = display_table(image, image.default_window)
    some = np.ascontiguousarray(image.stored[::step, ::step])
    return float(table[some.view(np.uint16)].mean())
