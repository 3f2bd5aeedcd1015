"""What is never seen of an image: padding by its stored values, and what a shutter hides."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from gazecore.dicom import Window, XrayHeader, XrayImage, display_table
from gazecore.dicom.hidden import hidden_pixels, padding_mask, seen_levels, shutter_mask
from gazecore.dicom.shutter import Shutter

STORED = np.arange(-6, 6, dtype=np.int16).reshape(3, 4)
HEADER = XrayHeader(bits_stored=16, signed=True, default_window=Window(0.0, 12.0))
SHUTTER = Shutter(rectangle=(1, 1, 4, 2))


def test_the_padding_range_holds_both_its_ends() -> None:
    padded = replace(HEADER, padding_range=(-5, -3))
    mask = padding_mask(padded, STORED)
    assert mask is not None
    assert STORED[mask].tolist() == [-5, -4, -3]
    assert padding_mask(HEADER, STORED) is None
    assert padding_mask(replace(HEADER, padding_range=(100, 200)), STORED) is None


def test_padding_and_shutter_hide_together() -> None:
    both = replace(HEADER, padding_range=(-6, -6), shutter=SHUTTER)
    mask = hidden_pixels(XrayImage.from_header(both, STORED))
    assert mask is not None
    assert STORED[mask].tolist() == [-6, 2, 3, 4, 5]
    assert hidden_pixels(XrayImage.from_header(HEADER, STORED)) is None


def test_either_alone() -> None:
    shuttered = replace(HEADER, shutter=SHUTTER)
    mask = hidden_pixels(XrayImage.from_header(shuttered, STORED))
    np.testing.assert_array_equal(mask, shutter_mask(shuttered, STORED.shape))
    padded = replace(HEADER, padding_range=(5, 9))
    mask = hidden_pixels(XrayImage.from_header(padded, STORED))
    assert mask is not None
    assert STORED[mask].tolist() == [5]
    assert shutter_mask(HEADER, STORED.shape) is None


def test_levels_as_seen_are_the_tables_and_black_where_hidden() -> None:
    window = Window(0.0, 12.0, invert=True)
    image = XrayImage.from_header(replace(HEADER, shutter=SHUTTER), STORED)
    expected = display_table(HEADER, window)[STORED.view(np.uint16)]
    expected[2] = 0
    np.testing.assert_array_equal(seen_levels(image, window), expected)
    assert expected[:2].any()
