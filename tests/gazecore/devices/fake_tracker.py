"""A Tobii tracker on the bench: its state, its scripted faults, its threads; no SDK around it.

It answers calls by the names that Tobii's Python layer gives to its C extension, each with a
status and a value, so that both that layer and a clean-room copy of its surface stand on it.
"""

from __future__ import annotations

import ctypes
import itertools
import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

Callback = Callable[[dict[str, Any]], None]
Point = tuple[float, float]

OK = 0
INVALID_PARAMETER = 10
INTERNAL = 200
LICENCE = 201
NOT_SUPPORTED = 202
CONNECTION_FAILED = 204
TIMED_OUT = 205
ALREADY_STARTED = 210
NOT_STARTED = 211
OPERATION_FAILED = 214

GAZE, SIGNAL, TIME_SYNC, ERRORS, NOTIFICATIONS, IMAGES, GUIDE, OPENNESS = range(1, 9)
CAPABILITIES = (
    "capability_has_gaze_data",
    "capability_can_do_screen_based_calibration",
    "capability_has_eye_openness_data",
    "capability_has_external_signal",
)


@dataclass
class FakeTracker:
    """One tracker.

    `script` holds, per call, the statuses of the next calls (then `OK`); `TIMED_OUT` gives no
    value, as the SDK does. `hangs` holds events that calls wait for; `holds_gil_s` lets a call
    keep the interpreter for itself. `drops_streams` forgets gaze when the connection is lost.
    """

    address: str = "tet-tcp://10.0.0.1"
    model: str = "Tobii Pro Fusion"
    serial_number: str = "FS-1"
    firmware_version: str = "2.6"
    frequency: Any = 120.0
    frequencies: tuple[float, ...] = (60.0, 120.0, 250.0)
    mode: Any = "human"
    modes: tuple[str, ...] = ("human", "bright_pupil")
    capabilities: tuple[str, ...] = CAPABILITIES
    size_mm: tuple[float, float] = (527.0, 296.0)
    stored: Any = b"calibration of before"
    takes_settings: bool = True
    drops_streams: bool = False
    clock_ahead_s: float = 0.0
    calibrating: bool = False
    collected: list[Point] = field(default_factory=list)
    script: dict[str, list[int]] = field(default_factory=dict)
    hangs: dict[str, threading.Event] = field(default_factory=dict)
    holds_gil_s: dict[str, float] = field(default_factory=dict)
    streams: dict[int, Callback] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    raised: list[BaseException] = field(default_factory=list)
    after_emit: list[Callable[[], None]] = field(default_factory=list)
    core: int = field(default_factory=itertools.count(1).__next__)

    def about(self) -> dict[str, Any]:
        return {
            "address": self.address,
            "device_name": "",
            "serial_number": self.serial_number,
            "model": self.model,
            "firmware_version": self.firmware_version,
            "runtime_version": "",
            "device_capabilities": self.capabilities,
            "core_eyetracker": self.core,
        }

    def call(self, name: str, arguments: tuple[Any, ...]) -> tuple[int, Any]:
        """The status and the value of a call."""
        self.calls.append(name)
        if name in self.hangs:
            self.hangs[name].wait(30)
        if name in self.holds_gil_s:
            ctypes.PyDLL(None).usleep(int(1e6 * self.holds_gil_s[name]))
        if self.script.get(name):
            status = self.script[name].pop(0)
            if status != OK:
                return status, None
        return getattr(self, f"_{name}")(*arguments)  # type: ignore[no-any-return]

    def emit(self, stream: int, data: dict[str, Any]) -> None:
        """Send data to whoever subscribed, from a thread of the SDK; it must not raise."""

        def run() -> None:
            try:
                if stream in self.streams:
                    self.streams[stream](dict(data))
            except BaseException as error:  # noqa: BLE001 - whatever left a callback is kept
                self.raised.append(error)

        thread = threading.Thread(target=run, name="sdk")
        thread.start()
        thread.join()
        for then in self.after_emit:
            then()

    def emit_gaze(self, **changes: Any) -> None:
        self.emit(GAZE, gaze_data(**changes))

    def notify(self, kind: str, **fields: Any) -> None:
        """Send a notification, ``connection_lost`` and so on."""
        if kind == "connection_lost" and self.drops_streams:
            self.streams.pop(GAZE, None)
        data = {"system_time_stamp": now_us(), **fields}
        self.emit(NOTIFICATIONS, {"notification_type": f"eyetracker_notification_{kind}", **data})

    def _subscribe_to(self, stream: int, callback: Callback) -> tuple[int, Any]:
        self.streams[stream] = callback
        return OK, None

    def _unsubscribe_from(self, stream: int) -> tuple[int, Any]:
        self.streams.pop(stream, None)
        return OK, None

    def _get_gaze_output_frequency(self) -> tuple[int, Any]:
        return OK, self.frequency

    def _get_all_gaze_output_frequencies(self) -> tuple[int, Any]:
        return OK, self.frequencies

    def _set_gaze_output_frequency(self, frequency: float) -> tuple[int, Any]:
        if frequency not in self.frequencies:
            return INVALID_PARAMETER, None
        if self.takes_settings:
            self.frequency = frequency
        return OK, None

    def _get_eye_tracking_mode(self) -> tuple[int, Any]:
        return OK, self.mode

    def _get_all_eye_tracking_modes(self) -> tuple[int, Any]:
        return OK, self.modes

    def _set_eye_tracking_mode(self, mode: str) -> tuple[int, Any]:
        if self.takes_settings:
            self.mode = mode
        return OK, None

    def _get_display_area(self) -> tuple[int, Any]:
        width, height = self.size_mm
        return OK, {
            "top_left": (-width / 2, height + 10.0, 0.0),
            "top_right": (width / 2, height + 10.0, 0.0),
            "bottom_left": (-width / 2, 10.0, 0.0),
        }

    def _calibration_retrieve(self) -> tuple[int, Any]:
        return OK, self.stored

    def _calibration_apply(self, data: bytes) -> tuple[int, Any]:
        self.stored = data
        return OK, None

    def _calibration_enter_calibration_mode(self) -> tuple[int, Any]:
        if self.calibrating:
            return ALREADY_STARTED, None
        self.calibrating = True
        self.collected.clear()
        return OK, None

    def _calibration_leave_calibration_mode(self) -> tuple[int, Any]:
        if not self.calibrating:
            return NOT_STARTED, None
        self.calibrating = False
        return OK, None

    def _screen_based_calibration_collect_data(self, x: float, y: float) -> tuple[int, Any]:
        self.collected.append((x, y))
        return OK, None

    def _screen_based_calibration_discard_data(self, x: float, y: float) -> tuple[int, Any]:
        if (x, y) not in self.collected:
            return OPERATION_FAILED, None
        self.collected.remove((x, y))
        return OK, None

    def _calibration_compute_and_apply(self) -> tuple[int, Any]:
        if len(self.collected) < 2:
            return OPERATION_FAILED, None
        self.stored = f"calibration at {len(self.collected)} targets".encode()
        return OK, None

    def _screen_based_calibration_get_calibration_points(self) -> tuple[int, Any]:
        """Left sees the target, right is .01 to its right; a sample is bad, a left one unused."""
        rows: list[dict[str, Any]] = []
        for target in self.collected:
            # The C library holds positions in single precision.
            x, y = (float(np.float32(v)) for v in target)
            left, right, nothing = (x, y), (x + 0.01, y), (math.nan, math.nan)
            rows += [_calibration_row((x, y), left, 1, right, 1)] * 2
            rows.append(_calibration_row((x, y), left, 0, right, 1))
            rows.append(_calibration_row((x, y), nothing, -1, nothing, -1))
        return OK, rows


