"""The screens of a study as they were checked: ``screens.json`` beside ``study.toml``.

Not part of the protocol: a study may be read on several screens, each is checked where it
stands. A record belongs to one display in one mode (`ScreenFingerprint.identity`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field, ValidationError

from gazecore.errors import DamagedFileError
from gazecore.screens import ScreenFingerprint  # noqa: TC001 - pydantic reads it
from gazecore.study.durable import write_durably
from gazecore.study.json_document import read_document
from gazecore.study.protocol import Setting

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

SCREENS_FILE = "screens.json"
SCHEMA_VERSION = 1

SizeMethod = Literal["card", "ruler", "typed"]
DistanceSource = Literal["typed", "tracker"]


class MeasuredLatency(Setting):
    """From the end of painting to light, measured with a photodiode on the screen's corner.

    Attributes
    ----------
    latency_s, spread_s : float
        Median, and median absolute deviation from it.
    edges, toggles : int
        Edges of light that were matched, of those shown.
    """

    latency_s: float = Field(ge=-0.05, le=1)
    spread_s: float = Field(ge=0)
    edges: int = Field(ge=0)
    toggles: int = Field(ge=0)
    sensor: str
    simulated: bool = False
    refresh_hz: float = Field(0.0, ge=0)
    measured_utc: str


class ScreenRecord(Setting):
    """What was measured on one screen; None where it was not."""

    fingerprint: ScreenFingerprint
    width_mm: float | None = Field(None, gt=0)
    height_mm: float | None = Field(None, gt=0)
    size_method: SizeMethod | None = None
    distance_mm: float | None = Field(None, gt=0)
    distance_source: DistanceSource | None = None
    checked_utc: str = ""
    latency: MeasuredLatency | None = None


class _ScreensFile(Setting):
    schema_version: int = SCHEMA_VERSION
    screens: tuple[ScreenRecord, ...] = ()


def read_screens(folder: Path) -> tuple[ScreenRecord, ...]:
    """The screens known to the study in `folder`.

    Raises
    ------
    DamagedFileError, NewerSchemaError
        The file is not as it was written, or of a newer program.
    """
    path = folder / SCREENS_FILE
    document = read_document(path, SCHEMA_VERSION)
    if document is None:
        return ()
    try:
        found = _ScreensFile.model_validate(document)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise DamagedFileError(path, f"{where}: {first['msg']}") from error
    return found.screens


def record_for(
    records: Sequence[ScreenRecord], fingerprint: ScreenFingerprint
) -> ScreenRecord | None:
    """What is known about a screen, None if it was never checked."""
    same = [r for r in records if r.fingerprint.identity == fingerprint.identity]
    return same[-1] if same else None


def write_screens(folder: Path, records: Sequence[ScreenRecord]) -> None:
    """Write all records, whole or not at all."""
    text = _ScreensFile(screens=tuple(records)).model_dump_json(indent=2)
    write_durably(folder / SCREENS_FILE, text.encode() + b"\n")
