"""PNG, JPEG and TIFF of 8 and 16 bits keep their values; broken and huge ones are refused."""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING, Any

import imagecodecs
import numpy as np
import pytest

from gazecore.dicom import Window, display_table, open_image
from gazecore.errors import DamagedFileError, UnsupportedImageError
from tests.gazecore.dicom.tiff import tiff

if TYPE_CHECKING:
    from pathlib import Path

DEEP = (np.arange(40 * 30, dtype=np.uint16) * 50).reshape(40, 30)
SHALLOW = (DEEP >> 8).astype(np.uint8)


@pytest.mark.parametrize("samples", [DEEP, SHALLOW], ids=["16 bit", "8 bit"])
@pytest.mark.parametrize("encode", [imagecodecs.png_encode, tiff])
def test_lossless_values_are_kept(tmp_path: Path, samples: Any, encode: Any) -> None:
    path = tmp_path / "no extension"
    path.write_bytes(encode(samples))
    image = open_image(path)
    np.testing.assert_array_equal(image.stored, samples)
    assert image.bits_stored == 8 * samples.dtype.itemsize
    assert image.stored.dtype == np.uint16


def test_eight_bits_are_shown_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "x.jpg"
    path.write_bytes(imagecodecs.jpeg8_encode(SHALLOW, level=100))
    image = open_image(path)
    table = display_table(image, image.default_window)
    np.testing.assert_array_equal(table[:256], np.arange(256))
    assert np.abs(image.stored.astype(int) - SHALLOW).max() <= 2


def test_sixteen_bits_are_shown_by_percentiles(tmp_path: Path) -> None:
    path = tmp_path / "x.png"
    path.write_bytes(imagecodecs.png_encode(DEEP >> 4))
    image = open_image(path)
    assert display_table(image, image.default_window)[image.stored].max() == 255
    assert [p.window for p in image.windows] == [Window(32768, 65536)]


def test_white_is_zero(tmp_path: Path) -> None:
    path = tmp_path / "x.tif"
    path.write_bytes(tiff(SHALLOW, photometric="miniswhite"))
    image = open_image(path)
    assert image.photometric == "MONOCHROME1"
    shown = display_table(image, image.default_window)[image.stored]
    np.testing.assert_array_equal(shown, 255 - SHALLOW)


@pytest.mark.parametrize("encode", [imagecodecs.png_encode, tiff])
@pytest.mark.parametrize("share", [0.02, 0.5])
def test_cut_short(tmp_path: Path, encode: Any, share: float) -> None:
    path = tmp_path / "x"
    data = encode(DEEP)
    path.write_bytes(data[: max(9, int(len(data) * share))])
    with pytest.raises(DamagedFileError):
        open_image(path)


def test_bomb_is_refused_by_its_header(tmp_path: Path) -> None:
    body = b"IHDR" + struct.pack(">IIBBBBB", 60_000, 60_000, 8, 0, 0, 0, 0)
    header = struct.pack(">I", 13) + body + struct.pack(">I", zlib.crc32(body))
    path = tmp_path / "bomb.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + header)
    with pytest.raises(UnsupportedImageError, match="60000 x 60000"):
        open_image(path)


@pytest.mark.parametrize(
    "data",
    [
        # four channels in a JPEG's frame header: CMYK
        bytes.fromhex("ffd8 ffc0 0014 08 0028 001e 04 01110002110003110004110000"),
        b"II*\0\x08\0\0\0"
        + struct.pack("<H", 3)
        + b"".join(
            struct.pack("<HHII", tag, 3, 1, value) for tag, value in ((256, 4), (257, 4), (262, 5))
        )
        + bytes(4),
    ],
    ids=["jpeg", "tiff"],
)
def test_inks_are_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "x"
    path.write_bytes(data)
    with pytest.raises(UnsupportedImageError, match="CMYK"):
        open_image(path)


def test_later_pages_are_named(tmp_path: Path) -> None:
    path = tmp_path / "x.tif"
    path.write_bytes(tiff(np.stack([SHALLOW] * 3), photometric="minisblack"))
    image = open_image(path)
    np.testing.assert_array_equal(image.stored, SHALLOW)
    assert "first page of several" in image.warnings
    path.write_bytes(tiff(SHALLOW))
    assert "frames" not in [badge.code for badge in open_image(path).badges]


def test_channels_in_planes(tmp_path: Path) -> None:
    """A TIFF may keep red, green and blue apart."""
    path = tmp_path / "x.tif"
    color = np.stack([SHALLOW, SHALLOW // 2, SHALLOW // 3])
    path.write_bytes(tiff(color, photometric="rgb", planarconfig="separate"))
    image = open_image(path)
    expected = np.tensordot([0.299, 0.587, 0.114], color, 1)
    assert np.abs(image.stored - expected).max() <= 0.51
    np.testing.assert_array_equal(image.colors, np.moveaxis(color, 0, -1))


@pytest.mark.parametrize("bits", [8, 16])
def test_colors_are_shown_without_a_window(tmp_path: Path, bits: int) -> None:
    path = tmp_path / "x.png"
    deep = np.stack([DEEP, DEEP[::-1], DEEP[:, ::-1]], axis=-1)
    samples = deep if bits == 16 else (deep >> 8).astype(np.uint8)
    path.write_bytes(imagecodecs.png_encode(samples))
    image = open_image(path)
    assert (image.is_color, image.bits_stored, image.windows) == (True, bits, ())
    assert image.default_window == Window(float(1 << bits - 1), float(1 << bits))
    np.testing.assert_array_equal(image.colors, np.floor(samples / (2**bits - 1) * 255 + 0.5))
    assert "color" in [badge.code for badge in image.badges]


def test_floating_point_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.tif"
    path.write_bytes(tiff(DEEP.astype(np.float32)))
    with pytest.raises(UnsupportedImageError, match="bits"):
        open_image(path)


@pytest.mark.parametrize("encode", [imagecodecs.jpeg8_encode, imagecodecs.png_encode, tiff])
@pytest.mark.parametrize("kept", [0.6, 0.99])
def test_a_picture_cut_short_is_refused(tmp_path: Path, encode: Any, kept: float) -> None:
    path, noise = tmp_path / "x", np.random.default_rng(0).integers(0, 256, (90, 80))
    data = bytes(encode(noise.astype(np.uint8)))
    path.write_bytes(data + b"\0\0")  # what follows the end does no harm
    assert open_image(path).stored.shape == (90, 80)
    path.write_bytes(data[: int(kept * len(data))])
    with pytest.raises(DamagedFileError):
        open_image(path)
