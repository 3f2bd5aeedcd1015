"""Calibrating a Tobii tracker step by step, over a fake of the SDK's public surface."""

from __future__ import annotations

import math

import pytest

from gazecore.devices.tobii import explained
from gazecore.devices.tobii_calibration import TobiiCalibration
from gazecore.errors import TrackerError
from tests.gazecore.devices.fake_tobii import FakeSdk, FakeTracker, ScreenBasedCalibration


@pytest.fixture
def tracker() -> FakeTracker:
    return FakeTracker()


@pytest.fixture
def calibration(tracker: FakeTracker) -> TobiiCalibration:
    return TobiiCalibration(FakeSdk(), tracker, (527.0, 296.0), explained)


def test_a_calibration_from_start_to_end(
    calibration: TobiiCalibration, tracker: FakeTracker
) -> None:
    calibration.start()
    for target in [(0.5, 0.5), (0.1, 0.1)]:
        calibration.collect(*target)
    result = calibration.compute()
    calibration.leave()
    assert result.succeeded
    assert not tracker.calibrating
    centre = result.points[0]
    assert (centre.x_norm, centre.y_norm, centre.samples) == (0.5, 0.5, 4)
    # Half of the used eyes are .01 of the width to the right, so their mean is .005.
    expected_deg = math.degrees(math.atan(0.005 * 527 / 650))
    assert centre.offset_deg == pytest.approx(expected_deg, rel=1e-6)


def test_collecting_is_tried_once_more(calibration: TobiiCalibration, tracker: FakeTracker) -> None:
    tracker.collect_statuses = [FakeSdk.CALIBRATION_STATUS_FAILURE]
    calibration.start()
    calibration.collect(0.5, 0.5)
    assert tracker.collected == [(0.5, 0.5)]


def test_collecting_that_fails_twice_is_said(
    calibration: TobiiCalibration, tracker: FakeTracker
) -> None:
    tracker.collect_statuses = [FakeSdk.CALIBRATION_STATUS_FAILURE] * 2
    calibration.start()
    with pytest.raises(TrackerError, match="look at it and collect again"):
        calibration.collect(0.5, 0.5)
    assert tracker.collected == []


def test_a_target_collected_again_replaces_the_first(
    calibration: TobiiCalibration, tracker: FakeTracker
) -> None:
    calibration.start()
    calibration.collect(0.5, 0.5)
    calibration.collect(0.5, 0.5)
    assert tracker.collected == [(0.5, 0.5)]


def test_a_discarded_target_is_gone(calibration: TobiiCalibration, tracker: FakeTracker) -> None:
    calibration.start()
    calibration.collect(0.5, 0.5)
    calibration.discard(0.5, 0.5)
    assert tracker.collected == []


def test_a_failed_calibration_names_its_targets(calibration: TobiiCalibration) -> None:
    calibration.start()
    calibration.collect(0.5, 0.5)
    result = calibration.compute()
    assert not result.succeeded
    assert [(p.x_norm, p.samples, p.offset_deg) for p in result.points] == [(0.5, 0, None)]


def test_starting_again_leaves_the_one_before(
    calibration: TobiiCalibration, tracker: FakeTracker
) -> None:
    calibration.start()
    calibration.start()
    assert tracker.calibrating
    calibration.leave()
    calibration.leave()
    assert not tracker.calibrating


def test_another_program_calibrating_is_said(
    calibration: TobiiCalibration, tracker: FakeTracker
) -> None:
    ScreenBasedCalibration(tracker).enter_calibration_mode()
    with pytest.raises(TrackerError, match="already in calibration mode"):
        calibration.start()
    with pytest.raises(TrackerError, match="calibration_start"):
        calibration.collect(0.5, 0.5)
