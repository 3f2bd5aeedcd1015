"""PNG, JPEG and TIFF radiographs, 8 or 16 bit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import imagecodecs
import numpy as np

from gazecore.dicom import limits
from gazecore.dicom.auto_window import percentile_window
from gazecore.dicom.badges import Badge
from gazecore.dicom.code_stream import (
    JPEG_SIGNATURE,
    PNG_SIGNATURE,
    TIFF_SIGNATURES,
    StreamSize,
    check_end,
    check_work,
    read_size,
)
from gazecore.dicom.gray import Channels, split_channels, to_stored
from gazecore.dicom.image import NamedWindow, Window, XrayHeader, XrayImage
from gazecore.dicom.reasons import reason_of
from gazecore.dicom.spacing import UNKNOWN_SPACING
from gazecore.errors import DamagedFileError, UnsupportedImageError

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

_DECODERS = {
    "png": imagecodecs.png_decode,
    "jpeg": imagecodecs.jpeg8_decode,
    "tiff": imagecodecs.tiff_decode,
}


def raster_format(start: bytes) -> str | None:
    """``png``, ``jpeg`` or ``tiff`` by a file's first bytes, else None."""
    if start.startswith(PNG_SIGNATURE):
        return "png"
    if start.startswith(JPEG_SIGNATURE):
        return "jpeg"
    return "tiff" if start.startswith(TIFF_SIGNATURES) else None


def open_raster(path: Path, source_format: str) -> XrayImage:
    """Open a PNG, JPEG or TIFF file as an image with an identity modality step.

    8-bit images are shown as they are, 16-bit ones through their percentiles, with the full
    range as a preset. A TIFF's later pages are ignored, saying so.
    """
    data = path.read_bytes()
    size = read_size(data)
    if size is None:
        raise DamagedFileError(path, f"its {source_format.upper()} header is incomplete")
    limits.check_size(path, size.width_px, size.height_px, size.components)
    if size.bits > 16 or size.components > 4:
        raise UnsupportedImageError(
            path, f"{size.components} channels of {size.bits} bits; at most 4 of 16 can be shown"
        )
    if size.inks:
        raise UnsupportedImageError(path, f"{size.inks} colours; grey or RGB can be shown")
    samples = _decode(path, data, size, source_format)
    if samples.shape == (size.components, size.height_px, size.width_px):  # channels in planes
        samples = np.moveaxis(samples, 0, -1)
    if samples.shape[:2] != (size.height_px, size.width_px):
        raise DamagedFileError(path, f"decoded to {samples.shape}, not what its header says")
    if samples.dtype.kind not in "iu" or samples.dtype.itemsize > 2:
        raise UnsupportedImageError(
            path, f"samples of type {samples.dtype}; 8 or 16 bits can be shown"
        )
    channels = split_channels(samples, 8 * samples.dtype.itemsize)
    if channels.colors is not None:
        limits.check_colors(path, size.width_px, size.height_px)
    return _image(channels, size, source_format)


def _decode(path: Path, data: bytes, size: StreamSize, source_format: str) -> npt.NDArray[Any]:
    try:
        check_work(data, size)
        if source_format == "jpeg":
            check_end(data)
        samples: npt.NDArray[Any] = _DECODERS[source_format](data)
    except (RuntimeError, ValueError, TypeError, NotImplementedError) as error:
        raise DamagedFileError(
            path, f"its pixels cannot be decoded ({reason_of(error)})"
        ) from error
    if samples.ndim not in (2, 3):
        raise UnsupportedImageError(path, f"{samples.ndim} dimensions; an image has 2")
    return samples


def _image(channels: Channels, size: StreamSize, source_format: str) -> XrayImage:
    stored, colors = to_stored(channels.gray), channels.colors
    bits = 8 * channels.gray.dtype.itemsize
    pages = (Badge("frames", "first page of several"),) if size.more_pages else ()
    full = Window(center=float(1 << (bits - 1)), width=float(1 << bits))
    common: dict[str, Any] = {
        "source_format": source_format,
        "bits_stored": bits,
        "photometric": "MONOCHROME1" if size.white_is_zero else "MONOCHROME2",
        "is_color": colors is not None,
        "windows": () if colors is not None else (NamedWindow("full range", full),),
        "badges": (Badge("spacing", UNKNOWN_SPACING), *pages, *channels.badges),
    }
    header = XrayHeader(default_window=full, **common)
    plain = bits == 8 or colors is not None
    default = full if plain else percentile_window(header, stored)
    return XrayImage(stored=stored, colors=colors, default_window=default, **common)
