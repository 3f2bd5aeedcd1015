"""What is known about the tracker and the recorder, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gazecore.devices.traits import display_mismatch
from gazecore.samples import GAZE_STREAM_NAME

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gazecore.messages import GazeMapped

LSL_DRIVER = "lsl"
"""Instead of a driver of ours: a stream that somebody else sends."""


@dataclass(frozen=True, slots=True)
class TrackerChoice:
    """Which tracker to start, with further arguments of ``focusstation tracker DRIVER``.

    The driver `LSL_DRIVER` starts none: the stream of another lab's tracker is used.
    """

    driver: str = "simulated"
    arguments: tuple[str, ...] = ()
    stream_name: str = GAZE_STREAM_NAME

    @classmethod
    def of_study(cls, stream_name: str) -> TrackerChoice:
        """The choice for the stream that a study's protocol names; ours is simulated."""
        if stream_name == GAZE_STREAM_NAME:
            return cls()
        return cls(LSL_DRIVER, stream_name=stream_name)

    @property
    def is_foreign(self) -> bool:
        """Whether somebody else sends the gaze."""
        return self.driver == LSL_DRIVER


@dataclass(frozen=True, slots=True)
class TrackerStatus:
    """What the tracker process says of itself, or what is known of a foreign stream.

    `mapping` is what the recording has to say of a foreign stream's channels, `notices` what the
    operator has to know.
    """

    driver: str
    rate_hz: float
    sent: int
    is_simulated: bool
    can_calibrate: bool = False
    mapping: GazeMapped | None = None
    notices: tuple[str, ...] = ()
    display_area_mm: tuple[float, float] | None = None
    model: str = ""
    serial_number: str = ""
    side_streams: tuple[str, ...] = ()

    @classmethod
    def from_answer(cls, answer: Mapping[str, Any]) -> TrackerStatus:
        """The status in the tracker's answer to ``status``."""
        return cls(
            driver=str(answer.get("driver", "")),
            rate_hz=float(answer.get("rate_hz", 0.0)),
            sent=int(answer.get("sent", 0)),
            is_simulated=bool(answer.get("simulated", False)),
            can_calibrate=bool(answer.get("can_calibrate", False)),
            notices=tuple(str(notice) for notice in answer.get("notices", ())),
            display_area_mm=_size(answer.get("display_area_mm")),
            model=str(answer.get("model", "")),
            serial_number=str(answer.get("serial_number", "")),
            side_streams=tuple(str(name) for name in answer.get("side_streams", ())),
        )

    def notices_on(self, screen_mm: tuple[float, float]) -> tuple[str, ...]:
        """The notices in one text; first whether the tracker takes this screen for another."""
        area_mm = self.display_area_mm
        mismatch = display_mismatch(area_mm, screen_mm) if area_mm else None
        notices = (mismatch, *self.notices) if mismatch else self.notices
        sentences = [f"{notice[:1].upper()}{notice[1:]}." for notice in notices]
        return ("\n\n".join(sentences),) if sentences else ()


@dataclass(frozen=True, slots=True)
class StreamStatus:
    """One recorded stream: samples so far, rate, age of the last sample, share of valid ones."""

    name: str
    samples: int
    rate_hz: float | None
    age_s: float | None
    valid_share: float | None