def _calibration_row(
    target: Point, left: Point, left_validity: int, right: Point, right_validity: int
) -> dict[str, Any]:
    return {
        "position": target,
        "left_sample_position": left,
        "left_validity": left_validity,
        "right_sample_position": right,
        "right_validity": right_validity,
    }


class FakeWorld:
    """All trackers within reach; searches find nothing as often as `empty_searches` says."""

    def __init__(self) -> None:
        self.trackers = [FakeTracker()]
        self.empty_searches = 0
        self.searches = 0
        self.clock: Callable[[], Any] = now_us
        self.script: dict[str, list[int]] = {}

    @property
    def tracker(self) -> FakeTracker:
        return self.trackers[0]

    def call(self, name: str, arguments: tuple[Any, ...]) -> tuple[int, Any]:
        """A call of the SDK: for no tracker, or for the one that its first argument names."""
        if self.script.get(name):
            status = self.script[name].pop(0)
            if status != OK:
                return status, None
        if name == "find_all_eyetrackers":
            self.searches += 1
            if self.searches <= self.empty_searches:
                return OK, []
            return OK, [tracker.about() for tracker in self.trackers]
        if name == "get_device":
            for tracker in self.trackers:
                if tracker.address == arguments[0]:
                    return OK, tracker.about()
            return INTERNAL, None
        if name == "get_system_time_stamp":
            return OK, self.clock()
        if name in {"subscribe_to", "unsubscribe_from"}:
            stream, core, *rest = arguments
            return self._tracker(core).call(name, (stream, *rest))
        core, *rest = arguments
        return self._tracker(core).call(name, tuple(rest))

    def _tracker(self, core: int) -> FakeTracker:
        """As the C extension does, it takes a tracker by its number alone."""
        return next(tracker for tracker in self.trackers if tracker.core == core)


