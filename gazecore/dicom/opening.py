"""Opening any image file: what it is is told by its bytes, never by its name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from gazecore.dicom import limits
from gazecore.dicom.dicom_file import looks_like_dicom, open_dicom
from gazecore.dicom.raster import open_raster, raster_format
from gazecore.errors import (
    DamagedFileError,
    MissingPathError,
    NotAnImageError,
    UnsupportedImageError,
)

if TYPE_CHECKING:
    from gazecore.dicom.image import XrayImage

_START_BYTES = 256


def open_image(path: Path | str, *, frame: int = 0) -> XrayImage:
    """Open a DICOM, PNG, JPEG or TIFF radiograph in this process, after header checks.

    For files of unknown origin use `gazecore.dicom.decoder.Decoder`, which does the same in a
    process of its own.

    Parameters
    ----------
    path : Path or str
        The file.
    frame : int
        Frame of a multi-frame DICOM image, from 0.

    Raises
    ------
    MissingPathError
        There is no such file.
    NotAnImageError
        A folder, a text file, an unknown format, a DICOM object without pixels.
    UnsupportedImageError
        A sound image that is too large, over 16 bits, or would be shown wrongly.
    DamagedFileError
        An image cut short or contradicting itself.
    """
    path = Path(path)
    if not path.exists():
        raise MissingPathError(path)
    if not path.is_file():
        raise NotAnImageError(path, "not a regular file")
    limits.check_file_bytes(path)
    try:
        with path.open("rb") as file:
            start = file.read(_START_BYTES)
    except OSError as error:
        raise DamagedFileError(path, f"it cannot be read ({error.strerror})") from error
    if not start:
        raise NotAnImageError(path, "an empty file")
    # A DICOM preamble may hold a TIFF header (PS3.10 7.1): DICOM is tried first
    try:
        if looks_like_dicom(start):
            return open_dicom(path, frame)
        if found := raster_format(start):
            return open_raster(path, found)
    except MemoryError as error:
        raise UnsupportedImageError(path, "it needs more memory than there is") from error
    raise NotAnImageError(path, "neither DICOM nor PNG, JPEG or TIFF by its content")
