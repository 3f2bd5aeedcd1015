"""A pointer in place of eyes."""

from __future__ import annotations

from gazecore.devices.driver import LOST_EYE
from gazecore.devices.pointer import PointerDriver


def test_both_eyes_are_where_it_points_from_then_on() -> None:
    driver = PointerDriver(100.0)
    driver.start(10.0)
    assert all(s.is_lost for s in driver.read(10.045))
    driver.point(0.25, 1.5)
    samples = driver.read(10.095)
    assert [s.t_s for s in samples] == [10.0 + k / 100 for k in range(5, 10)]
    for sample in samples:
        assert sample.left == sample.right
        assert (sample.left.gaze_x, sample.left.gaze_y, sample.left.gaze_valid) == (0.25, 1.5, 1.0)
        assert sample.truth is not None
        assert (sample.truth.x_norm, sample.truth.y_norm, sample.truth.label) == (0.25, 1.5, 0)


def test_a_pointer_that_is_away_is_lost() -> None:
    driver = PointerDriver(100.0)
    driver.start(10.0)
    driver.point(0.5, 0.5)
    driver.point(None, None)
    assert [s.left for s in driver.read(10.0)] == [LOST_EYE]


def test_it_is_no_eye_and_cannot_be_calibrated() -> None:
    driver = PointerDriver()
    assert (driver.simulated, driver.calibration, driver.rate_hz) == (True, None, 120.0)
    assert driver.details["model"] == "pointer"
    driver.close()
