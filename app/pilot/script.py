"""What the pilot does, as data: actions per case, written and read as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from gazecore.errors import InputError, InvalidSettingError, MissingPathError

if TYPE_CHECKING:
    from pathlib import Path


class _Action(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Wait(_Action):
    """Do nothing for a while, as a reader who looks."""

    do: Literal["wait"] = "wait"
    seconds: float = Field(ge=0)


class Key(_Action):
    """Press and release a key, by Qt's portable name."""

    do: Literal["key"] = "key"
    key: str


class Wheel(_Action):
    """Turn the wheel at a place of the viewport (fractions of its width and height)."""

    do: Literal["wheel"] = "wheel"
    notches: int
    x: float = Field(0.5, ge=0, le=1)
    y: float = Field(0.5, ge=0, le=1)


class Drag(_Action):
    """Drag a mouse button across the viewport (fractions of its width and height)."""

    do: Literal["drag"] = "drag"
    button: Literal["left", "middle", "right"]
    from_x: float = Field(ge=0, le=1)
    from_y: float = Field(ge=0, le=1)
    to_x: float = Field(ge=0, le=1)
    to_y: float = Field(ge=0, le=1)
    steps: int = Field(8, ge=1)


class Grab(_Action):
    """Save the pixels of the screen as PNG under the pilot's output folder."""

    do: Literal["grab"] = "grab"
    name: str = Field(pattern=r"^[A-Za-z0-9_-]+$")


AnyAction = Annotated[Wait | Key | Wheel | Drag | Grab, Field(discriminator="do")]


class PilotScript(BaseModel):
    """All the pilot does in one run of the station.

    `cases` maps a case to its actions; a case not named gets `default_case`. The last action
    of a case should answer it. `out` is the folder for grabs and the log.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    schema_version: int = 1
    out: str
    calibrate: bool = True
    cases: dict[str, tuple[AnyAction, ...]] = {}
    default_case: tuple[AnyAction, ...] = (Wait(seconds=1.0), Key(key="Return"))
    give_up_after_s: float = Field(600.0, gt=0)


def read_script(path: Path) -> PilotScript:
    """Read a script.

    Raises
    ------
    MissingPathError, InputError
        No such file, or one that is no script.
    """
    if not path.is_file():
        raise MissingPathError(path, "pilot script")
    try:
        return PilotScript.model_validate_json(path.read_bytes())
    except ValidationError as error:
        first = error.errors()[0]
        if first["type"] == "json_invalid":
            raise InputError(f"pilot script {path}: expected JSON ({first['msg']})") from error
        where = ".".join(str(part) for part in first["loc"]) or "script"
        raise InvalidSettingError(f"{path.name}: {where}", first["input"], first["msg"]) from error


def write_script(path: Path, script: PilotScript) -> None:
    """Write a script as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(script.model_dump_json(indent=1))
