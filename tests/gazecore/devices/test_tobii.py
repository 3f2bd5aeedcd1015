"""The Tobii driver over both SDKs: samples, loss and return, notices, clocks, ends."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING

import pytest

from gazecore.devices.side_streams import (
    EXTERNAL_SIGNAL,
    EYE_OPENNESS,
    TIME_SYNCHRONISATION,
    DeviceEvent,
)
from gazecore.devices.tobii import MEASURE_CLOCK_EVERY_S, TobiiDriver, TobiiSettings
from gazecore.devices.tobii_calibration import LEFT_ALONE_S
from gazecore.devices.tobii_sdk import LICENCE_NOTICE
from gazecore.errors import InvalidSettingError, TrackerError
from gazecore.lsl import clock_s
from tests.gazecore.devices import fake_tracker as bench
from tests.gazecore.devices.fake_tracker import guide_data, now_us, openness_data, time_data

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.gazecore.devices.conftest import Bench


AS_IT_IS = TobiiSettings()


def driver_of(tobii_bench: Bench, settings: TobiiSettings = AS_IT_IS) -> TobiiDriver:
    return TobiiDriver(tobii_bench.sdk, tobii_bench.connect(), settings)


@pytest.fixture
def driver(tobii_bench: Bench) -> Iterator[TobiiDriver]:
    yield from started(tobii_bench)


@pytest.fixture
def own_driver(own_bench: Bench) -> Iterator[TobiiDriver]:
    yield from started(own_bench)


def started(bench: Bench) -> Iterator[TobiiDriver]:
    driver = driver_of(bench)
    driver.start(clock_s())
    yield driver
    driver.close()
    assert bench.device.streams == {}


def events_of(driver: TobiiDriver, now_s: float | None = None) -> list[DeviceEvent]:
    """What was told, but for the clock's first measurement."""
    driver.read_side(clock_s() if now_s is None else now_s)
    return [event for event in driver.take_events() if event.event != "clock_offset"]


def test_gaze_comes_in_order_once_and_stops_with_the_driver(tobii_bench: Bench) -> None:
    driver = driver_of(tobii_bench)
    driver.start(clock_s())
    start_us = now_us() - 1_000_000
    for k in range(5):
        tobii_bench.device.emit_gaze(system_time_stamp=start_us + k * 8333)
    samples = driver.read(clock_s())
    assert [s.system_time_s for s in samples] == [(start_us + k * 8333) / 1e6 for k in range(5)]
    assert driver.read(clock_s()) == []
    driver.close()
    assert tobii_bench.device.streams == {}
    tobii_bench.device.emit_gaze()
    assert driver.read(clock_s()) == []


def test_a_sample_just_ahead_waits_and_one_far_ahead_is_sent_and_told(
    tobii_bench: Bench, driver: TobiiDriver
) -> None:
    now_s = clock_s()
    for ahead_us in (-1000, 100_000, 3_600_000_000):
        tobii_bench.device.emit_gaze(system_time_stamp=now_us() + ahead_us)
    assert len(driver.read(now_s)) == 1
    assert len(driver.read(now_s + 0.3)) == 2
    (event,) = events_of(driver)
    assert event.event == "clock_ahead"


def test_many_samples_from_another_thread_are_all_read(
    tobii_bench: Bench, driver: TobiiDriver
) -> None:
    """The reading goes on while the SDK's thread sends."""
    start_us = now_us() - 10_000_000
    count = 2000

    def send() -> None:
        deliver = tobii_bench.device.streams[bench.GAZE]
        for k in range(count):
            deliver(bench.gaze_data(system_time_stamp=start_us + k, device_time_stamp=k))

    thread = threading.Thread(target=send)
    thread.start()
    read: list[float] = []
    while thread.is_alive():
        read += [sample.device_time_s for sample in driver.read(clock_s())]
    thread.join()
    read += [sample.device_time_s for sample in driver.read(clock_s())]
    assert read == [k / 1e6 for k in range(count)]


@pytest.mark.skipif(sys.platform == "win32", reason="the C library's usleep")
def test_an_sdk_that_keeps_the_interpreter_to_itself_changes_no_sample(
    tobii_bench: Bench, driver: TobiiDriver
) -> None:
    tobii_bench.device.holds_gil_s["calibration_retrieve"] = 0.3
    start_us = now_us()
    thread = threading.Thread(target=lambda: driver.calibration and driver.calibration.data())
    thread.start()
    for k in range(20):
        tobii_bench.device.emit_gaze(system_time_stamp=start_us + k)
    thread.join()
    samples = driver.read(clock_s() + 0.1)
    assert [s.system_time_s for s in samples] == [(start_us + k) / 1e6 for k in range(20)]


