"""The public surface of Tobii's SDK 2.1 that we use, written anew over a tracker on the bench."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby
from types import SimpleNamespace
from typing import Any

from tests.gazecore.devices import fake_tracker as bench

Callback = Callable[[dict[str, Any]], None]
Point = tuple[float, float]

STREAMS = {
    "eyetracker_gaze_data": bench.GAZE,
    "eyetracker_external_signal": bench.SIGNAL,
    "eyetracker_time_synchronization_data": bench.TIME_SYNC,
    "eyetracker_stream_errors": bench.ERRORS,
    "eyetracker_user_position_guide": bench.GUIDE,
    "eyetracker_eye_openness_data": bench.OPENNESS,
}
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
VALIDITIES = {
    -1: "validity_invalid_and_not_used",
    0: "validity_valid_but_not_used",
    1: "validity_valid_and_used",
}


class EyeTrackerConnectionFailedError(Exception):
    """As the SDK's: no base of its own."""


class EyeTrackerFeatureNotSupportedError(Exception):
    """As the SDK's."""


class EyeTrackerInternalError(Exception):
    """As the SDK's."""


class EyeTrackerInvalidOperationError(Exception):
    """As the SDK's."""


class EyeTrackerLicenseError(Exception):
    """As the SDK's."""


class EyeTrackerOperationFailedError(Exception):
    """As the SDK's."""


ERRORS: dict[int, Exception] = {
    bench.INVALID_PARAMETER: ValueError("An invalid parameter. 'invalid_parameter'"),
    bench.INTERNAL: EyeTrackerInternalError("An internal error. 'se_internal'"),
    bench.LICENCE: EyeTrackerLicenseError("'se_insufficient_license'"),
    bench.NOT_SUPPORTED: EyeTrackerFeatureNotSupportedError("'se_not_supported'"),
    bench.CONNECTION_FAILED: EyeTrackerConnectionFailedError("'se_connection_failed'"),
    bench.ALREADY_STARTED: EyeTrackerInvalidOperationError("'se_calibration_already_started'"),
    bench.NOT_STARTED: EyeTrackerInvalidOperationError("'se_calibration_not_started'"),
    bench.OPERATION_FAILED: EyeTrackerOperationFailedError("'se_operation_failed'"),
}


@dataclass
class DisplayArea:
    top_left: tuple[float, float, float]
    top_right: tuple[float, float, float]
    bottom_left: tuple[float, float, float]


class EyeTracker:
    """One tracker; a call that timed out returns None, or fails on it, as the SDK's does."""

    def __init__(self, world: bench.FakeWorld, about: dict[str, Any]) -> None:
        self._world = world
        self._core = about["core_eyetracker"]
        self.address = about["address"]
        self.model = about["model"]
        self.serial_number = about["serial_number"]
        self.firmware_version = about["firmware_version"]
        self.device_capabilities = about["device_capabilities"]
        self._callbacks: dict[str, list[Callback]] = {}

    def call(self, name: str, *arguments: Any) -> Any:
        return called(self._world, name, self._core, *arguments)

    def get_display_area(self) -> DisplayArea:
        corners = self.call("get_display_area")
        if corners is None:
            raise ValueError("DisplayArea requires a dictionary")
        return DisplayArea(**corners)

    def get_gaze_output_frequency(self) -> Any:
        return self.call("get_gaze_output_frequency")

    def get_all_gaze_output_frequencies(self) -> tuple[float, ...]:
        return tuple(self.call("get_all_gaze_output_frequencies"))

    def set_gaze_output_frequency(self, frequency: float) -> None:
        self.call("set_gaze_output_frequency", frequency)

    def get_eye_tracking_mode(self) -> Any:
        return self.call("get_eye_tracking_mode")

    def get_all_eye_tracking_modes(self) -> tuple[str, ...]:
        return tuple(self.call("get_all_eye_tracking_modes"))

    def set_eye_tracking_mode(self, mode: str) -> None:
        self.call("set_eye_tracking_mode", mode)

    def retrieve_calibration_data(self) -> Any:
        return self.call("calibration_retrieve")

    def apply_calibration_data(self, data: bytes) -> None:
        if not isinstance(data, bytes):
            raise ValueError("must be a bytes object")  # noqa: TRY004 - as the SDK's
        self.call("calibration_apply", data)

    def subscribe_to(self, stream: str, callback: Callback, as_dictionary: bool = False) -> None:
        assert as_dictionary
        held = self._callbacks.setdefault(stream, [])
        if callback in held:
            raise EyeTrackerInvalidOperationError("'invalid_operation'")
        # As the SDK does, it keeps a callback whose subscription then fails.
        held.append(callback)
        number = _number(stream)
        if len(self._held_of(number)) == 1:
            called(self._world, "subscribe_to", number, self._core, self._sender(number))

    def unsubscribe_from(self, stream: str, callback: Callback) -> None:
        held = self._callbacks.get(stream, [])
        if callback in held:
            held.remove(callback)
            number = _number(stream)
            if not self._held_of(number):
                called(self._world, "unsubscribe_from", number, self._core)

    def _held_of(self, number: int) -> list[Callback]:
        held = (c for s, c in self._callbacks.items() if _number(s) == number)
        return [callback for callbacks in held for callback in callbacks]

    def _sender(self, number: int) -> Callback:
        def send(data: dict[str, Any]) -> None:
            for stream, callbacks in self._callbacks.items():
                wanted = data.get("notification_type", stream)
                if _number(stream) == number and wanted == stream:
                    for callback in tuple(callbacks):
                        callback(data)

        return send