def now_us() -> int:
    """The host clock of the SDK."""
    return round(time.monotonic() * 1e6)


def gaze_data(**changes: Any) -> dict[str, Any]:
    """Exactly the 16 keys of the SDK's gaze stream, every value told apart."""
    data: dict[str, Any] = {"device_time_stamp": 7_000_000, "system_time_stamp": 9_000_000}
    for eye, base in (("left", 0.0), ("right", 100.0)):
        data |= {
            f"{eye}_gaze_point_on_display_area": (base + 0.1, base + 0.2),
            f"{eye}_gaze_point_in_user_coordinate_system": (base + 1, base + 2, base + 3),
            f"{eye}_gaze_point_validity": 1,
            f"{eye}_pupil_diameter": base + 4,
            f"{eye}_pupil_validity": 1,
            f"{eye}_gaze_origin_in_user_coordinate_system": (base + 5, base + 6, base + 7),
            f"{eye}_gaze_origin_validity": 1,
        }
    assert len(data) == 16
    return {**data, **changes}


def guide_data(**changes: Any) -> dict[str, Any]:
    """The keys of the user position guide, which has no time."""
    return {
        "left_user_position": (0.4, 0.5, 0.6),
        "left_user_position_validity": 1,
        "right_user_position": (0.7, 0.5, 0.6),
        "right_user_position_validity": 1,
        **changes,
    }


def openness_data(**changes: Any) -> dict[str, Any]:
    """The keys of the eye openness stream."""
    return {
        "device_time_stamp": 7_000_000,
        "system_time_stamp": 9_000_000,
        "left_eye_validity": 1,
        "left_eye_openness_value": 9.5,
        "right_eye_validity": 1,
        "right_eye_openness_value": 10.25,
        **changes,
    }


def time_data(
    request_us: int = 9_000_000, device_us: int = 7_000_050, response_us: int = 9_000_100
) -> dict[str, Any]:
    """The keys of the time synchronisation stream."""
    return {
        "system_request_time_stamp": request_us,
        "device_time_stamp": device_us,
        "system_response_time_stamp": response_us,
    }


def signal_data(**changes: Any) -> dict[str, Any]:
    """The keys of the external signal stream."""
    return {
        "device_time_stamp": 7_000_000,
        "system_time_stamp": 9_000_000,
        "value": 5,
        "change_type": "external_signal_change_type_initial_value",
        **changes,
    }
