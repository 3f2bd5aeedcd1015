"""The demo study: synthetic knees, two real radiographs, readers, what attracts their gaze."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gazecore.errors import MissingExtraError

if TYPE_CHECKING:
    from pathlib import Path

    from gazecore.synthetic.scene import Scene


RADIOGRAPHS = ("RG1_UNCI.dcm", "RG3_UNCI.dcm")


@dataclass(frozen=True, slots=True)
class DemoStudy:
    """Where the study is, and per case its scene and its grade (None for real radiographs)."""

    path: Path
    scenes_file: Path
    scenes: dict[str, Scene]
    grades: dict[str, int | None]
    sizes_px: dict[str, tuple[int, int]]


def radiograph_files() -> list[Path]:
    """RG1 (chest) and RG3 (leg) of the pydicom-data package.

    Raises
    ------
    MissingExtraError
        The package is not installed.
    """
    try:
        from importlib.metadata import files

        listed = files("pydicom-data") or []
    except ImportError as error:
        raise MissingExtraError("the demo's real radiographs", "demo") from error
    found = {path.name: path for path in listed if path.name in RADIOGRAPHS}
    if len(found) != len(RADIOGRAPHS):
        raise MissingExtraError("the demo's real radiographs", "demo")
    from pathlib import Path as FilePath

    return [FilePath(str(found[name].locate())) for name in RADIOGRAPHS]
