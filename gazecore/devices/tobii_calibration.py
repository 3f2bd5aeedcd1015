"""Calibration of a Tobii tracker: the SDK's screen-based calibration behind our verbs."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import numpy as np

from gazecore.devices.driver import CalibrationPoint, CalibrationResult, NoCalibrationData
from gazecore.errors import TrackerError
from gazecore.geometry import Screen

_DISTANCE_MM = 650.0
"""Reading distance for offsets in degrees, which are approximate here."""

Explained = Callable[[Any, str], AbstractContextManager[None]]


class TobiiCalibration(NoCalibrationData):
    """Enter, collect, compute, leave; each call blocks until the tracker has answered.

    Parameters
    ----------
    sdk, tracker
        The module `tobii_research` and its ``EyeTracker``.
    display_mm : (float, float)
        Width and height of the display area.
    explained
        ``explained(sdk, doing)`` turns the SDK's errors into ours.
    """

    def __init__(
        self, sdk: Any, tracker: Any, display_mm: tuple[float, float], explained: Explained
    ) -> None:
        self._sdk = sdk
        self._tracker = tracker
        self._screen = Screen(1.0, 1.0, display_mm[0], display_mm[1], _DISTANCE_MM)
        self._explained = explained
        self._running: Any = None
        self._collected: list[tuple[float, float]] = []

    def start(self) -> None:
        """Enter calibration mode, leaving one that is still on."""
        self.leave()
        with self._explained(self._sdk, "to start a calibration"):
            calibration = self._sdk.ScreenBasedCalibration(self._tracker)
            calibration.enter_calibration_mode()
        self._running = calibration
        self._collected = []

    def collect(self, x_norm: float, y_norm: float) -> None:
        """Collect at a target, once more on failure.

        A target collected before is discarded first, because the SDK merges repeated ones.
        """
        if (x_norm, y_norm) in self._collected:
            self.discard(x_norm, y_norm)
        success = self._sdk.CALIBRATION_STATUS_SUCCESS
        with self._explained(self._sdk, "to collect at the target"):
            statuses = (self._on().collect_data(x_norm, y_norm) for _ in range(2))
            if not any(status == success for status in statuses):
                raise TrackerError(
                    f"no gaze collected at ({x_norm:g}, {y_norm:g}); look at it and collect again"
                )
        self._collected.append((x_norm, y_norm))

    def discard(self, x_norm: float, y_norm: float) -> None:
        """Forget a target."""
        with self._explained(self._sdk, "to discard the target"):
            self._on().discard_data(x_norm, y_norm)
        self._collected = [p for p in self._collected if p != (x_norm, y_norm)]

    def compute(self) -> CalibrationResult:
        """Compute and apply; a failed calibration leaves the previous one active."""
        with self._explained(self._sdk, "to compute the calibration"):
            result = self._on().compute_and_apply()
        if result.status != self._sdk.CALIBRATION_STATUS_SUCCESS:
            failed = tuple(CalibrationPoint(*point, 0, None) for point in self._collected)
            return CalibrationResult(False, failed)
        return CalibrationResult(True, tuple(self._point(p) for p in result.calibration_points))

    def leave(self) -> None:
        """Leave calibration mode if it is on."""
        running, self._running = self._running, None
        if running is not None:
            with self._explained(self._sdk, "to leave the calibration"):
                running.leave_calibration_mode()

    def _on(self) -> Any:
        if self._running is None:
            raise TrackerError("the tracker is not calibrating; send calibration_start first")
        return self._running

    def _point(self, point: Any) -> CalibrationPoint:
        used = self._sdk.VALIDITY_VALID_AND_USED
        target = tuple(float(v) for v in point.position_on_display_area)
        gaze = [
            eye.position_on_display_area
            for sample in point.calibration_samples
            for eye in (sample.left_eye, sample.right_eye)
            if eye.validity == used
        ]
        if not gaze:
            return CalibrationPoint(target[0], target[1], 0, None)
        mean = np.mean(np.array(gaze, dtype=np.float64), axis=0)
        offset_deg = float(self._screen.angle_deg(mean, target))
        return CalibrationPoint(target[0], target[1], len(gaze), offset_deg)
