"""What is known about the tracker and the recorder, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


SILENT_AFTER_S = 1.0
"""A gaze stream without a sample for so long is told to the reader."""


@dataclass(frozen=True, slots=True)
class TrackerChoice:
    """Which tracker to start, with further arguments of ``focusstation tracker DRIVER``."""

    driver: str = "simulated"
    arguments: tuple[str, ...] = ()
    stream_name: str = "FocusStation gaze"


@dataclass(frozen=True, slots=True)
class TrackerStatus:
    """What the tracker process says of itself."""

    driver: str
    rate_hz: float
    sent: int
    is_simulated: bool
    can_calibrate: bool = False

    @classmethod
    def from_answer(cls, answer: Mapping[str, Any]) -> TrackerStatus:
        """The status in the tracker's answer to ``status``."""
        return cls(
            driver=str(answer.get("driver", "")),
            rate_hz=float(answer.get("rate_hz", 0.0)),
            sent=int(answer.get("sent", 0)),
            is_simulated=bool(answer.get("simulated", False)),
            can_calibrate=bool(answer.get("can_calibrate", False)),
        )


@dataclass(frozen=True, slots=True)
class StreamStatus:
    """One recorded stream: samples so far, rate, age of the last sample, share of valid ones."""

    name: str
    samples: int
    rate_hz: float | None
    age_s: float | None
    valid_share: float | None


@dataclass(frozen=True, slots=True)
class RecorderStatus:
    """What the recorder process says of itself."""

    state: str
    streams: Mapping[str, StreamStatus] = field(default_factory=dict)
    has_acknowledged_markers: bool = False
    size_bytes: int = 0
    free_bytes: int | None = None
    gaps: int = 0
    faults: tuple[str, ...] = ()

    @classmethod
    def from_answer(cls, answer: Mapping[str, Any]) -> RecorderStatus:
        """The status in the recorder's answer to ``status``."""
        streams = {
            str(name): StreamStatus(
                name=str(name),
                samples=int(values.get("samples", 0)),
                rate_hz=_optional(values.get("rate_hz")),
                age_s=_optional(values.get("age_s")),
                valid_share=_optional(values.get("valid_share")),
            )
            for name, values in dict(answer.get("streams", {})).items()
        }
        gaps = answer.get("gaps", 0)
        free = answer.get("free_bytes")
        return cls(
            state=str(answer.get("state", "")),
            streams=streams,
            has_acknowledged_markers=bool(answer.get("markers_acknowledged", False)),
            size_bytes=int(answer.get("bytes", 0)),
            free_bytes=None if free is None else int(free),
            gaps=len(gaps) if isinstance(gaps, list) else int(gaps),
            faults=tuple(str(fault) for fault in answer.get("faults", ())),
        )


@dataclass(frozen=True, slots=True)
class AcquisitionStatus:
    """Tracker and recorder at one moment; None where there is none, `problem` where one broke."""

    tracker: TrackerStatus | None = None
    recorder: RecorderStatus | None = None
    problem: str = ""

    def trouble(self, gaze_stream: str) -> str:
        """What is wrong with the recording of gaze, in a few words; empty if nothing is."""
        if self.problem:
            return self.problem
        gaze = self.recorder.streams.get(gaze_stream) if self.recorder else None
        if gaze is not None and (gaze.age_s is None or gaze.age_s > SILENT_AFTER_S):
            return "no gaze arrives from the tracker"
        return ""


@dataclass(frozen=True, slots=True)
class RecordingClosed:
    """A recording is closed; `is_verified` tells whether the recorder read it back unharmed."""

    file: str
    is_verified: bool


def _optional(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None