class ScreenBasedCalibration:
    """The calibration, step by step."""

    def __init__(self, tracker: EyeTracker) -> None:
        if "capability_can_do_screen_based_calibration" not in tracker.device_capabilities:
            raise ValueError("needs a tracker that supports screen based calibration")
        self._tracker = tracker

    def enter_calibration_mode(self) -> None:
        self._tracker.call("calibration_enter_calibration_mode")

    def leave_calibration_mode(self) -> None:
        self._tracker.call("calibration_leave_calibration_mode")

    def collect_data(self, x: float, y: float) -> str:
        try:
            self._tracker.call("screen_based_calibration_collect_data", x, y)
        except EyeTrackerOperationFailedError:
            return FakeSdk.CALIBRATION_STATUS_FAILURE
        return FakeSdk.CALIBRATION_STATUS_SUCCESS

    def discard_data(self, x: float, y: float) -> None:
        self._tracker.call("screen_based_calibration_discard_data", x, y)

    def compute_and_apply(self) -> Any:
        try:
            self._tracker.call("calibration_compute_and_apply")
        except EyeTrackerOperationFailedError:
            return SimpleNamespace(status=FakeSdk.CALIBRATION_STATUS_FAILURE, calibration_points=())
        rows = self._tracker.call("screen_based_calibration_get_calibration_points")
        points = tuple(
            SimpleNamespace(
                position_on_display_area=target,
                calibration_samples=tuple(_calibration_sample(row) for row in group),
            )
            for target, group in groupby(rows, key=lambda row: row["position"])
        )
        return SimpleNamespace(status=FakeSdk.CALIBRATION_STATUS_SUCCESS, calibration_points=points)


class FakeSdk:
    """Stands for the module `tobii_research`."""

    __version__ = "2.1.0"
    CALIBRATION_STATUS_SUCCESS = "calibration_status_success"
    CALIBRATION_STATUS_FAILURE = "calibration_status_failure"
    VALIDITY_VALID_AND_USED = "validity_valid_and_used"
    VALIDITY_VALID_BUT_NOT_USED = "validity_valid_but_not_used"
    VALIDITY_INVALID_AND_NOT_USED = "validity_invalid_and_not_used"
    EyeTrackerConnectionFailedError = EyeTrackerConnectionFailedError
    EyeTrackerFeatureNotSupportedError = EyeTrackerFeatureNotSupportedError
    EyeTrackerInternalError = EyeTrackerInternalError
    EyeTrackerInvalidOperationError = EyeTrackerInvalidOperationError
    EyeTrackerLicenseError = EyeTrackerLicenseError
    EyeTrackerOperationFailedError = EyeTrackerOperationFailedError
    ScreenBasedCalibration = ScreenBasedCalibration

    def __init__(self, world: bench.FakeWorld) -> None:
        self._world = world
        for stream in STREAMS:
            setattr(self, stream.upper(), stream)
        for name in NOTIFICATIONS:
            constant = f"EYETRACKER_NOTIFICATION_{name}"
            setattr(self, constant, constant.lower())
        for capability in bench.CAPABILITIES:
            setattr(self, capability.upper(), capability)

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(name)

    def find_all_eyetrackers(self) -> tuple[EyeTracker, ...]:
        found = called(self._world, "find_all_eyetrackers")
        return tuple(EyeTracker(self._world, about) for about in found)

    def get_system_time_stamp(self) -> Any:
        return called(self._world, "get_system_time_stamp")

    def EyeTracker(self, address: str) -> EyeTracker:
        return EyeTracker(self._world, called(self._world, "get_device", address))


def called(world: bench.FakeWorld, name: str, *arguments: Any) -> Any:
    """The value of a call; a time-out is no error to the SDK."""
    status, value = world.call(name, arguments)
    if status not in {bench.OK, bench.TIMED_OUT}:
        raise ERRORS[status]
    return value


def _number(stream: str) -> int:
    return STREAMS.get(stream, bench.NOTIFICATIONS)


def _calibration_sample(row: dict[str, Any]) -> Any:
    eyes = (
        SimpleNamespace(
            position_on_display_area=row[f"{eye}_sample_position"],
            validity=VALIDITIES[row[f"{eye}_validity"]],
        )
        for eye in ("left", "right")
    )
    return SimpleNamespace(**dict(zip(("left_eye", "right_eye"), eyes, strict=True)))
