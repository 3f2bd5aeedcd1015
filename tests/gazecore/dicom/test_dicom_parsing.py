"""Files are read up to their pixels; what follows and what is too much is left alone."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

import numpy as np
import pydicom
import pytest

from gazecore.dicom import open_image
from gazecore.dicom.dicom_parsing import BoundedFile, parse
from gazecore.errors import DamagedFileError, NotAnImageError, UnsupportedImageError

if TYPE_CHECKING:
    from pathlib import Path

PIXELS = np.arange(48, dtype=np.uint16).reshape(6, 8)
DELIMITER = bytes.fromhex("feffdde0 00000000")


def test_pixels_stay_in_the_file(make_dicom: Any) -> None:
    path = make_dicom(PIXELS)
    with BoundedFile(path) as stream:
        dataset, pixels = parse(path, stream)
        assert "PixelData" not in dataset
        assert dataset.Rows == 6
        stream.seek(pixels.at)
        assert stream.read(pixels.n_bytes) == PIXELS.tobytes()


@pytest.mark.parametrize(
    "tail", [bytes(4096), b"\xfc\xff\xfc\xffOB\0\0\x04\0\0\0\0\0\0\0", b"junk" * 9, b"\x01"]
)
def test_what_follows_the_pixels_is_left_alone(make_dicom: Any, tail: bytes) -> None:
    path = make_dicom(PIXELS)
    path.write_bytes(path.read_bytes() + tail)
    np.testing.assert_array_equal(open_image(path).stored, PIXELS)


def test_native_pixels_of_undefined_length(make_dicom: Any) -> None:
    """Some archives close native pixels as if they were encapsulated."""
    path = make_dicom(PIXELS)
    data = path.read_bytes()
    stated = b"OW\0\0" + struct.pack("<I", PIXELS.nbytes)
    assert data.count(stated) == 1
    path.write_bytes(data.replace(stated, b"OW\0\0" + b"\xff" * 4) + DELIMITER)
    np.testing.assert_array_equal(open_image(path).stored, PIXELS)


def test_one_frame_of_a_large_film_is_read(make_dicom: Any) -> None:
    frames = np.arange(5 * 48, dtype=np.uint16).reshape(5, 6, 8)
    path = make_dicom(frames[0], NumberOfFrames=5, PixelData=frames.tobytes())
    np.testing.assert_array_equal(open_image(path, frame=4).stored, frames[4])
    path.write_bytes(path.read_bytes()[:-2])
    with pytest.raises(DamagedFileError, match="478 bytes of pixels, its header asks for 480"):
        open_image(path)


def test_floating_point_pixels(make_dicom: Any) -> None:
    path = make_dicom(PixelData=None, FloatPixelData=b"\0" * 192)
    with pytest.raises(UnsupportedImageError, match="floating-point"):
        open_image(path)


def test_a_length_beyond_the_file_takes_no_memory(tmp_path: Path) -> None:
    path = tmp_path / "short"
    path.write_bytes(bytes(range(10)))
    with BoundedFile(path) as stream:
        assert stream.read(1 << 50) == bytes(range(10))
        assert stream.read(1 << 50) == b""
        stream.seek(7)
        assert stream.read() == bytes((7, 8, 9))
        stream.seek(50)
        assert stream.read(4) == b""


def test_too_many_elements(make_dicom: Any, tmp_path: Path) -> None:
    start = make_dicom().read_bytes()
    meta_end = 144 + struct.unpack("<I", start[140:144])[0]
    path = tmp_path / "many"
    path.write_bytes(start[:meta_end] + b"\x08\0\0\0UN\0\0\0\0\0\0" * 100_002)
    with pytest.raises(UnsupportedImageError, match="more than 100000 elements"):
        open_image(path)


def test_deflated_data_cut_short(make_dicom: Any, tmp_path: Path) -> None:
    dataset = pydicom.dcmread(make_dicom(PIXELS))
    dataset.file_meta.TransferSyntaxUID = pydicom.uid.DeflatedExplicitVRLittleEndian
    path = tmp_path / "deflated"
    dataset.save_as(path)
    np.testing.assert_array_equal(open_image(path).stored, PIXELS)
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(DamagedFileError, match="incomplete deflated data"):
        open_image(path)


def test_structures_without_pixels(make_dicom: Any) -> None:
    with pytest.raises(NotAnImageError):
        open_image(make_dicom(PixelData=None))
