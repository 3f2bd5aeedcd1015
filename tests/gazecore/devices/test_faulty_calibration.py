"""Calibrations that fail: at each step, at one point, so many times, leaving what was there."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, wait
from typing import TYPE_CHECKING

import pytest

from gazecore.devices.fault_file import Fault
from gazecore.devices.faulty_calibration import FaultyCalibration
from gazecore.devices.simulated_calibration import IDENTITY, SimulatedCalibration
from gazecore.errors import TrackerError
from gazecore.synthetic.stimulus import DEFAULT_SCREEN

if TYPE_CHECKING:
    from gazecore.devices.driver import CalibrationPoint

CORNERS = ((0.1, 0.1), (0.9, 0.1), (0.1, 0.9), (0.9, 0.9))


class Bench:
    """A simulated calibration on a clock of its own, whose reader looks a little off."""

    def __init__(self, *faults: Fault) -> None:
        self.now_s = 0.0
        self.real = SimulatedCalibration(
            lambda: DEFAULT_SCREEN, lambda: self.now_s, lambda _target: 0.0
        )
        self.calibration = FaultyCalibration(self.real, faults)

    def collect(self, x: float, y: float) -> None:
        with ThreadPoolExecutor(1) as pool:
            collecting = pool.submit(self.calibration.collect, x, y)
            while not collecting.done():
                self.now_s += 0.01
                self.real.remember(self.now_s, (x + 0.02, y), (x + 0.02, y))
                wait([collecting], 0.0005)
            collecting.result()

    def collect_all(self) -> None:
        self.calibration.start()
        for corner in CORNERS:
            self.collect(*corner)


def test_without_faults_all_is_passed_on() -> None:
    bench = Bench()
    bench.collect_all()
    bench.calibration.discard(*CORNERS[0])
    bench.collect(*CORNERS[0])
    assert bench.calibration.compute().succeeded
    stored = bench.calibration.data()
    assert stored is not None
    assert stored == bench.real.data()
    bench.calibration.apply(stored)
    bench.calibration.leave()


def test_a_tracker_that_refuses_to_calibrate() -> None:
    calibration = Bench(Fault("calibration", step="start")).calibration
    for _ in range(3):
        with pytest.raises(TrackerError, match="refuses to calibrate"):
            calibration.start()


def test_a_point_that_fails_twice_and_then_succeeds() -> None:
    bench = Bench(Fault("calibration", step="collect", point=(0.9, 0.1), times=2))
    bench.calibration.start()
    bench.collect(0.1, 0.1)
    for _ in range(2):
        with pytest.raises(TrackerError, match=r"collect at \(0\.9, 0\.1\)"):
            bench.collect(0.9, 0.1)
    bench.collect(0.9, 0.1)
    assert [p.samples > 0 for p in bench.calibration.compute().points] == [True, True]


def test_a_failed_compute_leaves_what_was_there() -> None:
    bench = Bench(Fault("calibration", step="compute", times=1))
    bench.collect_all()
    first = bench.calibration.compute()
    assert (first.succeeded, first.active) == (False, "none")
    assert bench.real.correction == IDENTITY
    assert bench.calibration.compute().active == "new"
    kept = bench.real.correction
    later = FaultyCalibration(bench.real, [Fault("calibration", step="compute")])
    assert later.compute().active == "previous"
    assert bench.real.correction == kept != IDENTITY


def test_a_point_without_usable_samples() -> None:
    bench = Bench(Fault("calibration", step="compute", point=(0.9, 0.9)))
    bench.collect_all()
    result = bench.calibration.compute()

    def figures(point: CalibrationPoint) -> tuple[bool, bool]:
        return point.samples > 0, point.offset_deg is not None

    found = {(p.x_norm, p.y_norm): p for p in result.points}
    assert figures(found[0.9, 0.9]) == (False, False)
    assert found[0.9, 0.9].left is not None
    assert found[0.9, 0.9].left.samples_used == 0
    assert figures(found[0.1, 0.1]) == (True, True)
    assert result.succeeded


def test_a_tracker_that_does_not_leave_at_first() -> None:
    bench = Bench(Fault("calibration", step="leave", times=1))
    bench.calibration.start()
    with pytest.raises(TrackerError, match="does not leave"):
        bench.calibration.leave()
    bench.calibration.leave()
    with pytest.raises(TrackerError, match="not calibrating"):
        bench.calibration.compute()
