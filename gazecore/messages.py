"""What crosses a process boundary as JSON: markers and training progress, a schema per kind.

To add a kind: write a frozen model with a ``kind`` literal, add it to its union, describe it
in ``docs/schemas.md``. Fields may be added with a default; anything else raises
`SCHEMA_VERSION` and adds a migration.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from gazecore.streams.profile import StreamProfile

SCHEMA_VERSION = 1
"""Version of all schemas in this file; readers refuse a newer one."""

ViewportCause = Literal[
    "open",
    "fit",
    "zoom",
    "pan",
    "window",
    "rotate",
    "flip",
    "invert",
    "resize",
    "layout",
    "repeat",
    "screen",
    "frame",
    "overlay",
]
Pair = tuple[float, float]
EyeName = Literal["left", "right", "both"]
AngleKind = Literal["3d", "approximate"]
"""From eye positions that the tracker gave, or from the protocol's reading distance."""

ActiveCalibration = Literal["new", "previous", "none", "unknown"]
DriftReason = Literal["", "cases", "eyes_away", "clicks", "restarted"]


class Message(BaseModel):
    """Base of all messages: frozen, no unknown fields, with a version; NaN crosses as "NaN"."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="strings")
    schema_version: int = Field(default=SCHEMA_VERSION, ge=1, le=SCHEMA_VERSION)

    def to_json(self) -> str:
        """The message as one line of JSON."""
        return self.model_dump_json()


class Marker(Message):
    """A time mark of the station; `t_s` is on the LSL clock of the sender."""

    t_s: float


class CorrectionState(BaseModel):
    """The display correction of a screen: driving level by grey level, and the table's hash."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    name: str
    sha256: str
    table: str = Field(description="256 driving levels as 512 hexadecimal digits")


class ScreenState(BaseModel):
    """The tracked screen: physical pixels, millimetres, reading distance."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    width_px: float
    height_px: float
    width_mm: float
    height_mm: float
    distance_mm: float
    name: str = ""
    refresh_hz: float | None = None
    manufacturer: str = ""
    model: str = ""
    serial_number: str = ""
    device_pixel_ratio: float = 1.0
    x: int = Field(0, description="left edge on the desktop, logical pixels, may be negative")
    y: int = 0
    claimed_width_mm: float | None = Field(None, description="as the display says of itself")
    claimed_height_mm: float | None = None
    size_method: str = Field("", description="how the size was checked; empty: not at all")
    fingerprint: str = Field("", description="identity of the display in its mode")
    correction: CorrectionState | None = None


class WindowState(BaseModel):
    """The DICOM window shown, as `gazecore.dicom.Window`."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    center: float
    width: float
    function: str = "LINEAR"
    voi_index: int | None = None
    invert: bool = False
    frame: int = 0


class SessionStarted(Marker):
    """A sitting of one reader begins."""

    kind: Literal["session_started"] = "session_started"
    session_id: str
    study_id: str
    reader_id: str
    screen: ScreenState
    display_latency_s: float = 0.0
    software: str = ""
    simulated: bool = False


class SessionEnded(Marker):
    """A sitting ends; the reason tells whether all its cases were read."""

    kind: Literal["session_ended"] = "session_ended"
    session_id: str
    reason: Literal["finished", "stopped", "fault"]


class CaseOpened(Marker):
    """A case is on the screen and its reading begins."""

    kind: Literal["case_opened"] = "case_opened"
    reading_id: str
    case_id: str
    image_width_px: int
    image_height_px: int
    position: int = Field(0, description="place in the session's order, from 0")
    frames: int = Field(1, description="of the image file")


class CaseClosed(Marker):
    """The case leaves the screen; its reading ends."""

    kind: Literal["case_closed"] = "case_closed"
    reading_id: str
    case_id: str
    reason: Literal["answered", "stopped", "skipped"] = "answered"


class ViewportChanged(Marker):
    """The full state of one viewport after a change; valid from its first `frame_shown` on."""

    kind: Literal["viewport_changed"] = "viewport_changed"
    serial: int = Field(description="rises by one with every change in a session")
    viewport: int = 0
    reading_id: str
    case_id: str
    cause: ViewportCause
    transform: tuple[float, ...] = Field(
        min_length=9, max_length=9, description="image px -> physical screen px, 3x3 row-major"
    )
    shown_screen_px: tuple[float, float, float, float] = Field(
        description="the viewport's rectangle on the screen: x, y, width, height; no size: gone"
    )
    window: WindowState
    device_pixel_ratio: float = 1.0
    smooth: bool = Field(True, description="between stored values bilinear, else the nearest one")
    image_width_px: int = Field(0, description="of the image shown; 0: that of the case opened")
    image_height_px: int = 0
    image_overlays: bool = Field(False, description="overlay planes of the file are drawn")
    correction: str = Field("", description="SHA-256 of the display correction; empty: none")
    white_level: int = Field(255, ge=0, le=255, description="white shown at; lower: dimmed")

    @property
    def is_gone(self) -> bool:
        """Whether the viewport is not on the page any more."""
        return min(self.shown_screen_px[2:]) <= 0


