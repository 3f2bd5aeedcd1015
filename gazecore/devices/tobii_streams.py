"""The subscriptions to one Tobii tracker: callbacks on the SDK's threads, queues for our loop.

A callback appends to a queue and never raises: the SDK (2.1.0) loses an error of a callback in a
NameError of its own. The same function object is kept to unsubscribe, and all is unsubscribed
before the tracker is dropped, because the SDK's own clean-up passes wrong arguments.
"""

from __future__ import annotations

import contextlib
import threading
from collections import deque
from typing import TYPE_CHECKING, Any

from gazecore.devices import tobii_samples as samples
from gazecore.devices.side_streams import DeviceEvent
from gazecore.devices.tobii_sdk import explained, sdk_errors
from gazecore.devices.traits import EyePositions
from gazecore.errors import TrackerError
from gazecore.lsl import clock_s

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from gazecore.devices.side_streams import SideSample
    from gazecore.devices.tobii_samples import Packed

    Data = Mapping[str, Any]
    Callback = Callable[[Data], None]

NOTIFICATIONS = (
    "CONNECTION_LOST",
    "CONNECTION_RESTORED",
    "CALIBRATION_MODE_ENTERED",
    "CALIBRATION_MODE_LEFT",
    "CALIBRATION_CHANGED",
    "DISPLAY_AREA_CHANGED",
    "GAZE_OUTPUT_FREQUENCY_CHANGED",
    "EYE_TRACKING_MODE_CHANGED",
    "DEVICE_FAULTS",
    "DEVICE_WARNINGS",
    "STREAM_BUFFER_OVERFLOW",
)
GUIDE_KEPT_S = 10.0
"""The position guide is let go of when nobody has asked for it for so long."""

_POSITION_AGE_S = 1.0
_MOST_EVENTS = 1000
_TELL_FAILURES_EVERY_S = 10.0


