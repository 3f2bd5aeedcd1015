"""Calibration of a Tobii tracker: the SDK's screen-based calibration behind our verbs."""

from __future__ import annotations

import math
import threading
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from gazecore.devices.driver import CalibrationPoint, CalibrationResult, EyeFit
from gazecore.devices.tobii_sdk import answered, explained
from gazecore.errors import TrackerError
from gazecore.geometry import Screen
from gazecore.lsl import clock_s

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Point = tuple[float, float]

LEFT_ALONE_S = 120.0
"""A calibration nobody goes on with is left after this, so that the tracker measures again."""

_DISTANCE_MM = 650.0
_SAME_TARGET = 1e-4


class TobiiCalibration:
    """Enter, collect, compute, leave; each call blocks until the tracker has answered.

    Binocular: the tracker answers success or failure for both eyes together; what each eye did
    is told per point. (An eye alone would need the SDK's ``ScreenBasedMonocularCalibration``.)

    Parameters
    ----------
    sdk, tracker
        The module `tobii_research` and its ``EyeTracker``.
    display_mm : (float, float), optional
        Width and height of the display area; without it no offset is told in degrees.
    distance_mm : callable, optional
        The eyes' distance from the screen now; 650 mm where it is not known. Offsets in degrees
        are approximate: they take the eyes to be before the middle of the screen.
    """

    def __init__(
        self,
        sdk: Any,
        tracker: Any,
        display_mm: tuple[float, float] | None,
        distance_mm: Callable[[], float | None] = lambda: None,
    ) -> None:
        self._sdk = sdk
        self._tracker = tracker
        self._display_mm = display_mm
        self._distance_mm = distance_mm
        self._lock = threading.Lock()
        self._running: Any = None
        self._collected: list[Point] = []
        self._used_s = 0.0

    def start(self) -> None:
        """Enter calibration mode, leaving one that is still on."""
        with self._lock:
            self._leave()
            with explained(self._sdk, "to start a calibration"):
                calibration = self._sdk.ScreenBasedCalibration(self._tracker)
                calibration.enter_calibration_mode()
            self._running = calibration
            self._collected = []
            self._used_s = clock_s()

    def collect(self, x_norm: float, y_norm: float) -> None:
        """Collect at a target, once more on failure.

        A target collected before is discarded first, because the SDK merges repeated ones.
        """
        point = (x_norm, y_norm)
        success = self._sdk.CALIBRATION_STATUS_SUCCESS
        with self._lock:
            running = self._on()
            if point in self._collected:
                self._discard(point)
            with explained(self._sdk, "to collect at the target"):
                statuses = (running.collect_data(x_norm, y_norm) for _ in range(2))
                collected = any(status == success for status in statuses)
            self._used_s = clock_s()
            if not collected:
                raise TrackerError(
                    f"no gaze collected at ({x_norm:g}, {y_norm:g}); look at it and collect again"
                )
            self._collected.append(point)

    def discard(self, x_norm: float, y_norm: float) -> None:
        """Forget a target."""
        with self._lock:
            self._on()
            if (x_norm, y_norm) not in self._collected:
                raise TrackerError(f"nothing was collected at ({x_norm:g}, {y_norm:g})")
            self._discard((x_norm, y_norm))

    def compute(self) -> CalibrationResult:
        """Compute and apply; a failed calibration leaves the previous one active."""
        sdk = self._sdk
        with self._lock:
            running = self._on()
            with explained(sdk, "to compute the calibration"):
                result = running.compute_and_apply()
            self._used_s = clock_s()
            if result.status == sdk.CALIBRATION_STATUS_FAILURE:
                failed = tuple(CalibrationPoint(*point, 0, None) for point in self._collected)
                return CalibrationResult(False, failed, self._before())
            return CalibrationResult(True, tuple(self._point(p) for p in result.calibration_points))

    def leave(self) -> None:
        """Leave calibration mode if it is on."""
        with self._lock:
            self._leave()

    def leave_if_alone(self, now_s: float) -> bool:
        """Leave a calibration that nobody goes on with; True if it was left now."""
        if self._running is None or not self._lock.acquire(blocking=False):
            return False
        try:
            if self._running is None or now_s - self._used_s < LEFT_ALONE_S:
                return False
            self._leave()
            return True
        finally:
            self._lock.release()

    def data(self) -> bytes | None:
        """The active calibration as the tracker stores it; None where it has none."""
        with self._lock:
            data = self._retrieved()
        return data or None

    def apply(self, data: bytes) -> None:
        """Make a stored calibration the active one; it belongs to one tracker and one reader."""
        with self._lock, explained(self._sdk, "to apply a stored calibration"):
            self._tracker.apply_calibration_data(data)

    def _on(self) -> Any:
        if self._running is None:
            raise TrackerError("the tracker is not calibrating; send calibration_start first")
        return self._running

    def _discard(self, point: Point) -> None:
        with explained(self._sdk, "to discard the target"):
            self._on().discard_data(*point)
        self._collected.remove(point)

    def _leave(self) -> None:
        running, self._running = self._running, None
        if running is not None:
            with explained(self._sdk, "to leave the calibration"):
                running.leave_calibration_mode()

    def _retrieved(self) -> bytes:
        value = answered(
            self._sdk,
            "its calibration",
            self._tracker.retrieve_calibration_data,
            lambda data: data is None or isinstance(data, bytes),
        )
        return bytes(value or b"")

    def _before(self) -> Literal["previous", "none"]:
        """What stays active after a failure."""
        try:
            return "previous" if self._retrieved() else "none"
        except TrackerError:
            # It cannot be told; trackers keep the calibration they had.
            return "previous"

    def _point(self, point: Any) -> CalibrationPoint:
        target = self._target(point.position_on_display_area)
        eyes = [
            [getattr(sample, f"{eye}_eye") for sample in point.calibration_samples]
            for eye in ("left", "right")
        ]
        used = [self._used(eye) for eye in eyes]
        left, right = (
            EyeFit(len(gaze), len(eye), self._offset_deg(gaze, target))
            for gaze, eye in zip(used, eyes, strict=True)
        )
        both = [*used[0], *used[1]]
        offset_deg = self._offset_deg(both, target)
        return CalibrationPoint(target[0], target[1], len(both), offset_deg, left, right)

    def _target(self, told: Sequence[float]) -> Point:
        """The target as it was asked for: trackers tell it back in single precision."""
        x, y = float(told[0]), float(told[1])
        near = [p for p in self._collected if math.dist(p, (x, y)) < _SAME_TARGET]
        return min(near, key=lambda p: math.dist(p, (x, y)), default=(x, y))

    def _used(self, eye: Sequence[Any]) -> list[Point]:
        wanted = self._sdk.VALIDITY_VALID_AND_USED
        return [sample.position_on_display_area for sample in eye if sample.validity == wanted]

    def _offset_deg(self, gaze: Sequence[Point], target: Point) -> float | None:
        """Angle between the mean of the samples and the target; None without samples."""
        if not gaze or self._display_mm is None:
            return None
        screen = Screen(1.0, 1.0, *self._display_mm, self._distance_mm() or _DISTANCE_MM)
        mean = np.mean(np.array(gaze, dtype=np.float64), axis=0)
        return float(screen.angle_deg(mean, target))
