"""What to record, where to, until when, and the checks before it begins."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gazecore.errors import InputError, MissingPathError, TargetExistsError
from gazecore.recording.disk import demand_room, free_bytes

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Outcome", "RecorderSettings", "RecordingPlan", "demand_place", "free_bytes"]


@dataclass(frozen=True, slots=True)
class RecorderSettings:
    """Times in seconds, sizes in bytes; the defaults are the product's."""

    flush_s: float = 0.04
    sync_s: float = 0.1
    boundary_s: float = 1.0
    clock_offset_s: float = 5.0
    least_free_bytes: int = 1_000_000_000
    warn_free_bytes: int = 5_000_000_000


@dataclass(frozen=True, slots=True)
class RecordingPlan:
    """One recording.

    `names` empty means all gaze and marker streams found; `seconds` None means until stopped;
    `wait_s` is how long to wait for the streams; `control` is the endpoint file to make. With
    neither station nor samples for `abandoned_after_s`, the recording closes itself. It does
    not begin if the disk has no room for `planned_s`.
    """

    out: Path
    names: tuple[str, ...] = ()
    seconds: float | None = None
    wait_s: float = 10.0
    control: Path | None = None
    abandoned_after_s: float = 600.0
    planned_s: float = 0.0
    settings: RecorderSettings = field(default_factory=RecorderSettings)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a recording ended; `verified` says that the file was read back and is as written.

    `faults` are the last ones met, in words; `error` is why it could not go on.
    """

    file: str
    verified: bool
    samples: dict[str, int]
    gaps: int
    error: str | None = None
    faults: tuple[str, ...] = ()


def demand_place(path: Path, least_free_bytes: int) -> None:
    """Check that a recording can be made at `path`.

    Raises
    ------
    TargetExistsError, MissingPathError, InputError
        Something lies there already, there is no such folder, or it is a folder itself.
    UnwritablePathError
        Too little space is free on that disk.
    """
    if path.is_dir():
        raise InputError(f"{path} is a folder; give the name of the XDF file to make")
    if path.exists():
        raise TargetExistsError(path)
    if not path.parent.is_dir():
        raise MissingPathError(path.parent, "folder")
    demand_room(path, least_free_bytes)
