"""Files are told apart by their bytes, never by their names."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import imagecodecs
import numpy as np
import pydicom.config
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gazecore.dicom import open_image
from gazecore.errors import FocusStationError, MissingPathError, NotAnImageError

if TYPE_CHECKING:
    from pathlib import Path


def _verdict(path: Path) -> str:
    """The one line an image is refused with, or the path of one that opens."""
    try:
        image = open_image(path)
    except FocusStationError as error:
        return str(error)
    assert image.stored.ndim == 2
    return str(path)


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(MissingPathError, match="nowhere"):
        open_image(tmp_path / "nowhere.dcm")


@pytest.mark.parametrize(
    "content", [b"", b"Hello, I am a report.\n" * 50, b"\x00" * 500, b"GIF89a"]
)
def test_no_images(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "text.dcm"
    path.write_bytes(content)
    with pytest.raises(NotAnImageError, match=r"text\.dcm"):
        open_image(path)


def test_folder(tmp_path: Path) -> None:
    with pytest.raises(NotAnImageError, match="not a regular file"):
        open_image(tmp_path)


def test_png_named_dcm_and_dicom_named_png(tmp_path: Path, make_dicom: Any) -> None:
    png = tmp_path / "a.dcm"
    png.write_bytes(imagecodecs.png_encode(np.zeros((2, 3), np.uint8)))
    assert open_image(png).source_format == "png"
    assert open_image(str(make_dicom(name="b.png"))).source_format == "dicom"


def test_pydicom_stays_as_it_was(make_dicom: Any) -> None:
    before = {k: v for k, v in vars(pydicom.config).items() if isinstance(v, (bool, int, str))}
    with warnings.catch_warnings():
        open_image(make_dicom())
    after = {k: v for k, v in vars(pydicom.config).items() if isinstance(v, (bool, int, str))}
    assert before == after


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_any_byte_changed_anywhere_is_shown_or_refused(make_dicom: Any, data: Any) -> None:
    path = make_dicom(WindowCenter="100", WindowWidth="200")
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(128, len(content) - 1))
        content[at] = data.draw(st.integers(0, 255))
    path.write_bytes(content)
    assert "\n" not in _verdict(path)


@pytest.mark.data
def test_fuzzed_files_are_shown_or_refused(local_data: Path) -> None:
    paths = sorted((local_data / "dicom" / "fuzzed").glob("*.dcm"))
    assert len(paths) > 50
    for path in paths:
        assert str(path) in _verdict(path)