@dataclass(frozen=True, slots=True)
class OutletClaim:
    """An outlet that claims to be a stream; `differs` from the recorded one in these ways."""

    uid: str
    hostname: str
    source_id: str
    is_recorded: bool = False
    differs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OutletQuestion:
    """A stream of which a person has to say which outlet is recorded."""

    stream: str
    claims: tuple[OutletClaim, ...]

    @classmethod
    def from_answer(cls, answer: Mapping[str, Any]) -> OutletQuestion:
        """One question of the recorder's answer to ``status``."""
        return cls(
            str(answer.get("stream", "")),
            tuple(
                OutletClaim(
                    uid=str(claim.get("uid", "")),
                    hostname=str(claim.get("hostname", "")),
                    source_id=str(claim.get("source_id", "")),
                    is_recorded=bool(claim.get("is_recorded", False)),
                    differs=tuple(str(what) for what in claim.get("differs", ())),
                )
                for claim in answer.get("candidates", ())
            ),
        )

    @property
    def is_recorded(self) -> bool:
        """Whether one of them is recorded meanwhile."""
        return any(claim.is_recorded for claim in self.claims)

    def sentence(self, key: str) -> str:
        """The question with the keys that answer it: `key` and the place in `claims`, from 1."""
        named = [
            f"{key}+{number} {name}{' (recorded now)' if claim.is_recorded else ''}"
            for number, (claim, name) in enumerate(zip(self.claims, self._names(), strict=True), 1)
        ]
        return f"which outlet is {self.stream}?  {' · '.join(named)}"

    def _names(self) -> list[str]:
        """What tells the outlets apart: the host, else the source, else the start of the uid."""
        for names in (
            [claim.hostname for claim in self.claims],
            [claim.source_id or claim.uid[:8] for claim in self.claims],
        ):
            if len(set(names)) == len(names):
                return names
        return [f"{claim.hostname} {claim.uid[:4]}" for claim in self.claims]


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
    questions: tuple[OutletQuestion, ...] = ()

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
            questions=tuple(
                OutletQuestion.from_answer(question) for question in answer.get("questions", ())
            ),
        )


@dataclass(frozen=True, slots=True)
class AcquisitionStatus:
    """Tracker and recorder at one moment; None where there is none, `problem` where one broke."""

    tracker: TrackerStatus | None = None
    recorder: RecorderStatus | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class RecordingClosed:
    """A recording is closed; `is_verified` tells whether the recorder read it back unharmed.

    `parts` counts its files: more than one where a recorder died and another took its place.
    """

    file: str
    is_verified: bool
    parts: int = 1


@dataclass(frozen=True, slots=True)
class ChildDied:
    """A process ended unasked; it lived at `seen_s` (LSL clock). `is_final`: it stays dead."""

    name: str
    seen_s: float
    reason: str = ""
    is_final: bool = False


@dataclass(frozen=True, slots=True)
class ChildRevived:
    """A new process answers since `back_s` in the place of one that lived until `seen_s`.

    `cause` is how the old one ended, `restored` what became of what it knew.
    """

    name: str
    seen_s: float
    back_s: float
    cause: str = ""
    restored: str = ""


@dataclass(frozen=True, slots=True)
class Restarts:
    """How often a process may be started again: at most `most` times within `within_s`.

    Examples
    --------
    >>> once = Restarts(1, within_s=60.0)
    >>> once.may_follow(0.0), once.after(0.0).may_follow(59.0), once.after(0.0).may_follow(61.0)
    (True, False, True)
    """

    most: int
    within_s: float
    times_s: tuple[float, ...] = ()

    def may_follow(self, now_s: float) -> bool:
        """Whether one more is allowed now."""
        return sum(now_s - time_s < self.within_s for time_s in self.times_s) < self.most

    def after(self, now_s: float) -> Restarts:
        """With one more, made now."""
        return Restarts(self.most, self.within_s, (*self.times_s, now_s))


def _size(value: object) -> tuple[float, float] | None:
    if not isinstance(value, list | tuple):
        return None
    width, height = value
    return float(width), float(height)


def _optional(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def with_next_truth(arguments: Sequence[str]) -> tuple[str, ...]:
    """Arguments of a simulated tracker whose truth goes to a file that no earlier one wrote."""
    found = list(arguments)
    for k, word in enumerate(found[:-1]):
        if word == "--truth":
            first = Path(found[k + 1])
            names = (first.with_name(f"{first.stem}-{n}{first.suffix}") for n in range(2, 1000))
            found[k + 1] = str(next(name for name in names if not name.exists()))
    return tuple(found)