class FrameShown(Marker):
    """A frame of the viewport state `serial` was painted; `t_s` is the end of painting."""

    kind: Literal["frame_shown"] = "frame_shown"
    serial: int


class KeyPressed(Marker):
    """A key of the reader, as named by Qt's portable text; repeated: it is being held down."""

    kind: Literal["key"] = "key"
    key: str
    repeated: bool = False


class AnswerGiven(Marker):
    """An answer was stored."""

    kind: Literal["answer"] = "answer"
    reading_id: str
    case_id: str
    field: str
    value: str


class TargetShown(Marker):
    """A calibration, validation or drift target is on the screen (0..1 of the display area)."""

    kind: Literal["target_shown"] = "target_shown"
    purpose: Literal["calibration", "validation", "drift"]
    x_norm: float
    y_norm: float


class TargetHidden(Marker):
    """No target is on the screen any more."""

    kind: Literal["target_hidden"] = "target_hidden"


class EyeAtPoint(BaseModel):
    """What the tracker made of one eye at one calibration target."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    samples_used: int
    samples: int
    offset_deg: float | None = None


class CalibratedTarget(BaseModel):
    """What the tracker made of one calibration target; eyes are None where it does not tell."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    x_norm: float
    y_norm: float
    samples: int
    offset_deg: float | None = None
    left: EyeAtPoint | None = None
    right: EyeAtPoint | None = None


class CalibrationDone(Marker):
    """A calibration of the tracker was computed and applied, or failed."""

    kind: Literal["calibration"] = "calibration"
    succeeded: bool
    points_norm: tuple[Pair, ...]
    detail: str = ""
    active: ActiveCalibration = Field("unknown", description="which one holds from now on")
    source: Literal["collected", "reapplied"] = "collected"
    targets: tuple[CalibratedTarget, ...] = ()
    background_level: float | None = Field(None, description="grey behind the targets, 0..255")


class TargetError(BaseModel):
    """Gaze at one validation target for one eye."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    x_norm: float
    y_norm: float
    eye: Literal["left", "right", "both"]
    accuracy_deg: float | None
    precision_rms_deg: float | None
    precision_std_deg: float | None
    data_loss: float
    accuracy_median_deg: float | None = None
    gaze_x_norm: float | None = Field(None, description="mean gaze; None without any")
    gaze_y_norm: float | None = None
    accuracy_screen_px: float | None = None
    precision_rms_screen_px: float | None = None
    samples: int = Field(0, description="valid samples")
    invalid_share: float | None = Field(None, description="came without valid gaze, of those due")
    missing_share: float | None = Field(None, description="never came, of those due")
    angles: AngleKind = "approximate"


class ValidationDone(Marker):
    """Accuracy and precision measured after calibration (medians over targets)."""

    kind: Literal["validation"] = "validation"
    accuracy_deg: float | None
    precision_rms_deg: float | None
    precision_std_deg: float | None
    data_loss: float
    passed: bool
    targets: tuple[TargetError, ...] = ()
    eye: EyeName = Field("both", description="the eye that the figures and limits are about")
    accuracy_mean_deg: float | None = Field(None, description="mean over targets")
    invalid_share: float | None = None
    missing_share: float | None = None
    failed_limits: tuple[str, ...] = Field((), description="which limits were not met, in words")
    angles: AngleKind = "approximate"
    fit_zoom: float | None = Field(None, description="screen px per image px of a fitted case")
    accuracy_image_px: float | None = Field(None, description="median over targets, at fit_zoom")
    precision_rms_image_px: float | None = None
    background_level: float | None = Field(None, description="grey behind the targets, 0..255")


class DriftChecked(Marker):
    """The offset of gaze at a known place, in degrees (gaze minus place).

    At a target shown between cases (`check` is target), or where the reader clicked (click).
    """

    kind: Literal["drift_check"] = "drift_check"
    offset_x_deg: float | None
    offset_y_deg: float | None
    passed: bool
    check: Literal["target", "click"] = "target"
    x_norm: float | None = None
    y_norm: float | None = None
    distance_deg: float | None = None
    mean_distance_deg: float | None = Field(None, description="over the last clicks that count")
    counts: bool = Field(True, description="False where gaze was elsewhere at a click")
    reason: DriftReason = Field("", description="why a target was shown")
    outcome: Literal["", "again", "recalibrated", "went_on", "left"] = ""
    background_level: float | None = None


class ScreenChanged(Marker):
    """The screen is another than the one that was calibrated, or that one again."""

    kind: Literal["screen_changed"] = "screen_changed"
    screen: ScreenState
    differences: tuple[str, ...] = Field(description="from the calibrated one; empty: it is back")


class PatchToggled(Marker):
    """The patch under the photodiode was painted; `t_s` is the end of painting."""

    kind: Literal["photodiode"] = "photodiode"
    serial: int
    is_light: bool


class GazeMapped(Marker):
    """What the channels of the session's foreign gaze stream mean; holds for all its segments."""

    kind: Literal["gaze_mapping"] = "gaze_mapping"
    stream: str
    uid: str = Field("", description="of the outlet that was there when the session began")
    profile: StreamProfile


