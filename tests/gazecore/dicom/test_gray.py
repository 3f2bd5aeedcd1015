"""Samples of any layout become one channel; what is given up is named."""

from __future__ import annotations

import numpy as np

from gazecore.dicom.gray import IN_COLOR, TRANSPARENCY_IGNORED, split_channels, to_stored

GRAY = np.arange(12, dtype=np.uint8).reshape(3, 4)


def test_one_channel_is_kept() -> None:
    for samples in (GRAY, GRAY[..., None]):
        channels = split_channels(samples, 8)
        np.testing.assert_array_equal(channels.gray, GRAY)
        assert (channels.colors, channels.badges) == (None, ())


def test_grey_with_transparency_loses_it() -> None:
    channels = split_channels(np.stack([GRAY, GRAY // 2], axis=-1), 8)
    np.testing.assert_array_equal(channels.gray, GRAY)
    assert channels.badges == (TRANSPARENCY_IGNORED,)


def test_equal_channels_are_gray_without_a_note() -> None:
    channels = split_channels(np.stack([GRAY] * 3, axis=-1), 8)
    np.testing.assert_array_equal(channels.gray, GRAY)
    assert (channels.colors, channels.badges) == (None, ())


def test_colors_are_kept_beside_their_luminance() -> None:
    color = np.zeros((1, 3, 4), dtype=np.uint8)
    color[0, range(3), range(3)] = 255
    channels = split_channels(color, 8)
    assert channels.gray.tolist() == [[76, 150, 29]]  # .299, .587, .114 of 255
    np.testing.assert_array_equal(channels.colors, color[..., :3])
    assert channels.badges == (TRANSPARENCY_IGNORED, IN_COLOR)


def test_colors_of_other_depths_become_eight_bits() -> None:
    deep = np.array([[[0, 65535, 32767], [128, 129, 257]]], dtype=np.uint16)
    channels = split_channels(deep, 16)
    # 255 v / 65535 + .5, rounded down
    np.testing.assert_array_equal(channels.colors, [[[0, 255, 127], [0, 1, 1]]])
    assert channels.gray.dtype == np.uint16
    shallow = split_channels(np.array([[[0, 3, 15]]], dtype=np.uint8), 4)
    np.testing.assert_array_equal(shallow.colors, [[[0, 51, 255]]])


def test_stored_types() -> None:
    assert to_stored(GRAY).dtype == np.uint16
    assert to_stored(GRAY.astype(np.int8)).dtype == np.int16
    turned = to_stored(GRAY.astype(">u2").T)
    assert turned.dtype == np.uint16
    assert turned.flags.c_contiguous
    np.testing.assert_array_equal(turned, GRAY.T)
