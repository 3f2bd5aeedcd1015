"""Channels of a colour image keep their values, and are inverted by their complement."""

from __future__ import annotations

import numpy as np

from gazecore.dicom import Window
from gazecore.dicom.colors import color_planes, color_table

COLORS = np.random.default_rng(2).integers(0, 256, (5, 6, 3)).astype(np.uint8)


def test_planes_are_the_channels() -> None:
    planes = color_planes(COLORS)
    np.testing.assert_array_equal(np.stack(planes, axis=-1), COLORS)
    assert all(plane.flags.c_contiguous and plane.dtype == np.uint16 for plane in planes)


def test_no_window_applies_but_invert() -> None:
    narrow = Window(3.0, 2.0)
    np.testing.assert_array_equal(color_table(narrow)[COLORS], COLORS)
    inverted = color_table(Window(3.0, 2.0, invert=True))
    np.testing.assert_array_equal(inverted[COLORS], 255 - COLORS)
