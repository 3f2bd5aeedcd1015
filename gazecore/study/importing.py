"""Images on their way into a study: which files, what they are, under which name they are kept."""

from __future__ import annotations

import csv
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gazecore.errors import DamagedFileError, InputError, InvalidSettingError, MissingPathError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from gazecore.dicom import XrayImage

_SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", ".png"),
    (b"\xff\xd8\xff", ".jpg"),
    (b"II*\x00", ".tif"),
    (b"MM\x00*", ".tif"),
)

SUFFIXES = (".dcm", ".png", ".jpg", ".tif")
"""The file name suffixes that cases have."""


@dataclass(frozen=True, slots=True)
class ImageFacts:
    """What a study keeps of an image beside its bytes."""

    suffix: str
    width_px: int
    height_px: int
    simulated: bool


def image_facts(path: Path, open_with: Callable[[Path], XrayImage] | None = None) -> ImageFacts:
    """Open an image and say what it is.

    Parameters
    ----------
    path : Path
    open_with : callable, optional
        What opens it; `gazecore.dicom.open_image` in this process by default.

    Raises
    ------
    InputError
        The file is missing, no image, damaged, or cannot be shown faithfully.
    """
    from gazecore.dicom import open_image

    if not path.is_file():
        raise MissingPathError(path, "image")
    image = (open_with or open_image)(path)
    height_px, width_px = image.stored.shape
    return ImageFacts(image_suffix(path), width_px, height_px, image.simulated)


def image_suffix(path: Path) -> str:
    """The file name suffix that an image's first bytes call for; DICOM where nothing else fits."""
    with path.open("rb") as file:
        head = file.read(16)
    return next((suffix for start, suffix in _SIGNATURES if head.startswith(start)), ".dcm")


def image_files(paths: Iterable[Path]) -> Iterator[Path]:
    """The files named and all files below the folders named, by name; hidden ones and DICOMDIR not.

    Raises
    ------
    MissingPathError
        A path is neither file nor folder.
    """
    for path in paths:
        if path.is_dir():
            yield from _files_below(path)
        elif path.is_file():
            yield path
        else:
            raise MissingPathError(path, "image or folder")


def _files_below(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith(".") and name.upper() != "DICOMDIR":
                yield type(folder)(place) / name


def unreadable_error(path: Path, error: OSError) -> InputError:
    """What a file that cannot be read means to the user."""
    return DamagedFileError(path, f"it cannot be read ({error.strerror or error})")


def read_reference(path: Path) -> dict[str, str]:
    """Reference answers by file name, from a CSV file with the columns file and answer.

    Raises
    ------
    MissingPathError, DamagedFileError, InvalidSettingError
    """
    if not path.is_file():
        raise MissingPathError(path, "reference file")
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            table = csv.DictReader(file, strict=True)
            columns, rows = table.fieldnames, list(table)
    except OSError as error:
        raise unreadable_error(path, error) from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise DamagedFileError(path, f"it is no CSV file in UTF-8 ({error})") from error
    if not {"file", "answer"} <= set(columns or ()):
        raise InvalidSettingError(f"{path.name}: columns", columns, "file and answer")
    return {row["file"]: row["answer"] for row in rows if row["answer"]}
