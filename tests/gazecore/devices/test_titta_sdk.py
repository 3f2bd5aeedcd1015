"""TittaPy behind the names of Tobii's SDK: what is its own, and the real module without tracker.

The driver, its streams and its calibration run over the same surface in ``test_tobii*.py``.
"""

from __future__ import annotations

import importlib.util
import threading
import time
from typing import TYPE_CHECKING

import pytest

from gazecore.devices import titta_errors
from gazecore.devices.driver import CalibrationResult
from gazecore.devices.side_streams import EXTERNAL_SIGNAL, EYE_OPENNESS, TIME_SYNCHRONISATION
from gazecore.devices.titta_sdk import TittaSdk
from gazecore.devices.tobii import TobiiDriver
from gazecore.devices.tobii_device import clock_offset_s
from gazecore.devices.tobii_sdk import find_tracker
from gazecore.devices.tobii_streams import NOTIFICATIONS
from gazecore.errors import MissingExtraError, TrackerError
from gazecore.lsl import clock_s
from tests.gazecore.devices import fake_tracker as bench
from tests.gazecore.devices.fake_titta import FakeTitta
from tests.gazecore.devices.fake_tracker import FakeWorld, now_us, signal_data, time_data

if TYPE_CHECKING:
    from collections.abc import Iterator

IS_INSTALLED = importlib.util.find_spec("TittaPy_v2") is not None


USED = (
    "address",
    "calibration_apply_data",
    "calibration_collect_data",
    "calibration_compute_and_apply",
    "calibration_discard_data",
    "calibration_get_data",
    "calibration_retrieve_result",
    "capabilities",
    "consume_N",
    "display_area",
    "enter_calibration_mode",
    "firmware_version",
    "frequency",
    "is_in_calibration_mode",
    "leave_calibration_mode",
    "model",
    "serial_number",
    "start",
    "stop",
    "supported_frequencies",
    "supported_modes",
    "tracking_mode",
)
"""What the driver uses of ``TittaPy_v2.EyeTracker``."""


@pytest.fixture
def world() -> FakeWorld:
    return FakeWorld()


@pytest.fixture
def driver(world: FakeWorld) -> Iterator[TobiiDriver]:
    sdk = TittaSdk(FakeTitta(world))
    driver = TobiiDriver(sdk, find_tracker(sdk))
    driver.start(clock_s())
    yield driver
    driver.close()
    assert world.tracker.streams == {}
    assert world.tracker.raised == []


@pytest.mark.skipif(IS_INSTALLED, reason="TittaPy is installed")
def test_without_titta_it_says_what_to_install() -> None:
    with pytest.raises(MissingExtraError, match=r"FOCUSSTATION_TOBII_PYTHON.*\[titta\]"):
        TittaSdk.load()


def test_it_has_every_name_that_the_driver_asks_for() -> None:
    sdk = TittaSdk(FakeTitta(FakeWorld()))
    for name in NOTIFICATIONS:
        assert getattr(sdk, f"EYETRACKER_NOTIFICATION_{name}").endswith(name.lower())
    assert sdk.__version__ == "TittaPy 2.1.0"


def test_openness_is_left_out_because_it_would_hold_gaze_back(driver: TobiiDriver) -> None:
    assert EYE_OPENNESS not in driver.side_streams
    assert driver.side_streams == (TIME_SYNCHRONISATION, EXTERNAL_SIGNAL)


def test_what_was_buffered_is_read_without_callbacks(world: FakeWorld, driver: TobiiDriver) -> None:
    start_us = now_us() - 1_000_000
    for k in range(4):
        world.tracker.emit_gaze(system_time_stamp=start_us + k, device_time_stamp=k)
    world.tracker.emit(bench.TIME_SYNC, time_data())
    world.tracker.emit(bench.SIGNAL, signal_data())
    world.tracker.notify("device_warnings", warnings="warm")
    assert [s.device_time_s for s in driver.read(clock_s())] == [0.0, 1e-6, 2e-6, 3e-6]
    sides = [s.stream for s in driver.read_side(clock_s())]
    assert sides == [EXTERNAL_SIGNAL, TIME_SYNCHRONISATION]
    assert "device_warnings" in {event.event for event in driver.take_events()}


