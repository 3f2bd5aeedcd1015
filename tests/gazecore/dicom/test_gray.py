"""Samples of any layout become one channel; what is given up is named."""

from __future__ import annotations

import numpy as np

from gazecore.dicom.gray import COLOR_AS_GRAY, TRANSPARENCY_IGNORED, to_gray, to_stored

GRAY = np.arange(12, dtype=np.uint8).reshape(3, 4)


def test_one_channel_is_kept() -> None:
    for samples in (GRAY, GRAY[..., None]):
        gray, notes = to_gray(samples)
        np.testing.assert_array_equal(gray, GRAY)
        assert notes == ()


def test_equal_channels_are_gray_without_a_note() -> None:
    gray, notes = to_gray(np.stack([GRAY] * 3, axis=-1))
    np.testing.assert_array_equal(gray, GRAY)
    assert notes == ()


def test_color_becomes_luminance() -> None:
    color = np.zeros((1, 3, 4), dtype=np.uint8)
    color[0, range(3), range(3)] = 255
    gray, notes = to_gray(color)
    assert gray.tolist() == [[76, 150, 29]]  # .299, .587, .114 of 255
    assert notes == (TRANSPARENCY_IGNORED, COLOR_AS_GRAY)


def test_stored_types() -> None:
    assert to_stored(GRAY).dtype == np.uint16
    assert to_stored(GRAY.astype(np.int8)).dtype == np.int16
    turned = to_stored(GRAY.astype(">u2").T)
    assert turned.dtype == np.uint16
    assert turned.flags.c_contiguous
    np.testing.assert_array_equal(turned, GRAY.T)
