"""What a session's derivatives depend on, as digests: the same digests mean the same files.

A recording is known by the size and times of its parts; where only the times differ (the study
was copied), by the SHA-256 of their bytes. Everything else that bears on the outcome goes into
one digest: settings, the protocol's rules, the mappings of streams, the reader's eye, which
readings the study knows, and the program itself down to its source.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

import gazecore
from gazecore.analysis.derivatives import SCHEMA_VERSION
from gazecore.recording.parts import part_paths

if TYPE_CHECKING:
    from gazecore.analysis.inputs import SessionInputs

_LIMITS = {"max_accuracy_deg", "max_precision_rms_deg", "max_data_loss", "max_drift_deg"}
_LIBRARIES = ("numpy", "polars", "scipy")


class PartIdentity(BaseModel):
    """One file of a recording as it was read."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    name: str
    size: int
    modified_ns: int
    changed_ns: int
    sha256: str = ""

    def matches(self, now: PartIdentity, folder: Path) -> bool:
        """Whether the file is still the one that was read; asks its bytes where times differ."""
        if (self.name, self.size) != (now.name, now.size):
            return False
        if (self.modified_ns, self.changed_ns) == (now.modified_ns, now.changed_ns):
            return True
        return self.sha256 == file_digest(folder / self.name)


def recording_parts(recording: Path) -> tuple[PartIdentity, ...]:
    """The files of a recording as they lie there now, without the digest of their bytes."""
    found = []
    for path in part_paths(recording):
        stat = path.stat()
        found.append(
            PartIdentity(
                name=path.name,
                size=stat.st_size,
                modified_ns=stat.st_mtime_ns,
                changed_ns=stat.st_ctime_ns,
            )
        )
    return tuple(found)


def with_digests(parts: tuple[PartIdentity, ...], folder: Path) -> tuple[PartIdentity, ...]:
    """The same parts with the SHA-256 of their bytes."""
    return tuple(
        part.model_copy(update={"sha256": file_digest(folder / part.name)}) for part in parts
    )


def file_digest(path: Path) -> str:
    """SHA-256 of a file's bytes, read in pieces; empty without the file."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while piece := file.read(1 << 20):
                digest.update(piece)
    except FileNotFoundError:
        return ""
    return digest.hexdigest()


def inputs_digest(inputs: SessionInputs) -> str:
    """One digest of all that bears on a session's derivatives beside its recording."""
    facts = {
        "schema": SCHEMA_VERSION,
        "program": program_identity(),
        "settings": asdict(inputs.settings),
        "session": [inputs.session_id, inputs.reader_id, *sorted(inputs.reading_ids)],
        "exclusion": inputs.exclusion.model_dump(mode="json"),
        "limits": inputs.calibration.model_dump(mode="json", include=_LIMITS),
        "screen": asdict(inputs.screen),
        "resolution": inputs.aid.resolution_px,
        "eye": inputs.eye,
        "profiles": [profile.model_dump(mode="json") for profile in inputs.aid.profiles],
    }
    return _digest(json.dumps(facts, sort_keys=True))


@cache
def program_identity() -> str:
    """Version and source of this program, and the versions of what computes in it."""
    root = Path(gazecore.__file__).parent
    digest = hashlib.sha256(gazecore.__version__.encode())
    for path in sorted(root.rglob("*.py")):
        digest.update(str(path.relative_to(root)).encode() + path.read_bytes())
    for library in _LIBRARIES:
        digest.update(f"{library} {metadata.version(library)}".encode())
    return digest.hexdigest()


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
