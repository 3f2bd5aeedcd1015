"""The public surface of Tobii's SDK 2.1 that the driver uses, without a tracker."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Callback = Callable[[dict[str, Any]], None]
Point = tuple[float, float]


class EyeTrackerConnectionFailedError(Exception):
    """As the SDK's: no base of its own."""


class EyeTrackerInvalidOperationError(Exception):
    """As the SDK's."""


@dataclass
class DisplayArea:
    width: float = 527.0
    height: float = 296.0


@dataclass
class CalibrationEyeData:
    position_on_display_area: Point
    validity: str


@dataclass
class CalibrationSample:
    left_eye: CalibrationEyeData
    right_eye: CalibrationEyeData


@dataclass
class CalibrationPoint:
    position_on_display_area: Point
    calibration_samples: tuple[CalibrationSample, ...]


@dataclass
class CalibrationResult:
    status: str
    calibration_points: tuple[CalibrationPoint, ...] = ()


@dataclass
class FakeTracker:
    """An EyeTracker; `emit` stands for the SDK's thread."""

    address: str = "tet-tcp://10.0.0.1"
    model: str = "Fusion"
    serial_number: str = "FS-1"
    firmware_version: str = "2.6"
    frequency: Any = 120.0
    callbacks: list[Callback] = field(default_factory=list)
    calibrating: bool = False
    collect_statuses: list[str] = field(default_factory=list)
    collected: list[Point] = field(default_factory=list)

    def get_display_area(self) -> DisplayArea:
        return DisplayArea()

    def get_gaze_output_frequency(self) -> Any:
        return self.frequency

    def get_all_gaze_output_frequencies(self) -> tuple[float, ...]:
        return (60.0, 120.0, 250.0)

    def set_gaze_output_frequency(self, frequency: float) -> None:
        self.frequency = frequency

    def subscribe_to(self, stream: str, callback: Callback, as_dictionary: bool = False) -> None:
        assert stream == "eyetracker_gaze_data"
        assert as_dictionary
        if callback in self.callbacks:
            raise EyeTrackerInvalidOperationError
        self.callbacks.append(callback)

    def unsubscribe_from(self, stream: str, callback: Callback) -> None:
        assert stream == "eyetracker_gaze_data"
        if callback in self.callbacks:
            self.callbacks.remove(callback)

    def emit(self, **changes: Any) -> None:
        for callback in tuple(self.callbacks):
            callback(gaze_data(**changes))


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


class ScreenBasedCalibration:
    """Collects what `FakeTracker.collect_statuses` says, success when that is empty."""

    def __init__(self, tracker: FakeTracker) -> None:
        self._tracker = tracker

    def enter_calibration_mode(self) -> None:
        if self._tracker.calibrating:
            raise EyeTrackerInvalidOperationError("already in calibration mode")
        self._tracker.calibrating = True

    def leave_calibration_mode(self) -> None:
        self._tracker.calibrating = False

    def collect_data(self, x: float, y: float) -> str:
        status = FakeSdk.CALIBRATION_STATUS_SUCCESS
        if self._tracker.collect_statuses:
            status = self._tracker.collect_statuses.pop(0)
        if status == FakeSdk.CALIBRATION_STATUS_SUCCESS:
            self._tracker.collected.append((x, y))
        return status

    def discard_data(self, x: float, y: float) -> None:
        self._tracker.collected.remove((x, y))

    def compute_and_apply(self) -> CalibrationResult:
        if len(self._tracker.collected) < 2:
            return CalibrationResult(FakeSdk.CALIBRATION_STATUS_FAILURE)
        points = tuple(self._point(*target) for target in self._tracker.collected)
        return CalibrationResult(FakeSdk.CALIBRATION_STATUS_SUCCESS, points)

    def _point(self, x: float, y: float) -> CalibrationPoint:
        """The left eye sees the target, the right one is .01 to the right, one sample is bad."""
        used, bad = FakeSdk.VALIDITY_VALID_AND_USED, FakeSdk.VALIDITY_INVALID_AND_NOT_USED
        good = CalibrationSample(
            CalibrationEyeData((x, y), used), CalibrationEyeData((x + 0.01, y), used)
        )
        nothing = CalibrationEyeData((math.nan, math.nan), bad)
        return CalibrationPoint((x, y), (good, good, CalibrationSample(nothing, nothing)))


class FakeSdk:
    """Stands for the module `tobii_research`."""

    __version__ = "2.1.0"
    EYETRACKER_GAZE_DATA = "eyetracker_gaze_data"
    CALIBRATION_STATUS_SUCCESS = "calibration_status_success"
    CALIBRATION_STATUS_FAILURE = "calibration_status_failure"
    VALIDITY_VALID_AND_USED = "validity_valid_and_used"
    VALIDITY_INVALID_AND_NOT_USED = "validity_invalid_and_not_used"
    EyeTrackerConnectionFailedError = EyeTrackerConnectionFailedError
    EyeTrackerInvalidOperationError = EyeTrackerInvalidOperationError
    ScreenBasedCalibration = ScreenBasedCalibration

    def __init__(self, *answers: tuple[FakeTracker, ...], offset_s: float = 0.0) -> None:
        self._answers = list(answers)
        self._offset_s = offset_s
        self.searches = 0

    def find_all_eyetrackers(self) -> tuple[FakeTracker, ...]:
        self.searches += 1
        return self._answers.pop(0) if self._answers else ()

    def get_system_time_stamp(self) -> int:
        return round((time.monotonic() - self._offset_s) * 1e6)

    def EyeTracker(self, address: str) -> FakeTracker:
        if address != "tet-tcp://10.0.0.1":
            raise EyeTrackerConnectionFailedError("se_internal")
        return FakeTracker(address)
