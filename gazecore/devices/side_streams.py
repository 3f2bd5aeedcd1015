"""What a tracker sends beside gaze: side streams, and its events as markers.

Each is a plain LSL outlet of its own with nominal rate 0, recorded like any other. With a gaze
stream ``FocusStation gaze`` they are called ``FocusStation eye openness``,
``FocusStation time synchronisation``, ``FocusStation tracker events``; a gaze stream of another
name gives its own name to them.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import pylsl

from gazecore.lsl import marker_stream_info
from gazecore.messages import TrackerEvent

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

EVENTS_NAME = "tracker events"
SETTINGS_EVERY_S = 10.0
"""The settings are told so often, for a recorder that came late or was restarted."""

_MOST_WAITING = 1000
_BUFFERED = 360
"""In hundreds of samples, as the streams are irregular."""


@dataclass(frozen=True, slots=True)
class SideStream:
    """A stream beside gaze; `channels` are (label, unit), `name` is the end of its name."""

    name: str
    type: str
    channels: tuple[tuple[str, str], ...]
    format: Literal["double64", "int64"] = "double64"


EYE_OPENNESS = SideStream(
    "eye openness",
    "EyeOpenness",
    (
        ("device_time", "s"),
        ("system_time", "s"),
        ("left_openness", "mm"),
        ("left_openness_valid", "bool"),
        ("right_openness", "mm"),
        ("right_openness_valid", "bool"),
    ),
)
TIME_SYNCHRONISATION = SideStream(
    "time synchronisation",
    "TimeSync",
    (("system_request_time", "s"), ("device_time", "s"), ("system_response_time", "s")),
)
EXTERNAL_SIGNAL = SideStream(
    "external signal",
    "ExternalSignal",
    (("device_time", "s"), ("system_time", "s"), ("value", "bits"), ("change", "code")),
)
"""`change`: 0 the value changed, 1 it is the first, 2 the connection was restored."""


@dataclass(frozen=True, slots=True)
class SideSample:
    """One sample of a side stream, at an LSL time, its values in the order of the channels."""

    stream: SideStream
    t_s: float
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class DeviceEvent:
    """Something a tracker told, at an LSL time: a notification, an error, a change."""

    t_s: float
    event: str
    detail: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


class SideOutlets:
    """The outlets beside a tracker's gaze; `note` may be called from any thread.

    Parameters
    ----------
    gaze_name : str
        Name of the gaze stream.
    source_id : str
        Identity of the gaze stream, which begins those of the others.
    streams : sequence of SideStream
        What the driver sends; none comes faster than gaze.
    settings : callable
        The settings now, told whenever somebody begins to listen and every `SETTINGS_EVERY_S`.
    rate_hz : float
        Of gaze, for buffers of six minutes.
    """

    def __init__(
        self,
        gaze_name: str,
        source_id: str,
        streams: Sequence[SideStream],
        settings: Callable[[], Mapping[str, str]],
        rate_hz: float = 0.0,
    ) -> None:
        self._buffered = max(_BUFFERED, int(3.6 * rate_hz))
        self._gaze_name = gaze_name
        self._source_id = source_id
        self._streams = tuple(streams)
        self._settings = settings
        self._outlets: dict[SideStream, pylsl.StreamOutlet] = {}
        self._events: pylsl.StreamOutlet | None = None
        self._waiting: deque[DeviceEvent] = deque(maxlen=_MOST_WAITING)
        self._told_s: float | None = None
        ends = (*(stream.name for stream in streams), EVENTS_NAME)
        self.names = tuple(side_name(gaze_name, end) for end in ends)

    def open(self) -> None:
        """Put the streams on the bus."""
        for stream in self._streams:
            info = side_stream_info(self._gaze_name, self._source_id, stream)
            self._outlets[stream] = pylsl.StreamOutlet(info, 0, self._buffered)
        info = marker_stream_info(f"{self._source_id}-{EVENTS_NAME}", self.names[-1])
        self._events = pylsl.StreamOutlet(info, 0, self._buffered)

    def close(self) -> None:
        """Take them off the bus."""
        self._outlets.clear()
        self._events = None

    def note(self, event: DeviceEvent) -> None:
        """Tell an event, as soon as somebody listens."""
        self._waiting.append(event)

    def push(self, samples: Sequence[SideSample], now_s: float) -> None:
        """Send samples at once, and what waits if somebody listens; from one thread alone."""
        for sample in samples:
            self._outlets[sample.stream].push_sample(list(sample.values), sample.t_s)
        if self._events is None or not self._events.have_consumers():
            self._told_s = None
            return
        if self._told_s is None or now_s - self._told_s >= SETTINGS_EVERY_S:
            self._told_s = now_s
            self._send(DeviceEvent(now_s, "settings", values=self._settings()))
        while self._waiting:
            self._send(self._waiting.popleft())

    def has_readers(self) -> bool:
        """Whether somebody reads any of them."""
        outlets = [self._events, *self._outlets.values()]
        return any(outlet is not None and outlet.have_consumers() for outlet in outlets)

    def _send(self, event: DeviceEvent) -> None:
        marker = TrackerEvent(
            t_s=event.t_s, event=event.event, detail=event.detail, values=dict(event.values)
        )
        if self._events is not None:
            self._events.push_sample([marker.to_json()], event.t_s)


def side_name(gaze_name: str, name: str) -> str:
    """The full name of a side stream."""
    return f"{gaze_name.removesuffix(' gaze')} {name}"


def side_stream_info(gaze_name: str, source_id: str, stream: SideStream) -> pylsl.StreamInfo:
    """Describe a side stream: labels and units, nominal rate 0."""
    info = pylsl.StreamInfo(
        side_name(gaze_name, stream.name),
        stream.type,
        len(stream.channels),
        pylsl.IRREGULAR_RATE,
        stream.format,
        f"{source_id}-{stream.name}",
    )
    channels = info.desc().append_child("channels")
    for label, unit in stream.channels:
        channel = channels.append_child("channel")
        channel.append_child_value("label", label)
        channel.append_child_value("unit", unit)
    return info