def test_a_buffer_that_cannot_be_read_is_told_and_the_rest_goes_on(
    world: FakeWorld, driver: TobiiDriver
) -> None:
    world.tracker.emit(bench.GAZE, {**bench.gaze_data(), "left_pupil_diameter": None})
    assert driver.read(clock_s()) == []
    world.tracker.emit_gaze(system_time_stamp=now_us() - 1000)
    assert len(driver.read(clock_s())) == 1
    driver.read_side(clock_s())
    assert "malformed_data" in {event.event for event in driver.take_events()}


def test_a_calibration_waits_for_each_answer(world: FakeWorld, driver: TobiiDriver) -> None:
    calibration = driver.calibration
    assert calibration is not None
    calibration.start()
    calibration.collect(0.1, 0.1)
    calibration.collect(0.9, 0.9)
    result = calibration.compute()
    assert isinstance(result, CalibrationResult)
    # The C library tells targets back in single precision, we as they were asked for.
    assert [(p.x_norm, p.y_norm) for p in result.points] == [(0.1, 0.1), (0.9, 0.9)]
    calibration.leave()
    assert not world.tracker.calibrating


def test_a_stored_calibration_enters_calibration_mode_and_leaves_it(
    world: FakeWorld, driver: TobiiDriver
) -> None:
    assert driver.calibration is not None
    assert driver.calibration.data() == b"calibration of before"
    driver.calibration.apply(b"of another day")
    assert world.tracker.stored == b"of another day"
    assert not world.tracker.calibrating


def test_a_mode_that_cannot_be_entered_can_be_tried_again(
    world: FakeWorld, driver: TobiiDriver
) -> None:
    assert driver.calibration is not None
    world.tracker.script["calibration_enter_calibration_mode"] = [bench.CONNECTION_FAILED]
    with pytest.raises(TrackerError, match="to start a calibration"):
        driver.calibration.start()
    driver.calibration.start()
    assert world.tracker.calibrating


def test_a_callback_is_taken_once(world: FakeWorld) -> None:
    sdk = TittaSdk(FakeTitta(world))
    tracker = sdk.EyeTracker(world.tracker.address)
    rows: list[object] = []
    tracker.subscribe_to(sdk.EYETRACKER_GAZE_DATA, rows.append)
    with pytest.raises(titta_errors.EyeTrackerInvalidOperationError):
        tracker.subscribe_to(sdk.EYETRACKER_GAZE_DATA, rows.append)
    world.tracker.emit_gaze()
    tracker.pump()
    assert len(rows) == 1
    tracker.unsubscribe_from(sdk.EYETRACKER_GAZE_DATA, rows.append)


def test_reading_goes_on_while_another_thread_subscribes(
    world: FakeWorld, driver: TobiiDriver
) -> None:
    """The station asks for eye positions from threads of its own."""
    sdk = TittaSdk(FakeTitta(world))
    tracker = sdk.EyeTracker(world.tracker.address)
    stop = threading.Event()
    failed: list[object] = []

    def pump() -> None:
        try:
            while not stop.is_set():
                tracker.pump()
        except Exception as error:  # noqa: BLE001 - told by the assertion
            failed.append(error)

    thread = threading.Thread(target=pump)
    thread.start()
    for k in range(400):
        stream = f"eyetracker_notification_{k}"
        tracker.subscribe_to(stream, failed.append)
        tracker.unsubscribe_from(stream, failed.append)
    stop.set()
    thread.join()
    assert failed == []
    assert driver.name == "tobii"


@pytest.mark.skipif(not IS_INSTALLED, reason="TittaPy is not installed (extra titta)")
def test_the_real_module_without_a_tracker() -> None:
    sdk = TittaSdk.load()
    before_s = time.monotonic()
    assert sdk.find_all_eyetrackers() == ()
    assert time.monotonic() - before_s < 10
    assert abs(clock_offset_s(sdk)) < 1.0
    with pytest.raises(TrackerError, match=r"refused the connection to tet-tcp://127\.0\.0\.1:9"):
        find_tracker(sdk, "tet-tcp://127.0.0.1:9")
    assert [name for name in USED if not hasattr(sdk.module.EyeTracker, name)] == []
    assert {kind.upper() for kind in dir(sdk.module.notification_type)} >= set(NOTIFICATIONS)
    actions = "enter collect_data discard_data compute get_calibration_data apply_calibration_data"
    assert set(actions.split()) <= set(dir(sdk.module.calibration_action))
    streams = "gaze external_signal time_sync positioning notification"
    assert set(streams.split()) <= set(dir(sdk.module.EyeTracker.stream))
