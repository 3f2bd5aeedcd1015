"""Scripted faults of a tracker, from a JSON or TOML file, for tests and drills.

::

    schema_version = 1
    [[faults]]
    kind = "hole"      # no samples are sent; they are lost at the device
    at_s = 2.0         # after the tracker's start
    seconds = 0.5
    [[faults]]
    kind = "lost"      # samples are sent with both eyes lost (NaN)
    at_s = 4.0
    seconds = 0.2
    [[faults]]
    kind = "stall"     # samples are held back and come late, in one burst, with their own times
    at_s = 5.0
    seconds = 1.0
    [[faults]]
    kind = "stop"      # the tracker ends
    at_s = 9.0
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from gazecore.errors import (
    DamagedFileError,
    InvalidSettingError,
    MissingPathError,
    NewerSchemaError,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from gazecore.devices.driver import DeviceSample

SCHEMA_VERSION = 1
FaultKind = Literal["hole", "lost", "stall", "stop"]
_KINDS: tuple[FaultKind, ...] = ("hole", "lost", "stall", "stop")


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault in [at_s, at_s + seconds) after the tracker's start."""

    kind: FaultKind
    at_s: float
    seconds: float = 0.0

    def covers(self, elapsed_s: float) -> bool:
        """Whether the fault is active at a time after the start."""
        if self.kind == "stop":
            return elapsed_s >= self.at_s
        return self.at_s <= elapsed_s < self.at_s + self.seconds


class FaultScript:
    """Applies faults to the samples of a driver."""

    def __init__(self, faults: Sequence[Fault] = ()) -> None:
        self._faults = tuple(faults)
        self._held: list[DeviceSample] = []

    def apply(
        self, samples: Sequence[DeviceSample], start_s: float, now_s: float
    ) -> list[DeviceSample]:
        """What is sent now of what the driver measured."""
        if not self._faults:
            return list(samples)
        kept = [s for sample in samples if (s := self._one(sample, sample.t_s - start_s))]
        if self._is_active("stall", now_s - start_s):
            self._held += kept
            return []
        sent, self._held = self._held + kept, []
        return sent

    def ends(self, elapsed_s: float) -> bool:
        """Whether the tracker is to end."""
        return self._is_active("stop", elapsed_s)

    def _one(self, sample: DeviceSample, elapsed_s: float) -> DeviceSample | None:
        if self._is_active("hole", elapsed_s) or self._is_active("stop", elapsed_s):
            return None
        return sample.without_eyes() if self._is_active("lost", elapsed_s) else sample

    def _is_active(self, kind: FaultKind, elapsed_s: float) -> bool:
        return any(f.kind == kind and f.covers(elapsed_s) for f in self._faults)


def read_faults(path: Path) -> tuple[Fault, ...]:
    """Read a faults file.

    Raises
    ------
    MissingPathError, DamagedFileError, NewerSchemaError, InvalidSettingError
        No such file; neither JSON nor TOML of this form; a newer form; an unknown kind.
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
        raise DamagedFileError(path, f"not a faults file ({error!r})") from error


def _parsed(path: Path) -> dict[str, Any]:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".json":
        return dict(json.loads(text))
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    return dict(tomllib.loads(text))


def _fault(entry: dict[str, Any]) -> Fault:
    if entry["kind"] not in _KINDS:
        raise InvalidSettingError("fault kind", entry["kind"], f"one of {', '.join(_KINDS)}")
    at_s, seconds = float(entry["at_s"]), float(entry.get("seconds", 0.0))
    if not (at_s >= 0 and seconds >= 0):
        raise InvalidSettingError("fault time", (at_s, seconds), "seconds of zero or more")
    return Fault(entry["kind"], at_s, seconds)
