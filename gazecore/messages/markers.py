"""Every marker of the station, told apart by kind."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, TypeAdapter

from gazecore.messages.gaze_checks import (
    CalibrationDone,
    DriftChecked,
    TargetHidden,
    TargetShown,
    ValidationDone,
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
from gazecore.messages.screen import PatchToggled, ScreenChanged
from gazecore.messages.state import StateRepeated
from gazecore.messages.viewport import FrameShown, ViewportChanged

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
