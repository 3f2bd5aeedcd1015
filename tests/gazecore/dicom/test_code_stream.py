"""Stated sizes of real encodings, and no exception on any bytes."""

from __future__ import annotations

import struct
from typing import Any

import imagecodecs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazecore.dicom.code_stream import (
    J2K_SIGNATURE,
    JP2_SIGNATURE,
    JPEG_SIGNATURE,
    PNG_SIGNATURE,
    StreamSize,
    check_work,
    read_size,
)
from tests.gazecore.dicom.tiff import tiff

DEEP = (np.arange(30 * 20, dtype=np.uint16) * 100).reshape(20, 30)
SHALLOW = (DEEP >> 8).astype(np.uint8)
COLOR = np.stack([SHALLOW] * 3, axis=-1)


@pytest.mark.parametrize(
    ("data", "components", "bits"),
    [
        (imagecodecs.png_encode(DEEP), 1, 16),
        (imagecodecs.png_encode(COLOR), 3, 8),
        (imagecodecs.jpeg8_encode(SHALLOW), 1, 8),
        (imagecodecs.jpeg8_encode(COLOR), 3, 8),
        (imagecodecs.ljpeg_encode(DEEP), 1, 16),
        (imagecodecs.jpegls_encode(DEEP), 1, 16),
        (imagecodecs.jpeg2k_encode(DEEP, codecformat="J2K"), 1, 16),
        (imagecodecs.jpeg2k_encode(COLOR, codecformat="JP2"), 3, 8),
    ],
)
def test_sizes_of_real_encodings(data: bytes, components: int, bits: int) -> None:
    assert read_size(bytes(data)) == StreamSize(30, 20, components, bits)


@pytest.mark.parametrize("encode", [imagecodecs.jpeg8_encode, imagecodecs.png_encode])
@pytest.mark.parametrize("level", [0, 100])
def test_sound_streams_are_no_work(encode: Any, level: int) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (200, 300)).astype(np.uint8)
    data = bytes(encode(noise, level=level // 12 if encode is imagecodecs.png_encode else level))
    check_work(data, StreamSize(300, 200, 1, 8))


def test_countless_scans() -> None:
    data = bytes(imagecodecs.jpeg8_encode(SHALLOW))
    scan = data[data.index(b"\xff\xda") : -2]
    check_work(data + 60 * scan, StreamSize(30, 20, 1, 8))
    with pytest.raises(ValueError, match="201 scans"):
        check_work(data + 200 * scan, StreamSize(30, 20, 1, 8))
    with pytest.raises(ValueError, match="21 scans of 8000 x 8000"):
        check_work(data + 20 * scan, StreamSize(8000, 8000, 1, 8))


def test_png_of_more_than_its_pixels() -> None:
    data, size = bytes(imagecodecs.png_encode(SHALLOW)), StreamSize(30, 20, 1, 8)
    chunk = struct.pack(">I4s", 1 << 20, b"IDAT") + bytes((1 << 20) + 4)
    check_work(data[:33] + struct.pack(">I4s", 1 << 20, b"tEXt") + chunk[8:] + data[33:], size)
    with pytest.raises(ValueError, match="compressed bytes for at most"):
        check_work(data[:33] + chunk + data[33:], size)
    with pytest.raises(ValueError, match="more than 100000 chunks"):
        check_work(data[:33] + 100_001 * struct.pack(">I4sI", 0, b"tEXt", 0), size)


def test_sizes_of_tiff() -> None:
    assert read_size(tiff(DEEP)) == StreamSize(30, 20, 1, 16)
    assert read_size(tiff(COLOR, photometric="rgb")) == StreamSize(30, 20, 3, 8)


def test_white_is_zero_tiff() -> None:
    size = read_size(tiff(SHALLOW, photometric="miniswhite"))
    assert size is not None
    assert size.white_is_zero


def test_code_stream_of_jp2_is_that_of_its_own_box() -> None:
    """A code-stream planted in another box does not hide the real one."""
    real = bytes(imagecodecs.jpeg2k_encode(DEEP, codecformat="JP2"))
    small = bytes(imagecodecs.jpeg2k_encode(DEEP[:4, :4].copy(), codecformat="J2K"))
    planted = real[:12] + struct.pack(">I4s", 8 + len(small), b"xml ") + small + real[12:]
    size = read_size(planted)
    assert size is not None
    assert (size.width_px, size.height_px) == (30, 20)


@given(
    start=st.sampled_from([PNG_SIGNATURE, JPEG_SIGNATURE, J2K_SIGNATURE, JP2_SIGNATURE, b"II*\0"]),
    rest=st.binary(max_size=200),
)
def test_any_bytes_give_a_size_or_none(start: bytes, rest: bytes) -> None:
    size = read_size(start + rest)
    assert size is None or isinstance(size, StreamSize)


def test_unknown_bytes_state_nothing() -> None:
    assert read_size(b"") is None
    assert read_size(b"hello") is None
