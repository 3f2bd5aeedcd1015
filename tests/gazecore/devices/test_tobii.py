"""The Tobii driver over a fake of the SDK's public surface."""

from __future__ import annotations

import importlib.util
import math

import pytest

from gazecore.devices.driver import LOST_EYE
from gazecore.devices.tobii import (
    TobiiDriver,
    clock_offset_s,
    device_sample,
    find_tracker,
    load_sdk,
)
from gazecore.errors import InvalidSettingError, MissingExtraError, TrackerError
from gazecore.lsl import clock_s
from gazecore.samples import GAZE_LABELS
from tests.gazecore.devices.fake_tobii import FakeSdk, FakeTracker, gaze_data


@pytest.mark.skipif(
    importlib.util.find_spec("tobii_research") is not None, reason="Tobii's SDK is installed"
)
def test_without_the_sdk_it_says_what_to_install() -> None:
    with pytest.raises(MissingExtraError, match=r"Python 3\.10.*focusstation\[tobii\]"):
        load_sdk()


def test_every_field_lands_in_its_channel() -> None:
    sample = device_sample(gaze_data(), 0.5)
    values = dict(zip(GAZE_LABELS, sample.channels(3), strict=True))
    assert sample.t_s == 9.5
    assert (values["sequence"], values["device_time"], values["system_time"]) == (3.0, 7.0, 9.0)
    for eye, base in (("left", 0.0), ("right", 100.0)):
        assert values[f"{eye}_gaze_x"] == base + 0.1
        assert values[f"{eye}_gaze_y"] == base + 0.2
        assert [values[f"{eye}_gaze_user_{a}"] for a in "xyz"] == [base + 1, base + 2, base + 3]
        assert values[f"{eye}_pupil_diameter"] == base + 4
        assert [values[f"{eye}_origin_user_{a}"] for a in "xyz"] == [base + 5, base + 6, base + 7]
        assert [values[f"{eye}_{n}_valid"] for n in ("gaze", "pupil", "origin")] == [1.0, 1.0, 1.0]


def test_what_is_flagged_invalid_is_nan_whatever_the_sdk_left_there() -> None:
    invalid = {f"left_{n}_validity": 0 for n in ("gaze_point", "pupil", "gaze_origin")}
    sample = device_sample(gaze_data(**invalid), 0.0)
    assert str(sample.left) == str(LOST_EYE)
    assert not math.isnan(sample.right.gaze_x)


def test_gaze_comes_in_order_once_and_stops_with_the_driver() -> None:
    tracker = FakeTracker()
    driver = TobiiDriver(FakeSdk(), tracker)
    driver.start(clock_s())
    for k in range(5):
        tracker.emit(system_time_stamp=1_000_000 + k * 8333)
    samples = driver.read(clock_s())
    assert [s.system_time_s for s in samples] == [(1_000_000 + k * 8333) / 1e6 for k in range(5)]
    assert driver.read(clock_s()) == []
    driver.close()
    assert tracker.callbacks == []


def test_a_sample_after_the_end_is_not_read() -> None:
    tracker = FakeTracker()
    driver = TobiiDriver(FakeSdk(), tracker)
    driver.start(0.0)
    tracker.emit(system_time_stamp=1_000_000)
    tracker.emit(system_time_stamp=5_000_000)
    assert len(driver.read(3.0)) == 1
    assert len(driver.read(6.0)) == 1
    driver.close()


def test_the_offset_between_the_clocks_is_measured() -> None:
    sdk = FakeSdk(offset_s=12.5)
    monotonic_to_lsl_s = clock_offset_s(FakeSdk().get_system_time_stamp)
    measured_s = clock_offset_s(sdk.get_system_time_stamp)
    assert measured_s - monotonic_to_lsl_s == pytest.approx(12.5, abs=0.005)


def test_the_device_describes_itself() -> None:
    driver = TobiiDriver(FakeSdk(), FakeTracker())
    assert (driver.name, driver.simulated, driver.rate_hz) == ("tobii", False, 120.0)
    details = driver.details
    assert details["model"] == "Fusion"
    assert details["serial_number"] == "FS-1"
    assert details["sdk"] == "2.1.0"
    assert (details["display_area_width_mm"], details["display_area_height_mm"]) == ("527", "296")


def test_the_rate_is_set_where_the_tracker_has_it() -> None:
    assert TobiiDriver(FakeSdk(), FakeTracker(), 250.0).rate_hz == 250.0
    with pytest.raises(InvalidSettingError, match="one of 60, 120, 250"):
        TobiiDriver(FakeSdk(), FakeTracker(), 600.0)


@pytest.mark.parametrize("rate", [None, 0.0, "x"])
def test_a_rate_that_is_none_is_not_believed(rate: object) -> None:
    with pytest.raises(TrackerError, match="rate"):
        TobiiDriver(FakeSdk(), FakeTracker(frequency=rate))


def test_the_search_is_repeated_while_nothing_is_found() -> None:
    tracker = FakeTracker()
    sdk = FakeSdk((), (), (tracker,))
    assert find_tracker(sdk, pause_s=0.0) is tracker
    assert sdk.searches == 3


def test_no_tracker_is_said() -> None:
    with pytest.raises(TrackerError, match="no Tobii tracker found"):
        find_tracker(FakeSdk(), pause_s=0.0)


def test_a_tracker_may_be_named_by_its_address() -> None:
    assert find_tracker(FakeSdk(), "tet-tcp://10.0.0.1").address == "tet-tcp://10.0.0.1"
    with pytest.raises(TrackerError, match=r"refused the connection to tet-tcp://9.*se_internal"):
        find_tracker(FakeSdk(), "tet-tcp://9")


def test_an_error_of_the_sdk_becomes_one_line() -> None:
    tracker = FakeTracker()
    driver = TobiiDriver(FakeSdk(), tracker)
    driver.start(0.0)
    with pytest.raises(TrackerError, match="EyeTrackerInvalidOperationError"):
        driver.start(0.0)
    driver.close()


def test_closing_leaves_the_calibration() -> None:
    tracker = FakeTracker()
    driver = TobiiDriver(FakeSdk(), tracker)
    driver.calibration.start()
    assert tracker.calibrating
    driver.close()
    assert not tracker.calibrating
