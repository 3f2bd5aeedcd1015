"""The stamp of a session's derivatives: what they were made from, which they are, what was found.

It is written last and taken away first, so that files with a stamp are whole and belong together
whenever the program was killed.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from gazecore.analysis.derivatives import put_in_place
from gazecore.analysis.fingerprint import (
    PartIdentity,
    file_digest,
    inputs_digest,
    recording_parts,
)

if TYPE_CHECKING:
    from pathlib import Path

    from gazecore.analysis.inputs import SessionInputs


class StampedReading(BaseModel):
    """A reading whose map was written."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    reading_id: str
    case_id: str
    usable: bool


class SessionStamp(BaseModel):
    """``derivatives/sessions/<session_id>.json``.

    Attributes
    ----------
    inputs : str
        Digest of all the files depend on beside the recording (`gazecore.analysis.fingerprint`).
    parts : tuple of PartIdentity
        The recording's files as they were read.
    corrections : str
        SHA-256 of the session's corrections, empty where none are applied.
    files : dict
        Size of each file written, by its path within the derivatives.
    analysed : bool
        Whether the recording could be read.
    correction : int, optional
        The version of the correction applied.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    schema_version: Literal[1] = 1
    session_id: str
    inputs: str
    parts: tuple[PartIdentity, ...] = ()
    corrections: str = ""
    files: dict[str, int] = {}
    analysed: bool = False
    samples: int = 0
    fixations: int = 0
    readings: tuple[StampedReading, ...] = ()
    simulated: bool = False
    correction: int | None = None
    problems: tuple[str, ...] = ()

    @property
    def identity(self) -> str:
        """Digest of what the files were made from."""
        facts = [self.inputs, self.corrections, *(part.sha256 for part in self.parts)]
        return hashlib.sha256("\n".join(facts).encode()).hexdigest()


def current_stamp(inputs: SessionInputs) -> SessionStamp | None:
    """The stamp of a session if making its files again would give the same, and all are there."""
    stamp = read_stamp(inputs.derivatives, inputs.session_id)
    if stamp is None or stamp.inputs != inputs_digest(inputs):
        return None
    if stamp.corrections != corrections_digest(inputs):
        return None
    if any(_size(inputs.derivatives / name) != size for name, size in stamp.files.items()):
        return None
    now, folder = recording_parts(inputs.recording), inputs.recording.parent
    pairs = list(zip(stamp.parts, now, strict=False))
    if len(now) != len(stamp.parts) or not all(was.matches(part, folder) for was, part in pairs):
        return None
    known = tuple(part.model_copy(update={"sha256": was.sha256}) for was, part in pairs)
    if known != stamp.parts:  # copied or touched: its times are known from now on
        stamp = stamp.model_copy(update={"parts": known})
        write_stamp(inputs.derivatives, stamp)
    return stamp


def stamp_path(derivatives: Path, session_id: str) -> Path:
    """Where a session's stamp lies."""
    return derivatives / "sessions" / f"{session_id}.json"


def read_stamp(derivatives: Path, session_id: str) -> SessionStamp | None:
    """The stamp of a session; None where there is none that this program can read."""
    try:
        content = stamp_path(derivatives, session_id).read_bytes()
        stamp = SessionStamp.model_validate_json(content)
    except (FileNotFoundError, ValidationError):
        return None
    return stamp if stamp.session_id == session_id else None


def write_stamp(derivatives: Path, stamp: SessionStamp) -> None:
    """Say that a session's files are whole."""
    with put_in_place(stamp_path(derivatives, stamp.session_id)) as partial:
        partial.write_text(stamp.model_dump_json(indent=1) + "\n", encoding="utf-8")


def corrections_digest(inputs: SessionInputs) -> str:
    """SHA-256 of the corrections kept for a session, empty where none are asked for or kept."""
    if not inputs.settings.corrects:
        return ""
    return file_digest(inputs.derivatives / "corrections" / f"{inputs.session_id}.json")


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return -1
