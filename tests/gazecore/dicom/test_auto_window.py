"""The automatic window against numpy's percentiles and its closed form at the two ends."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazecore.dicom import Window, XrayHeader, XrayImage, auto_window, display_table
from gazecore.dicom.auto_window import percentile_window
from gazecore.dicom.shutter import Shutter

WHOLE = Window(2048, 4096)


def _image(stored: Any, **changes: Any) -> XrayImage:
    header = XrayHeader(**{"bits_stored": 16, "default_window": WHOLE, **changes})
    return XrayImage.from_header(header, stored)


def test_lowest_and_highest_percentile_become_black_and_white() -> None:
    stored = np.random.default_rng(0).integers(500, 3000, (200, 300)).astype(np.uint16)
    image = _image(stored)
    table = display_table(image, auto_window(image))
    ordered = np.sort(stored.ravel())
    low, high = ordered[59], ordered[-61]
    assert table[low] == 0
    assert table[high] == 255
    assert table[high - 5] < 255
    assert table[low + 6] > 0


def test_padding_does_not_count() -> None:
    stored = np.full((100, 100), 0, dtype=np.uint16)
    stored[:10] = np.arange(1000, 2000).reshape(10, 100)
    window = auto_window(_image(stored, padding_range=(0, 0)))
    assert window.center - window.width / 2 == pytest.approx(1000, abs=2)


def test_nothing_but_padding_still_gives_a_window() -> None:
    window = auto_window(_image(np.full((9, 9), 7, dtype=np.uint16), padding_range=(7, 7)))
    assert (window.center, window.width) == (7.5, 1.0)


def test_values_are_modality_values() -> None:
    stored = np.array([[-100, 100]], dtype=np.int16)
    window = auto_window(_image(stored, signed=True, slope=-2.0, intercept=10.0))
    assert (window.center, window.width) == (10.5, 401.0)


def test_region_is_looked_at_alone() -> None:
    stored = np.zeros((20, 20), dtype=np.uint16)
    stored[5:10, 5:10] = 900
    image = _image(stored)
    assert auto_window(image, (5, 5, 10, 10)).center == 900.5
    assert auto_window(image, (50, 50, 60, 60)) == auto_window(image)
    assert auto_window(image, (-9, -9, 99, 99)) == auto_window(image)


def test_what_a_shutter_hides_does_not_count_in_a_region_either() -> None:
    stored = np.full((20, 20), 60000, dtype=np.uint16)
    stored[5:10, 5:10] = 900
    shutter = Shutter(rectangle=(6, 6, 10, 10))
    image = _image(stored, shutter=shutter)
    assert auto_window(image, (0, 0, 12, 12)) == auto_window(image) == Window(900.5, 1.0)
    assert auto_window(image, (12, 12, 20, 20)) == Window(60000.5, 1.0), "nothing else there"


@given(st.lists(st.integers(0, 65535), min_size=1, max_size=400))
def test_window_spans_values_that_occur(values: list[int]) -> None:
    stored = np.array([values], dtype=np.uint16)
    window = percentile_window(_image(stored), stored)
    low = window.center - 0.5 - (window.width - 1) / 2
    assert {low, low + window.width - 1} <= set(values)