class TobiiStreams:
    """What the tracker sends, in queues that one thread empties.

    Parameters
    ----------
    sdk, tracker
        The module `tobii_research` and its ``EyeTracker``.
    offset_s : float
        LSL clock minus the SDK's host clock.
    """

    def __init__(self, sdk: Any, tracker: Any, offset_s: float) -> None:
        self._sdk = sdk
        self._tracker = tracker
        self._offset_s = offset_s
        self._refusals: tuple[type[Exception], ...] = (*sdk_errors(sdk), ValueError)
        self._buffer_failures: tuple[type[Exception], ...] = (*self._refusals, TypeError, KeyError)
        self._held: list[tuple[str, Callback]] = []
        # One reference: the SDK unsubscribes and refuses doubles by the object's identity.
        stream = sdk.EYETRACKER_GAZE_DATA
        self._gaze = (stream, self._guarded(stream, self._take_gaze))
        self._guide: Callback | None = None
        self._guide_lock = threading.Lock()
        self._asked_s = 0.0
        self._has_guide = True
        self._positions: tuple[float, EyePositions] | None = None
        self._failed = 0
        self._failure = ""
        self._told_failures_s = -_TELL_FAILURES_EVERY_S
        self.gaze: deque[Packed] = deque()
        self.side: deque[SideSample] = deque()
        self.events: deque[DeviceEvent] = deque(maxlen=_MOST_EVENTS)

    def subscribe_gaze(self) -> None:
        """Subscribe to gaze.

        Raises
        ------
        TrackerError
            The tracker gives none.
        """
        if self._gaze in self._held:
            raise TrackerError("the gaze stream is on already; start a tracker once")
        stream, callback = self._gaze
        self._held.append(self._gaze)
        with explained(self._sdk, "the gaze stream"):
            try:
                self._tracker.subscribe_to(stream, callback, as_dictionary=True)
            except self._refusals:
                self._held.remove(self._gaze)
                self._forget(stream, callback)
                raise

    def subscribe_rest(self, *, openness: bool, signal: bool) -> None:
        """Subscribe to what a tracker may have beside gaze; what it refuses is an event."""
        sdk, offset_s = self._sdk, self._offset_s
        put = self.side.append
        wanted: list[tuple[str, Callback]] = [
            ("EYETRACKER_STREAM_ERRORS", self._take_event("stream_error")),
            (
                "EYETRACKER_TIME_SYNCHRONIZATION_DATA",
                lambda data: put(samples.time_sample(data, offset_s)),
            ),
        ]
        if openness:
            wanted.append(
                (
                    "EYETRACKER_EYE_OPENNESS_DATA",
                    lambda data: put(samples.openness_sample(data, offset_s)),
                )
            )
        if signal:
            wanted.append(
                (
                    "EYETRACKER_EXTERNAL_SIGNAL",
                    lambda data: put(samples.signal_sample(data, offset_s)),
                )
            )
        wanted += [
            (f"EYETRACKER_NOTIFICATION_{name}", self._take_event(name.lower()))
            for name in NOTIFICATIONS
        ]
        for constant, take in wanted:
            if hasattr(sdk, constant):
                stream = getattr(sdk, constant)
                callback = self._guarded(stream, take)
                if self._try_to_subscribe(stream, callback):
                    self._held.append((stream, callback))

    def renew_gaze(self) -> bool:
        """Subscribe to gaze anew where it did not come back by itself; whether that was taken."""
        self._let_go(*self._gaze)
        return self._try_to_subscribe(*self._gaze)

    def pump(self) -> None:
        """Take what an SDK buffers instead of calling back; never an error."""
        if not hasattr(self._tracker, "pump"):
            return
        try:
            self._tracker.pump()
        except self._buffer_failures as error:
            self._failed += 1
            self._failure = repr(error)

    def positions(self) -> EyePositions:
        """Where the eyes are now, not seen where nothing came within a second.

        From any thread. The first call asks the tracker for its position guide.
        """
        self._asked_s = clock_s()
        self._subscribe_guide()
        latest = self._positions
        if latest is None or clock_s() - latest[0] > _POSITION_AGE_S:
            return EyePositions()
        return latest[1]

    def tidy(self, now_s: float) -> None:
        """Let go of the position guide nobody looks at; tell what callbacks failed at."""
        if self._guide is not None and now_s - self._asked_s > GUIDE_KEPT_S:
            with self._guide_lock:
                guide, self._guide = self._guide, None
                if guide is not None:
                    self._let_go(self._sdk.EYETRACKER_USER_POSITION_GUIDE, guide)
        if self._failed and now_s - self._told_failures_s >= _TELL_FAILURES_EVERY_S:
            self._told_failures_s = now_s
            failed, self._failed = self._failed, 0
            self.events.append(
                DeviceEvent(now_s, "malformed_data", f"{failed} times, last: {self._failure}")
            )

    def close(self) -> None:
        """Unsubscribe from everything, also where the tracker is gone."""
        while self._held:
            self._let_go(*self._held.pop())
        with self._guide_lock:
            guide, self._guide = self._guide, None
            if guide is not None:
                self._let_go(self._sdk.EYETRACKER_USER_POSITION_GUIDE, guide)

    def _guarded(self, stream: str, take: Callback) -> Callback:
        def callback(data: Data) -> None:
            try:
                take(data)
            except Exception as error:  # noqa: BLE001 - nothing may leave a callback of the SDK
                self._failed += 1
                self._failure = f"{stream}: {error!r}"

        return callback

    def _try_to_subscribe(self, stream: str, callback: Callback) -> bool:
        try:
            self._tracker.subscribe_to(stream, callback, as_dictionary=True)
        except self._refusals as error:
            said = f"{stream}: {type(error).__name__} {error}"
            self.events.append(DeviceEvent(clock_s(), "stream_unavailable", said))
            self._forget(stream, callback)
            return False
        return True

    def _subscribe_guide(self) -> None:
        with self._guide_lock:
            if self._guide is not None or not self._has_guide:
                return
            stream = self._sdk.EYETRACKER_USER_POSITION_GUIDE
            guide = self._guarded(stream, self._take_position)
            self._has_guide = self._try_to_subscribe(stream, guide)
            self._guide = guide if self._has_guide else None

    def _take_gaze(self, data: Data) -> None:
        self.gaze.append(samples.packed(data))
        if not self._has_guide:
            in_box = samples.trackbox_positions(data)
            self._positions = None if in_box is None else (clock_s(), in_box)

    def _take_position(self, data: Data) -> None:
        self._positions = (clock_s(), samples.guide_positions(data))

    def _take_event(self, name: str) -> Callback:
        return lambda data: self.events.append(samples.told_event(name, data, self._offset_s))

    def _forget(self, stream: str, callback: Callback) -> None:
        """Unsubscribe after a refusal, which the SDK's Python layer counts as a subscription.

        It would never ask the tracker again otherwise, and the stream would stay silent.
        """
        with contextlib.suppress(*self._refusals):
            self._tracker.unsubscribe_from(stream, callback)

    def _let_go(self, stream: str, callback: Callback) -> None:
        try:
            self._tracker.unsubscribe_from(stream, callback)
        except self._refusals as error:
            # The tracker may be gone, and with it the subscription.
            said = f"{stream}: {type(error).__name__} {error}"
            self.events.append(DeviceEvent(clock_s(), "unsubscribe_failed", said))
