"""Markers of tracker and recorder: streams, clocks, gaps, faults."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from gazecore.messages.base import Marker
from gazecore.streams.profile import StreamProfile


class GazeMapped(Marker):
    """What the channels of the session's foreign gaze stream mean; holds for all its segments."""

    kind: Literal["gaze_mapping"] = "gaze_mapping"
    stream: str
    uid: str = Field("", description="of the outlet that was there when the session began")
    profile: StreamProfile


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
