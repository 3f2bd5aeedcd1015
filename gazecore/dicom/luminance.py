"""How bright an image is as it opens: the mean luminance shown through its default window."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gazecore.dicom.hidden import shutter_mask
from gazecore.dicom.levels import display_table

if TYPE_CHECKING:
    from gazecore.dicom.image import XrayImage

GAMMA = 2.2
"""From grey levels to light on an ordinary display; a DICOM-calibrated one differs somewhat."""

_MOST_PIXELS_A_SIDE = 512
_LIGHT = (np.arange(256) / 255) ** GAMMA


def mean_luminance(image: XrayImage) -> float:
    """Mean luminance of `image` through its default window, 0 (black) to 1 (white).

    Taken over every k-th row and column, so that a large radiograph costs milliseconds.
    """
    step = max(1, max(image.stored.shape) // _MOST_PIXELS_A_SIDE)
    table = display_table(image, image.default_window)
    some = np.ascontiguousarray(image.stored[::step, ::step])
    light = _LIGHT[table[some.view(np.uint16)]]
    hidden = shutter_mask(image, image.stored.shape)
    if hidden is not None:
        light[hidden[::step, ::step]] = 0
    return float(light.mean())


def level_of(luminance: float) -> float:
    """The grey level 0..255 that has a luminance from 0 to 1."""
    return float(255 * luminance ** (1 / GAMMA))
