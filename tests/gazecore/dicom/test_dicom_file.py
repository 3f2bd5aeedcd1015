"""DICOM files of all codings open to the stored values; hostile ones are refused in one line."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any

import imagecodecs
import numpy as np
import pydicom
import pytest
from pydicom.encaps import encapsulate, encapsulate_extended
from pydicom.pixels.processing import convert_color_space
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGLSLossless,
    RLELossless,
)

from gazecore.dicom import display_table, limits, open_image
from gazecore.dicom.dicom_file import looks_like_dicom
from gazecore.errors import DamagedFileError, NotAnImageError, UnsupportedImageError

if TYPE_CHECKING:
    from pathlib import Path

TWELVE_BIT = np.random.default_rng(0).integers(0, 4096, (30, 40)).astype(np.uint16)


@pytest.mark.parametrize("dtype", [np.uint8, np.int8, np.uint16, np.int16])
def test_stored_values_of_each_type(make_dicom: Any, dtype: Any) -> None:
    info = np.iinfo(dtype)
    pixels = np.linspace(info.min, info.max, 35).astype(dtype).reshape(5, 7)
    image = open_image(make_dicom(pixels))
    np.testing.assert_array_equal(image.stored, pixels)
    assert image.stored.dtype == (np.int16 if info.min < 0 else np.uint16)
    assert image.stored.flags.c_contiguous


def test_high_bits_are_cleared(make_dicom: Any) -> None:
    """Old scanners keep overlays there."""
    path = make_dicom(TWELVE_BIT | 0xF000, BitsStored=12, HighBit=11)
    np.testing.assert_array_equal(open_image(path).stored, TWELVE_BIT)


def test_high_bits_of_signed_values_follow_the_sign(make_dicom: Any) -> None:
    values = np.array([[-2048, -1, 0, 2047]], dtype=np.int16)
    path = make_dicom(values & 0x0FFF, BitsStored=12, HighBit=11)
    np.testing.assert_array_equal(open_image(path).stored, values)


@pytest.mark.parametrize("high_bit", [11, 13, 15])
@pytest.mark.parametrize("dtype", [np.uint16, np.int16])
def test_values_above_the_lowest_bit_are_brought_down(
    make_dicom: Any, high_bit: int, dtype: Any
) -> None:
    """Old CRs keep 10 bits in bits 2 to 11; what lies above them is none of theirs."""
    least = -512 if dtype is np.int16 else 0
    values = np.random.default_rng(1).integers(least, least + 1024, (6, 8)).astype(dtype)
    words = (values.view(np.uint16) & 0x3FF) << (high_bit - 9)
    noise = np.uint16(0xFFFF & ~((1 << high_bit + 1) - 1))
    path = make_dicom((words | noise).view(dtype), BitsStored=10, HighBit=high_bit)
    image = open_image(path)
    np.testing.assert_array_equal(image.stored, values)
    assert image.stored.dtype == dtype
    assert "high_bit" in [badge.code for badge in image.badges]


def test_an_overlay_above_raised_values(make_dicom: Any) -> None:
    values = np.full((4, 4), 1023, np.uint16) << 2
    drawn = np.eye(4, dtype=np.uint16)
    plane = {
        0x60000010: ("US", 4), 0x60000011: ("US", 4), 0x60000040: ("CS", "G"),
        0x60000050: ("SS", [1, 1]), 0x60000100: ("US", 16), 0x60000102: ("US", 13),
    }  # fmt: skip
    path = make_dicom(values | drawn << 13, BitsStored=10, HighBit=11, overlay=plane)
    image = open_image(path)
    assert (image.stored == 1023).all()
    np.testing.assert_array_equal(image.overlays[0].mask, drawn.astype(bool))
    plane[0x60000102] = ("US", 10)  # a bit of the values themselves draws nothing
    path = make_dicom(values, BitsStored=10, HighBit=11, overlay=plane)
    assert not any(plane.mask.any() for plane in open_image(path).overlays)


def test_a_high_bit_that_may_be_wrong_is_refused(make_dicom: Any) -> None:
    with pytest.raises(UnsupportedImageError, match="high bit 15 for 12 bits stored, with bits"):
        open_image(make_dicom(TWELVE_BIT, BitsStored=12, HighBit=15))


def test_stated_extremes_and_odd_lengths_change_nothing(make_dicom: Any) -> None:
    wrong = {"SmallestImagePixelValue": ("US", 4000), "LargestImagePixelValue": ("US", 1)}
    plain, stated = open_image(make_dicom(TWELVE_BIT)), open_image(make_dicom(TWELVE_BIT, **wrong))
    np.testing.assert_array_equal(stated.stored, plain.stored)
    assert stated.default_window == plain.default_window
    odd = np.arange(35, dtype=np.uint8).reshape(5, 7)
    path = make_dicom(odd)
    data = path.read_bytes()
    path.write_bytes(data[:-1].replace(b"OB\0\0\x24\0\0\0", b"OB\0\0\x23\0\0\0"))
    assert path.read_bytes()[-43:-35] == b"OB\0\0\x23\0\0\0"
    np.testing.assert_array_equal(open_image(path).stored, odd)


@pytest.mark.parametrize("syntax", [ImplicitVRLittleEndian, ExplicitVRBigEndian, RLELossless])
def test_transfer_syntaxes(make_dicom: Any, tmp_path: Path, syntax: Any) -> None:
    dataset = pydicom.dcmread(make_dicom(TWELVE_BIT))
    if syntax == RLELossless:
        dataset.compress(syntax)
    elif syntax == ExplicitVRBigEndian:
        dataset.PixelData = TWELVE_BIT.byteswap().tobytes()
    path = tmp_path / "other.dcm"
    fresh = pydicom.Dataset()
    fresh.update(dataset)
    fresh.file_meta = dataset.file_meta
    fresh.file_meta.TransferSyntaxUID = syntax
    pydicom.dcmwrite(path, fresh)
    np.testing.assert_array_equal(open_image(path).stored, TWELVE_BIT)


def test_without_preamble_and_file_meta(make_dicom: Any, tmp_path: Path) -> None:
    dataset = pydicom.dcmread(make_dicom(TWELVE_BIT))
    del dataset.file_meta
    path = tmp_path / "bare"
    pydicom.dcmwrite(path, dataset, implicit_vr=True, little_endian=True)
    np.testing.assert_array_equal(open_image(path).stored, TWELVE_BIT)


def test_frames(make_dicom: Any) -> None:
    frames = np.stack([TWELVE_BIT, TWELVE_BIT[::-1]])
    path = make_dicom(TWELVE_BIT, NumberOfFrames=2, PixelData=frames.tobytes())
    image = open_image(path, frame=1)
    np.testing.assert_array_equal(image.stored, frames[1])
    assert (image.frame, image.frames, image.default_window.frame) == (1, 2, 1)
    with pytest.raises(UnsupportedImageError, match="frame 3 of 2"):
        open_image(path, frame=2)


COLOR = np.random.default_rng(0).integers(0, 256, (4, 6, 3)).astype(np.uint8)


@pytest.mark.parametrize("layout", ["split", "offsets", "extended"])
def test_frames_in_fragments(make_dicom: Any, tmp_path: Path, layout: str) -> None:
    frames = [TWELVE_BIT, TWELVE_BIT[::-1].copy()]
    codes = [bytes(imagecodecs.jpegls_encode(frame)) for frame in frames]
    dataset = pydicom.dcmread(make_dicom(TWELVE_BIT, NumberOfFrames=2))
    if layout == "extended":
        data, offsets, lengths = encapsulate_extended(codes)
        dataset.ExtendedOffsetTable, dataset.ExtendedOffsetTableLengths = offsets, lengths
    else:
        data = encapsulate(codes, fragments_per_frame=3, has_bot=layout == "offsets")
    dataset.PixelData = data
    dataset["PixelData"].VR = "OB"
    dataset.file_meta.TransferSyntaxUID = JPEGLSLossless
    path = tmp_path / "frames.dcm"
    dataset.save_as(path)
    path.write_bytes(path.read_bytes() + bytes(64))
    for number, frame in enumerate(frames):
        np.testing.assert_array_equal(open_image(path, frame=number).stored, frame)


def test_bytes_in_big_endian_words(make_dicom: Any, tmp_path: Path) -> None:
    pixels = np.arange(35, dtype=np.uint8).reshape(5, 7)
    dataset = pydicom.dcmread(make_dicom(pixels))
    words = np.frombuffer(dataset.PixelData, "u2").byteswap().tobytes()
    fresh = pydicom.Dataset()
    fresh.update(dataset)
    fresh.add_new("PixelData", "OW", words)
    fresh.file_meta = dataset.file_meta
    fresh.file_meta.TransferSyntaxUID = ExplicitVRBigEndian
    path = tmp_path / "big.dcm"
    pydicom.dcmwrite(path, fresh)
    np.testing.assert_array_equal(open_image(path).stored, pixels)


def test_colors_are_kept_beside_their_luminance(make_dicom: Any) -> None:
    color = COLOR
    image = open_image(make_dicom(color, WindowCenter="9", WindowWidth="2"))
    assert image.is_color
    np.testing.assert_array_equal(image.colors, color)
    assert [badge.code for badge in image.badges] == ["spacing", "color"]
    expected = color @ np.array([0.299, 0.587, 0.114])
    assert np.abs(image.stored - expected).max() <= 0.51
    assert image.windows == ()
    # no windowing: each level is the luminance itself
    table = display_table(image, image.default_window)
    np.testing.assert_array_equal(table[image.stored], image.stored)


def test_ybr_becomes_the_colors_that_pydicom_gives(make_dicom: Any) -> None:
    path = make_dicom(COLOR, PhotometricInterpretation="YBR_FULL")
    expected = convert_color_space(COLOR, "YBR_FULL", "RGB")
    np.testing.assert_array_equal(open_image(path).colors, expected)
    planes = np.moveaxis(COLOR, -1, 0).tobytes()
    path = make_dicom(COLOR, PlanarConfiguration=1, PixelData=planes)
    np.testing.assert_array_equal(open_image(path).colors, COLOR)


def test_grey_that_came_as_colors_is_grey(make_dicom: Any) -> None:
    image = open_image(make_dicom(COLOR[..., :1].repeat(3, axis=2)))
    assert not image.is_color
    assert image.colors is None
    np.testing.assert_array_equal(image.stored, COLOR[..., 0])


def test_compressed_code_stream_larger_than_the_header(make_dicom: Any, tmp_path: Path) -> None:
    dataset = pydicom.dcmread(make_dicom(TWELVE_BIT))
    big = imagecodecs.jpeg2k_encode(np.zeros((900, 900), np.uint16), codecformat="J2K", level=0)
    dataset.PixelData = encapsulate([bytes(big)])
    dataset["PixelData"].VR = "OB"
    dataset.file_meta.TransferSyntaxUID = JPEG2000Lossless
    path = tmp_path / "bomb.dcm"
    dataset.save_as(path)
    with pytest.raises(DamagedFileError, match="900 x 900"):
        open_image(path)


def test_deflated_bomb(make_dicom: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_INFLATED_BYTES", 1 << 20)
    dataset = pydicom.dcmread(make_dicom(np.zeros((1024, 1024), dtype=np.uint16)))
    dataset.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian
    path = tmp_path / "deflated.dcm"
    dataset.save_as(path)
    assert path.stat().st_size < 50_000
    with pytest.raises(UnsupportedImageError, match="deflated"):
        open_image(path)
    monkeypatch.setattr(limits, "MAX_INFLATED_BYTES", 1 << 24)
    assert open_image(path).stored.shape == (1024, 1024)


def test_broken_deflate(make_dicom: Any, tmp_path: Path) -> None:
    dataset = pydicom.dcmread(make_dicom())
    dataset.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian
    path = tmp_path / "deflated.dcm"
    dataset.save_as(path)
    path.write_bytes(path.read_bytes()[:-20] + zlib.compress(b"not deflate"))
    with pytest.raises(DamagedFileError):
        open_image(path)


def test_without_pixels(make_dicom: Any) -> None:
    with pytest.raises(NotAnImageError, match="without pixel data"):
        open_image(make_dicom(PixelData=None))
    with pytest.raises(DamagedFileError, match="empty"):
        open_image(make_dicom(PixelData=b""))


@pytest.mark.parametrize("kept", [0.3, 0.6, 0.95])
def test_cut_short(make_dicom: Any, kept: float) -> None:
    path = make_dicom(TWELVE_BIT)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * kept)])
    with pytest.raises((DamagedFileError, NotAnImageError)):
        open_image(path)


def test_recognising() -> None:
    assert looks_like_dicom(bytes(128) + b"DICM")
    assert looks_like_dicom(b"\x08\x00\x05\x00\x0a\x00\x00\x00ISO")
    assert not looks_like_dicom(b"Patient name: x\n" * 20)
    assert not looks_like_dicom(b"")


@pytest.mark.data
def test_lossless_codings_agree(local_data: Path) -> None:
    folder = local_data / "dicom" / "nema_wg04"
    plain = open_image(folder / "RG2_UNC").stored
    for coding in ("J2KR", "JLSL", "JPLL", "RLE"):
        np.testing.assert_array_equal(open_image(folder / f"RG2_{coding}").stored, plain)
    for coding in ("J2KI", "JLSN", "JPLY"):
        lossy = open_image(folder / f"RG2_{coding}").stored.astype(int)
        assert np.abs(lossy - plain).mean() < 15
        assert lossy.max() <= 1023


def test_lossless_codings_of_the_package_agree(radiographs: list[Path]) -> None:
    by_name = {path.name: path for path in radiographs}
    for name in ("RG1", "RG3"):
        plain = open_image(by_name[f"{name}_UNCR.dcm"]).stored
        np.testing.assert_array_equal(open_image(by_name[f"{name}_J2KR.dcm"]).stored, plain)