class StateRepeated(Marker):
    """The whole state, repeated each second, so that a late or restarted recorder knows it."""

    kind: Literal["state"] = "state"
    session: SessionStarted | None = None
    case: CaseOpened | None = None
    viewport: ViewportChanged | None = Field(None, description="the one changed last that is there")
    mapping: GazeMapped | None = None
    other_viewports: tuple[ViewportChanged, ...] = Field(
        (), description="of the same case, those that are gone as well"
    )

    @property
    def viewports(self) -> tuple[ViewportChanged, ...]:
        """The state of every viewport that the case was shown in."""
        return (*self.other_viewports, *((self.viewport,) if self.viewport else ()))


class GapFound(Marker):
    """The recorder saw samples missing from a stream."""

    kind: Literal["gap"] = "gap"
    stream: str
    from_s: float
    to_s: float
    missing: int | None = None
    estimated: bool = Field(False, description="missing is by the rate, not by number")


class FaultFound(Marker):
    """Something went wrong and the recording goes on."""

    kind: Literal["fault"] = "fault"
    source: str
    detail: str


class StreamJoined(Marker):
    """The recorder began to record an outlet; `header` is a copy of its stream header."""

    kind: Literal["stream_joined"] = "stream_joined"
    stream: str
    stream_id: int
    segment: int = Field(1, description="1 for the first outlet of this stream, 2 for the next")
    header: str


class TrackerEvent(Marker):
    """Something the tracker told beside gaze: a notification, an error, its settings."""

    kind: Literal["tracker_event"] = "tracker_event"
    event: str
    detail: str = ""
    values: dict[str, str] = Field(default_factory=dict)


class ClockOffsetMeasured(Marker):
    """A clock offset of an outlet with its uncertainty; each one is in the file without it."""

    kind: Literal["clock_offset"] = "clock_offset"
    stream: str
    stream_id: int
    collected_s: float = Field(description="when, on the sender's clock")
    offset_s: float = Field(description="to be added to the sender's times")
    uncertainty_s: float = Field(description="round trip of the best probe")


AnyMarker = Annotated[
    SessionStarted
    | SessionEnded
    | CaseOpened
    | CaseClosed
    | ViewportChanged
    | FrameShown
    | KeyPressed
    | AnswerGiven
    | TargetShown
    | TargetHidden
    | CalibrationDone
    | ValidationDone
    | DriftChecked
    | ScreenChanged
    | PatchToggled
    | StateRepeated
    | GazeMapped
    | GapFound
    | FaultFound
    | StreamJoined
    | TrackerEvent
    | ClockOffsetMeasured,
    Field(discriminator="kind"),
]

_MARKER: TypeAdapter[AnyMarker] = TypeAdapter(AnyMarker)


def parse_marker(text: str | bytes) -> AnyMarker:
    """The marker in one line of JSON.

    Raises
    ------
    pydantic.ValidationError
        Unknown kind, missing or unknown fields, wrong types.
    """
    return _MARKER.validate_json(text)


class Progress(Message):
    """A line of a training run's progress; `t_unix_s` is wall-clock time."""

    t_unix_s: float


class RunStarted(Progress):
    """A run begins or resumes."""

    kind: Literal["run_started"] = "run_started"
    run: str
    task: Literal["predictor", "pretrain", "evaluate", "compare", "predict"]
    total_steps: int
    pid: int
    resumed_at_step: int = 0
    device: str = "cpu"


class StepDone(Progress):
    """Some steps are done; `values` holds losses, learning rate, throughput and view statistics."""

    kind: Literal["step"] = "step"
    step: int
    epoch: int
    values: dict[str, float]


class MetricMeasured(Progress):
    """A figure measured on held-out data."""

    kind: Literal["metric"] = "metric"
    step: int
    name: str
    value: float


class CheckpointSaved(Progress):
    """A checkpoint is complete on disk."""

    kind: Literal["checkpoint"] = "checkpoint"
    step: int
    file: str


class RunFinished(Progress):
    """A run ended by itself or on request."""

    kind: Literal["run_finished"] = "run_finished"
    outcome: Literal["finished", "stopped"]
    result: dict[str, float] = Field(default_factory=dict)


class RunFailed(Progress):
    """A run ended by an error."""

    kind: Literal["run_failed"] = "run_failed"
    error: str


AnyProgress = Annotated[
    RunStarted | StepDone | MetricMeasured | CheckpointSaved | RunFinished | RunFailed,
    Field(discriminator="kind"),
]

_PROGRESS: TypeAdapter[AnyProgress] = TypeAdapter(AnyProgress)


def parse_progress(text: str | bytes) -> AnyProgress:
    """The progress message in one line of JSON."""
    return _PROGRESS.validate_json(text)
