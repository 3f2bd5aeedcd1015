"""What a study knows, as frozen records: cases, readers, sessions, readings, quality, audit."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pathlib import Path

    from gazecore.study.protocol import ConsentLevel

SessionEnd = Literal["finished", "stopped", "fault"]
ReadingEnd = Literal["answered", "stopped", "skipped"]
DominantEye = Literal["left", "right", "unknown"]
QualityKind = Literal["calibration", "validation", "drift_check", "reading", "session"]


@dataclass(frozen=True, slots=True)
class Case:
    """One thing to read: an image under a pseudonymous name."""

    case_id: str
    path: Path
    width_px: int
    height_px: int
    sha256: str
    reference_answer: str | None = None
    simulated: bool = False


@dataclass(frozen=True, slots=True)
class Reader:
    """Someone who reads, known by a pseudonym; `consent_level` None follows the protocol."""

    reader_id: str
    dominant_eye: DominantEye = "unknown"
    glasses: bool = False
    consent_level: ConsentLevel | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """One sitting of one reader; `ended_utc` None means it still runs or was cut off."""

    session_id: str
    reader_id: str
    recording_path: Path
    started_utc: str
    ended_utc: str | None = None
    end_reason: SessionEnd | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """One reader reading one case; `answers` holds the last value of each field."""

    reading_id: str
    session_id: str
    reader_id: str
    case_id: str
    position: int
    started_utc: str
    finished_utc: str | None = None
    state: Literal["open"] | ReadingEnd = "open"
    answers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Quality:
    """How well gaze was tracked, measured in a session or in one reading; angles in degrees."""

    session_id: str
    kind: QualityKind
    reading_id: str | None = None
    accuracy_deg: float | None = None
    precision_rms_deg: float | None = None
    precision_std_deg: float | None = None
    data_loss: float | None = None
    passed: bool | None = None
    detail: str = ""
    measured_utc: str = ""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One change of the study: when, which program, what was done to what."""

    audit_id: int
    at_utc: str
    program: str
    action: str
    subject: str
    detail: dict[str, object]
