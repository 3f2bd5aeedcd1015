"""The file of scripted faults; what each kind of them does stands in `gazecore.devices.faults`."""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Literal, get_args

from gazecore.errors import (
    InvalidSettingError,
    LayoutError,
    MissingPathError,
    NewerSchemaError,
)
from gazecore.json_text import parse_json

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA_VERSION = 1
FaultKind = Literal[
    "hole",
    "lost",
    "nan_burst",
    "stall",
    "freeze",
    "duplicate",
    "backward",
    "clock_jump",
    "rate",
    "connection_lost",
    "stop",
    "kill",
    "calibration",
]
CalibrationStep = Literal["start", "collect", "compute", "leave"]
_KINDS: tuple[FaultKind, ...] = get_args(FaultKind)
_STEPS: tuple[CalibrationStep, ...] = get_args(CalibrationStep)
_EXPECTED = "JSON or TOML with schema_version and a list of faults, each with its kind and at_s"
_POINT_REACH_NORM = 0.02


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault, in [at_s, at_s + seconds) after the tracker's start where it lasts.

    `by_s` is how far stamps move (backward, clock_jump), `factor` the true rate over the declared
    one (rate); `step`, `point` and `times` are those of a failing calibration.
    """

    kind: FaultKind
    at_s: float = 0.0
    seconds: float = 0.0
    by_s: float = 0.0
    factor: float = 1.0
    step: CalibrationStep | None = None
    point: tuple[float, float] | None = None
    times: int = 0

    def __post_init__(self) -> None:
        if self.kind not in _KINDS:
            raise InvalidSettingError("fault kind", self.kind, f"one of {', '.join(_KINDS)}")
        if not (0 <= self.at_s < math.inf and 0 <= self.seconds < math.inf):
            times_s = (self.at_s, self.seconds)
            raise InvalidSettingError("fault time", times_s, "seconds of zero or more")
        if not math.isfinite(self.by_s) or (self.kind == "backward" and not self.by_s > 0):
            raise InvalidSettingError("fault by_s", self.by_s, "seconds, of backward above zero")
        if not 0 < self.factor <= 100:
            raise InvalidSettingError("fault factor", self.factor, "above 0, at most 100")
        if self.kind == "calibration" and self.step not in _STEPS:
            raise InvalidSettingError("fault step", self.step, f"one of {', '.join(_STEPS)}")
        if self.times < 0:
            raise InvalidSettingError("fault times", self.times, "zero (always) or more")

    def covers(self, elapsed_s: float) -> bool:
        """Whether the fault is active at a time after the start."""
        if self.kind in {"stop", "kill", "clock_jump"} or (
            self.kind == "rate" and not self.seconds
        ):
            return elapsed_s >= self.at_s
        return self.at_s <= elapsed_s < self.at_s + self.seconds

    def strikes(self, step: CalibrationStep, target: tuple[float, float] | None) -> bool:
        """Whether a step of a calibration, at a target where it has one, is to fail."""
        if self.kind != "calibration" or self.step != step:
            return False
        if self.point is None or target is None:
            return self.point is None
        return math.dist(self.point, target) <= _POINT_REACH_NORM


def read_faults(path: Path) -> tuple[Fault, ...]:
    """Read a faults file.

    Raises
    ------
    MissingPathError, LayoutError, NewerSchemaError, InvalidSettingError
        No such file; neither JSON nor TOML of this form; a newer form; an unknown kind, field
        or an impossible value.
    """
    if not path.is_file():
        raise MissingPathError(path, "faults file")
    try:
        content = _parsed(path)
        version = int(content["schema_version"])
        if version > SCHEMA_VERSION:
            raise NewerSchemaError(path, version, SCHEMA_VERSION)
        return tuple(_fault(entry) for entry in content["faults"])
    except (KeyError, TypeError, ValueError) as error:
        what = f"{error} is missing" if isinstance(error, KeyError) else str(error)
        raise LayoutError(path, f"not a faults file ({what})", _EXPECTED) from error


def _parsed(path: Path) -> dict[str, Any]:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".json":
        return dict(parse_json(text))
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    return dict(tomllib.loads(text))


def _fault(entry: dict[str, Any]) -> Fault:
    known = {field.name for field in fields(Fault)}
    for name in entry:
        if name not in known:
            raise InvalidSettingError("fault field", name, f"one of {', '.join(sorted(known))}")
    point = entry.get("point")
    numbers = {n: float(entry[n]) for n in ("at_s", "seconds", "by_s", "factor") if n in entry}
    if "at_s" not in entry and entry["kind"] != "calibration":
        raise KeyError("at_s")
    return Fault(
        kind=entry["kind"],
        **numbers,
        step=entry.get("step"),
        point=None if point is None else (float(point[0]), float(point[1])),
        times=int(entry.get("times", 0)),
    )