def test_the_device_describes_itself(driver: TobiiDriver) -> None:
    assert (driver.name, driver.simulated, driver.rate_hz) == ("tobii", False, 120.0)
    details, traits = driver.details, driver.traits
    assert (details["model"], details["eye_tracking_mode"]) == ("Tobii Pro Fusion", "human")
    assert abs(float(details["clock_offset_s"])) < 1.0
    assert (traits.model, traits.serial_number, traits.mode) == (
        "Tobii Pro Fusion",
        "FS-1",
        "human",
    )
    assert traits.rates_hz == (60.0, 120.0, 250.0)
    assert traits.modes == ("bright_pupil", "human")
    assert traits.notices == (LICENCE_NOTICE,)


def test_settings_are_taken_or_refused(tobii_bench: Bench) -> None:
    asked = TobiiSettings(250.0, "bright_pupil", (600.0, 340.0))
    driver = driver_of(tobii_bench, asked)
    assert (driver.rate_hz, driver.traits.mode) == (250.0, "bright_pupil")
    assert "display area is 527 x 296 mm" in driver.traits.notices[1]
    for wrong in (TobiiSettings(600.0), TobiiSettings(mode="great ape")):
        with pytest.raises(InvalidSettingError):
            driver_of(tobii_bench, wrong)


def test_side_streams_are_those_of_the_model(own_bench: Bench) -> None:
    assert driver_of(own_bench).side_streams == (
        EYE_OPENNESS,
        TIME_SYNCHRONISATION,
        EXTERNAL_SIGNAL,
    )
    own_bench.device.capabilities = ("capability_has_gaze_data",)
    driver = driver_of(own_bench)
    assert driver.side_streams == (TIME_SYNCHRONISATION,)
    assert driver.calibration is None


def test_side_samples_come_once(own_bench: Bench, own_driver: TobiiDriver) -> None:
    own_bench.device.emit(bench.OPENNESS, openness_data())
    own_bench.device.emit(bench.TIME_SYNC, time_data())
    assert [s.stream for s in own_driver.read_side(clock_s())] == [
        EYE_OPENNESS,
        TIME_SYNCHRONISATION,
    ]
    assert own_driver.read_side(clock_s()) == []


def test_openness_that_is_claimed_and_never_comes_is_told_once(
    own_bench: Bench, own_driver: TobiiDriver
) -> None:
    own_bench.device.emit_gaze(system_time_stamp=now_us())
    own_driver.read(clock_s() + 11.0)
    assert [e.event for e in events_of(own_driver)] == ["eye_openness_silent"]
    assert events_of(own_driver) == []


def test_sampling_goes_on_after_the_connection_was_lost(
    tobii_bench: Bench, driver: TobiiDriver
) -> None:
    device = tobii_bench.device
    device.emit_gaze(system_time_stamp=now_us() - 100)
    device.notify("connection_lost")
    assert [e.event for e in events_of(driver)] == ["connection_lost"]
    assert any("connection" in notice for notice in driver.traits.notices)
    device.notify("connection_restored")
    device.emit_gaze(system_time_stamp=now_us())
    assert [e.event for e in events_of(driver)] == ["connection_restored"]
    assert driver.traits.notices == (LICENCE_NOTICE,)
    assert len(driver.read(clock_s() + 0.1)) == 2
    assert events_of(driver, clock_s() + 5.0) == []


def test_gaze_that_does_not_come_back_by_itself_is_subscribed_anew(
    tobii_bench: Bench, driver: TobiiDriver
) -> None:
    device = tobii_bench.device
    device.drops_streams = True
    device.notify("connection_lost")
    device.notify("connection_restored")
    device.emit_gaze(system_time_stamp=now_us())
    events_of(driver)
    assert driver.read(clock_s() + 0.1) == []
    now_s = clock_s()
    device.script["subscribe_to"] = [bench.CONNECTION_FAILED]
    assert [e.event for e in events_of(driver, now_s + 2.5)] == ["stream_unavailable"]
    assert events_of(driver, now_s + 3.0) == []
    assert [e.event for e in events_of(driver, now_s + 5.0)] == ["gaze_renewed"]
    device.emit_gaze(system_time_stamp=now_us())
    assert len(driver.read(clock_s() + 0.1)) == 1


def test_an_overflow_of_the_sdk_is_told(own_bench: Bench, own_driver: TobiiDriver) -> None:
    own_bench.device.notify("stream_buffer_overflow", notification_source_stream="gaze data")
    (event,) = events_of(own_driver)
    assert event.detail == "notification_source_stream gaze data"


@pytest.mark.parametrize("kind", ["faults", "warnings"])
def test_faults_are_shown_until_they_are_over(
    tobii_bench: Bench, driver: TobiiDriver, kind: str
) -> None:
    tobii_bench.device.notify(f"device_{kind}", **{kind: "camera,illuminator"})
    assert events_of(driver)[0].values == {kind: "camera,illuminator"}
    assert f"the tracker reports {kind}: camera,illuminator" in driver.traits.notices
    tobii_bench.device.notify(f"device_{kind}", **{kind: ""})
    events_of(driver)
    assert driver.traits.notices == (LICENCE_NOTICE,)


