"""Bounds on what a file may ask for, checked before anything is decoded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gazecore.errors import UnsupportedImageError

if TYPE_CHECKING:
    from pathlib import Path

MAX_PIXELS = 1 << 26
"""Pixels of one frame: 67 million, four times the largest mammogram in use."""
MAX_COLOR_PIXELS = 1 << 24
"""Colour pixels of one frame: 17 million, a large radiograph's annotated copy."""
MAX_SAMPLES = 100_000_000
"""Samples of one frame, all channels: 33 million pixels of colour."""
MAX_SIDE_PX = 32_768
MAX_FILE_BYTES = 1 << 30
MAX_INFLATED_BYTES = 1 << 28
"""Bytes a deflated DICOM file may grow to; 714 KB have been seen to become 2 GB."""
MAX_FRAMES = 100_000


def check_size(path: Path, width_px: int, height_px: int, channels: int = 1) -> None:
    """Refuse an image without pixels or with more than the station shows.

    Raises
    ------
    UnsupportedImageError
        The size lies outside 1 to `MAX_SIDE_PX` a side, over `MAX_PIXELS` or `MAX_SAMPLES`.
    """
    if width_px < 1 or height_px < 1:
        raise UnsupportedImageError(path, f"{width_px} x {height_px} pixels, an empty image")
    if max(width_px, height_px) > MAX_SIDE_PX or width_px * height_px > MAX_PIXELS:
        raise UnsupportedImageError(
            path,
            f"{width_px} x {height_px} pixels, more than {MAX_PIXELS} "
            f"or {MAX_SIDE_PX} a side; crop or reduce it first",
        )
    if width_px * height_px * channels > MAX_SAMPLES:
        raise UnsupportedImageError(
            path,
            f"{width_px} x {height_px} pixels of {channels} channels, more than {MAX_SAMPLES} "
            "samples; crop or reduce it first",
        )


def check_colors(path: Path, width_px: int, height_px: int) -> None:
    """Refuse a colour image with more pixels than the station shows in colour."""
    if width_px * height_px > MAX_COLOR_PIXELS:
        raise UnsupportedImageError(
            path,
            f"{width_px} x {height_px} pixels in color, more than {MAX_COLOR_PIXELS}; "
            "reduce it first",
        )


def check_file_bytes(path: Path) -> None:
    """Refuse a file too large to be one radiograph."""
    n_bytes = path.stat().st_size
    if n_bytes > MAX_FILE_BYTES:
        raise UnsupportedImageError(path, f"{n_bytes} bytes, more than {MAX_FILE_BYTES}")
