"""Settings of a Tobii tracker: set, looked at, believed only then."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gazecore.devices.driver import DeviceSample, EyeChannels
from gazecore.devices.tobii_device import TobiiDevice, clock_offset_s
from gazecore.errors import InvalidSettingError, TrackerError
from tests.gazecore.devices import fake_tracker
from tests.gazecore.devices.fake_tracker import now_us

if TYPE_CHECKING:
    from tests.gazecore.devices.conftest import Bench


def device_of(bench: Bench, screen_mm: tuple[float, float] | None = None) -> TobiiDevice:
    return TobiiDevice(bench.sdk, bench.connect(), screen_mm)


def test_the_device_describes_itself(tobii_bench: Bench) -> None:
    details = device_of(tobii_bench).details
    assert details["model"] == "Tobii Pro Fusion"
    assert details["serial_number"] == "FS-1"
    assert details["sdk"] in {"2.1.0", "TittaPy 2.1.0"}
    assert (details["display_area_width_mm"], details["display_area_height_mm"]) == ("527", "296")


def test_the_rate_is_set_where_the_tracker_has_it(tobii_bench: Bench) -> None:
    device = device_of(tobii_bench)
    assert device.set_rate(None) == 120.0
    assert device.set_rate(250.0) == 250.0
    assert device.rates_hz == (60.0, 120.0, 250.0)
    with pytest.raises(InvalidSettingError, match="one of 60, 120, 250"):
        device.set_rate(600.0)


@pytest.mark.parametrize("rate", [None, 0.0, "x", float("nan"), -120.0])
def test_a_rate_that_is_none_is_not_believed(tobii_bench: Bench, rate: object) -> None:
    tobii_bench.device.frequency = rate
    with pytest.raises(TrackerError, match="its rate"):
        device_of(tobii_bench).set_rate(None)


def test_a_setting_that_did_not_take_is_said(tobii_bench: Bench) -> None:
    tobii_bench.device.takes_settings = False
    device = device_of(tobii_bench)
    with pytest.raises(TrackerError, match="stays at 120 Hz when set to 250 Hz"):
        device.set_rate(250.0)
    with pytest.raises(TrackerError, match="stays in mode human when set to bright_pupil"):
        device.set_mode("bright_pupil")


def test_a_setting_whose_call_timed_out_is_no_success(tobii_bench: Bench) -> None:
    tobii_bench.device.script["set_gaze_output_frequency"] = [fake_tracker.TIMED_OUT]
    with pytest.raises(TrackerError, match="stays at 120 Hz"):
        device_of(tobii_bench).set_rate(250.0)


def test_the_mode_is_set_where_the_tracker_has_it(tobii_bench: Bench) -> None:
    device = device_of(tobii_bench)
    device.set_mode("")
    assert device.mode == "human"
    device.set_mode("bright_pupil")
    assert (device.mode, tobii_bench.device.mode) == ("bright_pupil", "bright_pupil")
    assert device.details["eye_tracking_mode"] == "bright_pupil"
    with pytest.raises(InvalidSettingError, match="one of bright_pupil, human"):
        device.set_mode("great ape")


def test_a_tracker_without_modes_has_none(tobii_bench: Bench) -> None:
    tobii_bench.device.script["get_all_eye_tracking_modes"] = [fake_tracker.NOT_SUPPORTED]
    device = device_of(tobii_bench)
    device.set_mode("")
    assert (device.modes, device.mode) == ((), "")
    with pytest.raises(InvalidSettingError, match="it has no modes"):
        device.set_mode("human")


def test_capabilities_are_asked_by_name(tobii_bench: Bench) -> None:
    tobii_bench.device.capabilities = ("capability_can_do_screen_based_calibration",)
    device = device_of(tobii_bench)
    assert device.can("CAN_DO_SCREEN_BASED_CALIBRATION")
    assert not device.can("HAS_EXTERNAL_SIGNAL")
    assert not device.can("CAN_FLY")


@pytest.mark.parametrize(
    ("screen_mm", "is_said"),
    [
        (None, False),
        ((527.0, 296.0), False),
        ((527.0 / 1.04, 296.0), False),
        ((527.0 / 1.06, 296.0), True),
        ((527.0, 296.0 * 1.06), True),
        ((0.0, 0.0), False),
    ],
)
def test_a_display_area_unlike_the_screen_is_said(
    tobii_bench: Bench, screen_mm: tuple[float, float] | None, is_said: bool
) -> None:
    notices = device_of(tobii_bench, screen_mm).notices
    assert len(notices) == is_said
    if is_said:
        assert "527 x 296 mm" in notices[0]
        assert "Eye Tracker Manager" in notices[0]


def test_a_tracker_without_display_area_says_so(tobii_bench: Bench) -> None:
    tobii_bench.device.script["get_display_area"] = [fake_tracker.TIMED_OUT] * 2
    device = device_of(tobii_bench)
    assert device.display_mm is None
    assert "no display area" in device.notices[0]
    assert "display_area_width_mm" not in device.details
    assert device.distance_mm(DeviceSample(0.0, 0.0, 0.0)) is None


def test_the_eyes_distance_is_from_the_middle_of_the_display_area(tobii_bench: Bench) -> None:
    device = device_of(tobii_bench)
    # The middle lies at (0, 158, 0); the eyes' mean is 600 mm before it.
    left = EyeChannels(origin_user_x=-30, origin_user_y=158, origin_user_z=600, origin_valid=1)
    right = EyeChannels(origin_user_x=30, origin_user_y=158, origin_user_z=600, origin_valid=1)
    assert device.distance_mm(DeviceSample(0, 0, 0, left, right)) == pytest.approx(600.0)
    assert device.distance_mm(DeviceSample(0, 0, 0)) is None


def test_the_offset_between_the_clocks_is_measured(tobii_bench: Bench) -> None:
    before_s = clock_offset_s(tobii_bench.sdk)
    tobii_bench.world.clock = lambda: now_us() - 12_500_000
    assert clock_offset_s(tobii_bench.sdk) - before_s == pytest.approx(12.5, abs=0.005)


def test_a_clock_that_tells_nothing_is_said(tobii_bench: Bench) -> None:
    tobii_bench.world.clock = lambda: None
    with pytest.raises(TrackerError, match="as the time"):
        clock_offset_s(tobii_bench.sdk)
