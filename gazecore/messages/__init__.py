"""What crosses a process boundary as JSON: markers and training progress, a schema per kind.

To add a kind: write a frozen model with a ``kind`` literal in the module of its theme, add it to
its union (`markers.AnyMarker` or `progress.AnyProgress`) and to the names below, describe it in
``docs/schemas.md``. Fields may be added with a default; anything else raises `SCHEMA_VERSION` and
adds a migration.
"""

from gazecore.messages.base import SCHEMA_VERSION, Marker, Message, Progress
from gazecore.messages.gaze_checks import (
    ActiveCalibration,
    AngleKind,
    CalibratedTarget,
    CalibrationDone,
    DriftChecked,
    DriftReason,
    EyeAtPoint,
    EyeName,
    Pair,
    TargetError,
    TargetHidden,
    TargetShown,
    ValidationDone,
)
from gazecore.messages.markers import AnyMarker, parse_marker
from gazecore.messages.progress import (
    AnyProgress,
    CheckpointSaved,
    MetricMeasured,
    RunFailed,
    RunFinished,
    RunStarted,
    StepDone,
    parse_progress,
)
from gazecore.messages.reading import (
    AnswerGiven,
    CaseClosed,
    CaseOpened,
    KeyPressed,
    SessionEnded,
    SessionStarted,
)
from gazecore.messages.recording import (
    ClockOffsetMeasured,
    FaultFound,
    GapFound,
    GazeMapped,
    StreamJoined,
    TrackerEvent,
)
from gazecore.messages.screen import CorrectionState, PatchToggled, ScreenChanged, ScreenState
from gazecore.messages.state import StateRepeated
from gazecore.messages.viewport import FrameShown, ViewportCause, ViewportChanged, WindowState

__all__ = [
    "SCHEMA_VERSION",
    "ActiveCalibration",
    "AngleKind",
    "AnswerGiven",
    "AnyMarker",
    "AnyProgress",
    "CalibratedTarget",
    "CalibrationDone",
    "CaseClosed",
    "CaseOpened",
    "CheckpointSaved",
    "ClockOffsetMeasured",
    "CorrectionState",
    "DriftChecked",
    "DriftReason",
    "EyeAtPoint",
    "EyeName",
    "FaultFound",
    "FrameShown",
    "GapFound",
    "GazeMapped",
    "KeyPressed",
    "Marker",
    "Message",
    "MetricMeasured",
    "Pair",
    "PatchToggled",
    "Progress",
    "RunFailed",
    "RunFinished",
    "RunStarted",
    "ScreenChanged",
    "ScreenState",
    "SessionEnded",
    "SessionStarted",
    "StateRepeated",
    "StepDone",
    "StreamJoined",
    "TargetError",
    "TargetHidden",
    "TargetShown",
    "TrackerEvent",
    "ValidationDone",
    "ViewportCause",
    "ViewportChanged",
    "WindowState",
    "parse_marker",
    "parse_progress",
]