def test_a_licence_that_does_not_allow_a_stream_is_shown(
    tobii_bench: Bench, driver: TobiiDriver
) -> None:
    error = {
        "system_time_stamp": now_us(),
        "error": "stream_error_insufficient_license",
        "source": "stream_error_source_subscription_gaze_data",
        "message": "",
    }
    tobii_bench.device.emit(bench.ERRORS, error)
    assert [e.event for e in events_of(driver)] == ["stream_error"]
    assert "licence does not allow" in driver.traits.notices[1]


def test_a_display_area_that_is_changed_asks_for_a_calibration(
    tobii_bench: Bench, driver: TobiiDriver
) -> None:
    area = {"top_left": (0, 1, 0), "top_right": (1, 1, 0), "bottom_left": (0, 0, 0)}
    tobii_bench.device.notify("display_area_changed", display_area=area)
    assert [e.event for e in events_of(driver)] == ["display_area_changed"]
    assert "calibrate again" in driver.traits.notices[1]


@pytest.mark.parametrize(("told", "rate_hz"), [(60.0, 60.0), (None, 120.0), (0.0, 120.0)])
def test_a_rate_that_was_changed_elsewhere_is_followed(
    tobii_bench: Bench, driver: TobiiDriver, told: object, rate_hz: float
) -> None:
    tobii_bench.device.notify("gaze_output_frequency_changed", gaze_output_frequency=told)
    events_of(driver)
    assert driver.rate_hz == rate_hz
    assert any("60 Hz" in notice for notice in driver.traits.notices) is (rate_hz == 60.0)


def test_the_clocks_are_compared_each_minute_and_times_stay(
    tobii_bench: Bench, driver: TobiiDriver
) -> None:
    now_s = clock_s()
    driver.read_side(now_s)
    (first,) = driver.take_events()
    assert first.event == "clock_offset"
    assert abs(float(first.values["change_s"])) < 0.005
    tobii_bench.world.clock = lambda: now_us() - 50_000
    driver.read_side(now_s + MEASURE_CLOCK_EVERY_S - 1.0)
    assert list(driver.take_events()) == []
    driver.read_side(now_s + MEASURE_CLOCK_EVERY_S)
    (moved,) = driver.take_events()
    assert float(moved.values["change_s"]) == pytest.approx(0.05, abs=0.005)
    assert "moved apart" in moved.detail
    tobii_bench.device.emit_gaze(system_time_stamp=9_000_000)
    (sample,) = driver.read(clock_s())
    assert sample.t_s == pytest.approx(9.0 + float(driver.details["clock_offset_s"]), abs=1e-9)


def test_a_clock_that_cannot_be_read_is_told(tobii_bench: Bench, driver: TobiiDriver) -> None:
    tobii_bench.world.clock = lambda: None
    assert [e.event for e in events_of(driver)] == ["clock_offset_unknown"]


def test_eyes_are_told_from_the_position_guide(tobii_bench: Bench, driver: TobiiDriver) -> None:
    driver.eye_positions()
    tobii_bench.device.emit(bench.GUIDE, guide_data())
    positions = driver.eye_positions()
    assert positions is not None
    assert positions.left.valid
    assert (positions.left.x, positions.right.x) == (0.4, 0.7)


def test_closing_leaves_the_calibration(tobii_bench: Bench) -> None:
    driver = driver_of(tobii_bench)
    driver.start(clock_s())
    assert driver.calibration is not None
    driver.calibration.start()
    assert tobii_bench.device.calibrating
    driver.close()
    assert not tobii_bench.device.calibrating
    assert tobii_bench.device.streams == {}


def test_a_tracker_that_is_gone_is_closed_all_the_same(tobii_bench: Bench) -> None:
    driver = driver_of(tobii_bench)
    driver.start(clock_s())
    assert driver.calibration is not None
    driver.calibration.start()
    device = tobii_bench.device
    device.script["calibration_leave_calibration_mode"] = [bench.CONNECTION_FAILED]
    device.script["unsubscribe_from"] = [bench.CONNECTION_FAILED] * 20
    driver.close()


def test_a_calibration_nobody_goes_on_with_is_left(tobii_bench: Bench, driver: TobiiDriver) -> None:
    assert driver.calibration is not None
    driver.calibration.start()
    assert events_of(driver, clock_s() + LEFT_ALONE_S - 5.0) == []
    assert tobii_bench.device.calibrating
    told = [e.event for e in events_of(driver, clock_s() + LEFT_ALONE_S + 1.0)]
    assert "calibration_left" in told
    assert not tobii_bench.device.calibrating


def test_a_second_start_is_refused(driver: TobiiDriver) -> None:
    with pytest.raises(TrackerError, match="start a tracker once"):
        driver.start(clock_s())
