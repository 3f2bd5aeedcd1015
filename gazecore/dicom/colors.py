"""Colour images as channels: each is resampled like stored values, and none is windowed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from gazecore.dicom.image import Colors, Stored, Window
    from gazecore.dicom.levels import Table


def color_planes(colors: Colors) -> tuple[Stored, ...]:
    """Red, green and blue, each (rows, columns) and C-contiguous as stored values are."""
    return tuple(np.ascontiguousarray(colors[..., c], dtype=np.uint16) for c in range(3))


def color_table(window: Window) -> Table:
    """The level of each value of a channel, (65536,) uint8: itself, or its complement if inverted.

    Examples
    --------
    >>> from gazecore.dicom.image import Window
    >>> color_table(Window(128, 256))[[0, 7, 255]].tolist()
    [0, 7, 255]
    >>> color_table(Window(128, 256, invert=True))[[0, 7, 255]].tolist()
    [255, 248, 0]
    """
    levels = np.minimum(np.arange(1 << 16), 255).astype(np.uint8)
    return np.subtract(255, levels, out=levels) if window.invert else levels
