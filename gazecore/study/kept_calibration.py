"""Calibrations of a tracker, kept with the session in which they were made.

``recordings/<session>.calibration.1.json``, .2 ... : the device's own data and whose, on which
tracker and before which screen it was made. It lies with the recordings because it cannot be
computed from anything else; a file is never changed once written.
"""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Base64Bytes, BaseModel, ConfigDict, ValidationError

from gazecore.errors import UnwritablePathError
from gazecore.messages import CalibratedTarget, ScreenState
from gazecore.study.database import now_utc
from gazecore.study.durable import write_durably

if TYPE_CHECKING:
    from pathlib import Path

    from gazecore.study.study import Study


class TrackerIdentity(BaseModel):
    """Which tracker: a calibration made on one says nothing of another."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    driver: str
    model: str = ""
    serial_number: str = ""


class KeptCalibration(BaseModel):
    """One calibration as the device stores it, and what it belongs to."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    schema_version: Literal[1] = 1
    session_id: str
    reader_id: str
    made_utc: str = ""
    tracker: TrackerIdentity
    screen: ScreenState
    targets: tuple[CalibratedTarget, ...] = ()
    background_level: float | None = None
    data: Base64Bytes

    @classmethod
    def of(cls, data: bytes, **about: Any) -> KeptCalibration:
        """One made of the device's bytes as they are, and the other fields by name."""
        return cls(data=base64.b64encode(data), **about)


def keep_calibration(recordings: Path, kept: KeptCalibration) -> Path:
    """Write a calibration under the next number of its session.

    Raises
    ------
    UnwritablePathError
        The disk is full or takes no file.
    """
    numbers = [_number(path) for path in _files(recordings, kept.session_id)]
    place = recordings / f"{kept.session_id}.calibration.{max(numbers, default=0) + 1}.json"
    stamped = kept.model_copy(update={"made_utc": kept.made_utc or now_utc()})
    try:
        write_durably(place, stamped.model_dump_json(indent=1).encode() + b"\n")
        place.chmod(0o444)
    except OSError as error:
        reason = error.strerror or str(error)
        raise UnwritablePathError(place, reason, "make room on the study's disk") from error
    return place


def last_calibration(
    study: Study, reader_id: str, tracker: TrackerIdentity, screen: ScreenState
) -> KeptCalibration | None:
    """The reader's newest calibration with this tracker before this screen, or None.

    Files that cannot be read, or are of a newer version, are passed over.
    """
    mine = [session for session in study.sessions() if session.reader_id == reader_id]
    for session in reversed(mine):
        files = _files(study.recordings, session.session_id)
        for path in sorted(files, key=_number, reverse=True):
            kept = read_calibration(path)
            if kept is not None and (kept.tracker, kept.screen) == (tracker, screen):
                return kept
    return None


def read_calibration(path: Path) -> KeptCalibration | None:
    """One kept calibration, or None where the file is not one that this version reads."""
    try:
        return KeptCalibration.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None


def _files(recordings: Path, session_id: str) -> list[Path]:
    return [path for path in recordings.glob(f"{session_id}.calibration.*.json") if _number(path)]


def _number(path: Path) -> int:
    found = re.search(r"\.calibration\.(\d+)\.json$", path.name)
    return int(found[1]) if found else 0
