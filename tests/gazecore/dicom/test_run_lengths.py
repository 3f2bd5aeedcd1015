"""Run lengths decode to what pydicom makes of them, or say what is wrong."""

from __future__ import annotations

from typing import Any

import numpy as np
import pydicom
import pytest
from pydicom import uid
from pydicom.encaps import generate_frames

from gazecore.dicom import open_image
from gazecore.dicom.run_lengths import decode_run_lengths

HEAD = 64


def _frame(*segments: bytes, said: int | None = None) -> bytes:
    starts = [HEAD + sum(map(len, segments[:n])) for n in range(len(segments))]
    count = len(segments) if said is None else said
    head = np.array([count, *starts, *[0] * (15 - len(starts))], "<u4")
    return head.tobytes() + b"".join(segments)


def test_runs_by_hand() -> None:
    """Three literal bytes, one repeated five times, a no-op; the high byte's plane first."""
    high, low = b"\x02\x01\x02\x03\xfc\x04\x80", b"\xf9\x09"
    found = np.frombuffer(decode_run_lengths(_frame(high, low), 8, 1, 2), "<u2")
    assert found.tolist() == [0x0109, 0x0209, 0x0309, *[0x0409] * 5]


@pytest.mark.parametrize("shape", [(24, 32), (7, 9), (24, 32, 3), (5, 3, 3)])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_as_pydicom(make_dicom: Any, shape: tuple[int, ...], dtype: Any) -> None:
    pixels = (np.random.default_rng(3).integers(0, 3, shape) * 77).astype(dtype)
    path = make_dicom(pixels)
    dataset = pydicom.dcmread(path)
    dataset.compress(uid.RLELossless)
    dataset.save_as(path)
    image = open_image(path)
    plain = dataset.pixel_array
    np.testing.assert_array_equal(plain, pixels)
    if len(shape) == 2:
        np.testing.assert_array_equal(image.stored, plain)
    elif dtype is np.uint8:
        np.testing.assert_array_equal(image.colors, plain)
    (frame,) = generate_frames(dataset.PixelData, number_of_frames=1)
    samples = shape[2] if len(shape) == 3 else 1
    n_pixels, n_bytes = shape[0] * shape[1], np.dtype(dtype).itemsize
    planes = np.frombuffer(decode_run_lengths(frame, n_pixels, samples, n_bytes), dtype)
    planar = pixels.reshape(n_pixels, samples).T
    np.testing.assert_array_equal(planes.reshape(samples, n_pixels), planar)


@pytest.mark.parametrize("padding", [b"", b"\0", b"\x80", b"\xff", b"\x05", b"\0\0\0\0"])
def test_padding_behind_the_runs(padding: bytes) -> None:
    assert decode_run_lengths(_frame(b"\xf9\x09" + padding), 8, 1, 1) == b"\x09" * 8


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (_frame(b"\xf9\x09"), "1 RLE segments, its header asks for 2"),
        (_frame(b"\xf9\x09", b"\xfa\x09"), "decoded to 7 pixels, its header asks for 8"),
        (_frame(b"\xf9\x09", b""), "segment 2 lies outside"),
        (_frame(b"\xf9\x09", said=2), "segment 1 lies outside"),
        (b"\x02\0\0", "segment 1 lies outside"),
        (b"", "0 RLE segments"),
        (_frame(b"\x81\x00" * 9999, b"\x81\x00" * 9999), "OUTPUT_TOO_SMALL"),
    ],
)
def test_refusals(source: bytes, reason: str) -> None:
    with pytest.raises((ValueError, RuntimeError), match=reason):
        decode_run_lengths(source, 8, 1, 2)
