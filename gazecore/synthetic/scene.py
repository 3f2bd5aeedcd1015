"""Scenes: what attracts a simulated reader's gaze in an image, and the file that lists them."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from gazecore.errors import (
    DamagedFileError,
    InvalidSettingError,
    MissingPathError,
    NewerSchemaError,
)
from gazecore.json_text import parse_json

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SCHEMA_VERSION = 1
"""Version of the scenes file."""


@dataclass(frozen=True, slots=True)
class Target:
    """A place that attracts gaze: a Gaussian around (x_px, y_px) in image pixels.

    `weight` is its share of attention relative to the scene's other targets.
    """

    x_px: float
    y_px: float
    sigma_px: float
    weight: float

    def __post_init__(self) -> None:
        if not self.sigma_px >= 0:
            raise InvalidSettingError("target sigma_px", self.sigma_px, "zero or more")
        if not self.weight > 0:
            raise InvalidSettingError("target weight", self.weight, "a positive number")


@dataclass(frozen=True, slots=True)
class Scene:
    """All that attracts gaze in one image; no targets means nothing but exploration."""

    targets: tuple[Target, ...] = ()


def generic_scene(width_px: float, height_px: float) -> Scene:
    """The scene of an image nothing is known about: a centre bias with some spread."""
    narrow, wide = 0.12 * min(width_px, height_px), 0.25 * min(width_px, height_px)
    centre = (width_px / 2, height_px / 2)
    return Scene((Target(*centre, narrow, 1.0), Target(*centre, wide, 2.0)))


def write_scenes(path: Path, scenes: Mapping[str, Scene]) -> None:
    """Write scenes by case id as JSON."""
    cases = {
        case_id: {"targets": [asdict(target) for target in scene.targets]}
        for case_id, scene in scenes.items()
    }
    text = json.dumps({"schema_version": SCHEMA_VERSION, "cases": cases}, indent=1)
    path.write_text(text + "\n", encoding="utf-8")


def read_scenes(path: Path) -> dict[str, Scene]:
    """Read scenes by case id.

    Raises
    ------
    MissingPathError
        No such file.
    NewerSchemaError
        The file was written by a newer program.
    DamagedFileError
        The file is not a scenes file.
    InvalidSettingError
        A target has an impossible value.
    """
    if not path.is_file():
        raise MissingPathError(path, "scenes file")
    try:
        content = parse_json(path.read_text(encoding="utf-8"))
        version = int(content["schema_version"])
        if version > SCHEMA_VERSION:
            raise NewerSchemaError(path, version, SCHEMA_VERSION)
        return {str(case_id): _scene(entry) for case_id, entry in content["cases"].items()}
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise DamagedFileError(path, f"not a scenes file ({error!r})") from error


def _scene(entry: Mapping[str, Any]) -> Scene:
    return Scene(
        tuple(
            Target(
                float(target["x_px"]),
                float(target["y_px"]),
                float(target["sigma_px"]),
                float(target["weight"]),
            )
            for target in entry["targets"]
        )
    )
