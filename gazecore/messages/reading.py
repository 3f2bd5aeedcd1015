"""Markers of a sitting and its cases: begun, opened, answered, ended."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from gazecore.messages.base import Marker
from gazecore.messages.screen import ScreenState


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
