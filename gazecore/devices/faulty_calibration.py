"""A calibration that fails where a script of faults says so."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from gazecore.devices.driver import CalibrationResult
from gazecore.errors import TrackerError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gazecore.devices.driver import Calibration, CalibrationPoint
    from gazecore.devices.fault_file import CalibrationStep, Fault

Point = tuple[float, float]


class FaultyCalibration:
    """Passes everything on to a calibration but the steps that are to fail.

    Parameters
    ----------
    calibration : Calibration
    faults : sequence of Fault
        Those of kind ``calibration``; the first that fits plays.
    """

    def __init__(self, calibration: Calibration, faults: Sequence[Fault]) -> None:
        self._calibration = calibration
        self._faults = tuple(faults)
        self._played: Counter[Fault] = Counter()

    def start(self) -> None:
        """Enter calibration."""
        self._fail("start", "the tracker refuses to calibrate")
        self._calibration.start()

    def collect(self, x_norm: float, y_norm: float) -> None:
        """Collect at a target; a failing one collects nothing."""
        what = f"the tracker could not collect at ({x_norm:g}, {y_norm:g})"
        self._fail("collect", what, (x_norm, y_norm))
        self._calibration.collect(x_norm, y_norm)

    def discard(self, x_norm: float, y_norm: float) -> None:
        """Forget a target."""
        self._calibration.discard(x_norm, y_norm)

    def compute(self) -> CalibrationResult:
        """Compute; a failing one leaves active what was there, or has no sample at a point."""
        if self._plays("compute", None) is not None:
            is_first = self._calibration.data() is None
            return CalibrationResult(False, before="none" if is_first else "previous")
        result = self._calibration.compute()
        return replace(result, points=tuple(self._at_point(point) for point in result.points))

    def leave(self) -> None:
        """Leave calibration."""
        self._fail("leave", "the tracker does not leave the calibration")
        self._calibration.leave()

    def data(self) -> bytes | None:
        """The active calibration."""
        return self._calibration.data()

    def apply(self, data: bytes) -> None:
        """Apply a stored calibration."""
        self._calibration.apply(data)

    def _fail(self, step: CalibrationStep, what: str, target: Point | None = None) -> None:
        if self._plays(step, target) is not None:
            raise TrackerError(f"{what} (a scripted fault); try again")

    def _plays(self, step: CalibrationStep, target: Point | None) -> Fault | None:
        for fault in self._faults:
            if not fault.strikes(step, target):
                continue
            if fault.times and self._played[fault] >= fault.times:
                continue
            self._played[fault] += 1
            return fault
        return None

    def _at_point(self, point: CalibrationPoint) -> CalibrationPoint:
        if self._plays("compute", (point.x_norm, point.y_norm)) is None:
            return point
        left, right = (
            None if fit is None else replace(fit, samples_used=0, offset_deg=None)
            for fit in (point.left, point.right)
        )
        return replace(point, samples=0, offset_deg=None, left=left, right=right)
