"""Bounds hold at their edges."""

from __future__ import annotations

from pathlib import Path

import pytest

from gazecore.dicom import limits
from gazecore.errors import UnsupportedImageError

PATH = Path("image.dcm")


@pytest.mark.parametrize(("width", "height"), [(1, 1), (8192, 8192), (limits.MAX_SIDE_PX, 2048)])
def test_sizes_within(width: int, height: int) -> None:
    limits.check_size(PATH, width, height)


@pytest.mark.parametrize(
    ("width", "height"), [(0, 5), (5, -1), (8192, 8193), (limits.MAX_SIDE_PX + 1, 1)]
)
def test_sizes_beyond(width: int, height: int) -> None:
    with pytest.raises(UnsupportedImageError, match=f"{width} x {height}"):
        limits.check_size(PATH, width, height)


def test_file_too_large(tmp_path: Path) -> None:
    path = tmp_path / "large"
    with path.open("wb") as file:
        file.truncate(limits.MAX_FILE_BYTES + 1)
    with pytest.raises(UnsupportedImageError, match="bytes"):
        limits.check_file_bytes(path)


def test_fewer_pixels_in_color() -> None:
    limits.check_colors(PATH, 4096, 4096)
    with pytest.raises(UnsupportedImageError, match="4097 x 4096 pixels in color"):
        limits.check_colors(PATH, 4097, 4096)
