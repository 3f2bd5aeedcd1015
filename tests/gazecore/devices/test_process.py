"""The tracker process in this process: every sample sent is there, to the bit; commands; faults."""

from __future__ import annotations

import csv
import threading
import time
import uuid
from typing import TYPE_CHECKING

import numpy as np
import pylsl
import pytest

from gazecore.control import ControlClient
from gazecore.devices.faults import Fault, FaultScript
from gazecore.devices.pointer import PointerDriver
from gazecore.devices.process import Tracker, TrackerOutcome, TrackerSettings
from gazecore.devices.side_streams import EVENTS_NAME, side_name
from gazecore.devices.simulated import SimulatedDriver, SimulatedSettings
from gazecore.devices.station_view import MarkerFeed
from gazecore.errors import ControlError, InvalidSettingError, TrackerError
from gazecore.lsl import clock_s, resolve_named
from gazecore.marker_outlet import MarkerOutlet
from gazecore.messages import TargetShown, TrackerEvent, parse_marker
from gazecore.samples import GazeSamples

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from gazecore.devices.driver import DeviceSample, Driver
    from gazecore.messages import AnyMarker

pytestmark = pytest.mark.usefixtures("lsl_session")


class Running:
    """A tracker on a thread, with a control client; leaves nothing behind."""

    def __init__(self, driver: Driver, settings: TrackerSettings) -> None:
        self.tracker = Tracker(driver, settings)
        self.outcome: TrackerOutcome | None = None
        self._settings = settings
        self._thread = threading.Thread(target=self._run)
        self.client: ControlClient | None = None

    def _run(self) -> None:
        self.outcome = self.tracker.run()

    def __enter__(self) -> Running:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self.client is not None:
            self.client.close()
        self.tracker.stop()
        self._thread.join(20)

    def connect(self) -> ControlClient:
        assert self._settings.control is not None
        self.client = ControlClient.connect(self._settings.control, 10.0)
        return self.client

    def wait(self) -> TrackerOutcome:
        self._thread.join(20)
        assert self.outcome is not None
        return self.outcome


@pytest.fixture
def settings(tmp_path: Path) -> TrackerSettings:
    return TrackerSettings(
        stream_name=f"gaze {uuid.uuid4().hex[:8]}",
        truth=tmp_path / "truth.csv",
        control=tmp_path / "tracker.json",
    )


def changed(settings: TrackerSettings, **changes: object) -> TrackerSettings:
    fields = {name: getattr(settings, name) for name in TrackerSettings.__slots__}
    return TrackerSettings(**{**fields, **changes})


def truth_of(settings: TrackerSettings) -> list[dict[str, str]]:
    assert settings.truth is not None
    with settings.truth.open() as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("rate_hz", [90.0, 120.0, 600.0, 1200.0])
def test_exactly_rate_times_seconds_samples_are_sent(
    settings: TrackerSettings, rate_hz: float
) -> None:
    driver = SimulatedDriver(SimulatedSettings(rate_hz=rate_hz))
    outcome = Tracker(driver, changed(settings, seconds=0.5, control=None)).run()
    times = [float(row["t_s"]) for row in truth_of(settings)]
    assert outcome.sent == len(times) == round(rate_hz * 0.5)
    assert times == [times[0] + k / rate_hz for k in range(len(times))]


def test_what_arrives_is_what_was_sent_to_the_bit(settings: TrackerSettings) -> None:
    driver = SimulatedDriver(SimulatedSettings(rate_hz=600.0, noise_deg=0.0, seed=2))
    with Running(driver, changed(settings, seconds=3.0)) as running:
        (info,) = resolve_named([settings.stream_name], 10.0)
        inlet = pylsl.StreamInlet(info, recover=False)
        inlet.open_stream(10.0)
        rows: list[list[float]] = []
        times: list[float] = []
        while len(rows) < 600:
            sample, t_s = inlet.pull_sample(timeout=10.0)
            assert sample is not None
            rows.append(sample)
            times.append(t_s)
        inlet.close_stream()
        running.tracker.stop()
        assert running.wait().sent >= 600
    received = GazeSamples.from_channels(times, rows)
    truth = {int(row["sequence"]): row for row in truth_of(settings)}
    assert np.diff(received.sequence).tolist() == [1] * 599
    for i, sequence in enumerate(received.sequence.tolist()):
        row = truth[sequence]
        assert times[i] == float(row["t_s"])
        expected = [float(row["x_norm"]), float(row["y_norm"])]
        assert received.left_xy_norm[i].tolist() == expected
        assert received.right_xy_norm[i].tolist() == expected


def test_the_pointer_is_driven_over_the_control(settings: TrackerSettings) -> None:
    with Running(PointerDriver(200.0), settings) as running:
        client = running.connect()
        client.call("point", x_norm=0.25, y_norm=0.75)
        time.sleep(0.1)
        client.call("point", x_norm=None, y_norm=None)
        time.sleep(0.05)
        status = client.call("status")
        assert (status["driver"], status["rate_hz"]) == ("pointer", 200.0)
        assert (status["simulated"], status["can_calibrate"]) == (True, False)
        assert status["sent"] > 0
        with pytest.raises(ControlError, match="has no calibration"):
            client.call("calibration_start")
        for bad in ({"x_norm": 0.5}, {"x_norm": "a", "y_norm": 0.5}, {"x_norm": [], "y_norm": 1}):
            with pytest.raises(ControlError, match="malformed"):
                client.call("point", **bad)
        with pytest.raises(ControlError, match="finite"):
            client.call("point", x_norm=float("nan"), y_norm=0.5)
        assert client.call("stop")["sent"] > 0
        outcome = running.wait()
    assert settings.control is not None
    assert not settings.control.exists()
    rows = truth_of(settings)
    assert len(rows) == outcome.sent
    assert {row["x_norm"] for row in rows} == {"nan", "0.25"}
    assert [row["lost"] for row in rows if row["x_norm"] == "0.25"].count("1") == 0


def test_calibration_over_the_control(settings: TrackerSettings) -> None:
    driver = SimulatedDriver(SimulatedSettings(seed=1))
    with Running(driver, settings) as running:
        client = running.connect()
        with pytest.raises(ControlError, match="calibration_start"):
            client.call("calibration_compute")
        client.call("calibration_start")
        with pytest.raises(ControlError, match=r"in 0\.\.1"):
            client.call("calibration_collect", x_norm=3.0, y_norm=0.5)
        client.call("calibration_collect", x_norm=0.5, y_norm=0.5)
        result = client.call("calibration_compute")
        assert result["succeeded"]
        (point,) = result["points"]
        assert (point["x_norm"], point["y_norm"]) == (0.5, 0.5)
        assert point["samples"] > 20
        assert point["offset_deg"] < 0.1
        client.call("calibration_discard", x_norm=0.5, y_norm=0.5)
        client.call("calibration_leave")
        for unknown in ("calibration_dance", "dance"):
            with pytest.raises(ControlError, match="unknown command"):
                client.call(unknown)


def test_the_reader_follows_the_stations_markers_over_the_bus(settings: TrackerSettings) -> None:
    name = f"markers {uuid.uuid4().hex[:8]}"
    driver = SimulatedDriver(SimulatedSettings(noise_deg=0.0), MarkerFeed(name))
    with MarkerOutlet("station", name) as outlet, Running(driver, settings) as running:
        running.connect()
        deadline = time.monotonic() + 15
        while not outlet.has_readers():
            assert time.monotonic() < deadline
            time.sleep(0.02)
        time.sleep(0.3)
        places = [(0.1, 0.1), (0.9, 0.2), (0.5, 0.9)]
        shown_s = []
        for x, y in places:
            marker = TargetShown(t_s=clock_s(), purpose="validation", x_norm=x, y_norm=y)
            outlet.publish(marker)
            shown_s.append(marker.t_s)
            time.sleep(0.8)
    rows = truth_of(settings)
    for (x, y), t_s in zip(places, shown_s, strict=True):
        reached = [
            float(row["t_s"]) - t_s
            for row in rows
            if float(row["t_s"]) > t_s
            and abs(float(row["x_norm"]) - x) < 0.03
            and abs(float(row["y_norm"]) - y) < 0.03
        ]
        # Reaction and saccade take .25 s at most; the rest is for a machine that is busy.
        assert reached[0] < 0.7


def test_the_measured_rate_is_the_rate(settings: TrackerSettings) -> None:
    with Running(PointerDriver(600.0), settings) as running:
        client = running.connect()
        assert client.call("status")["stream"] == settings.stream_name
        time.sleep(0.3)
        assert client.call("status")["measured_rate_hz"] == pytest.approx(600.0, rel=1e-6)
        assert client.call("status")["last_sample_age_s"] < 2.0


def test_a_tracker_nobody_asks_for_anything_ends(settings: TrackerSettings) -> None:
    forgotten = changed(settings, seconds=None, forgotten_s=0.3)
    outcome = Tracker(PointerDriver(100.0), forgotten).run()
    assert 0.25 <= outcome.seconds < 5


def test_a_tracker_whose_station_is_connected_never_ends_by_itself(
    settings: TrackerSettings,
) -> None:
    forgotten = changed(settings, forgotten_s=0.3)
    with Running(PointerDriver(100.0), forgotten) as running:
        client = running.connect()
        time.sleep(1.2)
        assert client.call("status")["sent"] > 60
        left_s = clock_s()
        client.close()
        outcome = running.wait()
    assert outcome.seconds > 1.2
    assert clock_s() - left_s < 15


def test_a_lost_connection_is_told_on_the_bus(settings: TrackerSettings) -> None:
    script = FaultScript([Fault("connection_lost", 0.495, 0.4)])
    events = side_name(settings.stream_name, EVENTS_NAME)
    with Running(PointerDriver(100.0), changed(settings, faults=script, seconds=4.0)):
        (info,) = resolve_named([events], 10.0)
        inlet = pylsl.StreamInlet(info, recover=False)
        told: dict[str, float] = {}
        deadline = time.monotonic() + 10
        while "connection_restored" not in told and time.monotonic() < deadline:
            sample, _ = inlet.pull_sample(timeout=0.2)
            if sample is not None:
                marker = parse_marker(sample[0])
                assert isinstance(marker, TrackerEvent)
                told[marker.event] = marker.t_s
        inlet.close_stream()
        time.sleep(0.3)
    assert told["connection_restored"] - told["connection_lost"] == pytest.approx(0.4)
    times = [float(row["t_s"]) for row in truth_of(settings)]
    assert np.diff(times).max() == pytest.approx(0.41, abs=1e-6)


def test_faults_reach_the_bus_and_the_truth_file(settings: TrackerSettings) -> None:
    script = FaultScript(
        [Fault("hole", 0.195, 0.1), Fault("lost", 0.395, 0.1), Fault("stop", 0.595)]
    )
    outcome = Tracker(PointerDriver(100.0), changed(settings, faults=script, control=None)).run()
    rows = truth_of(settings)
    assert outcome.sent == len(rows) == 50
    assert [int(row["sequence"]) for row in rows] == list(range(50))
    gaps = np.diff([float(row["t_s"]) for row in rows])
    assert gaps.max() == pytest.approx(0.11, abs=1e-9)


class Broken(PointerDriver):
    """A device that goes away after its start."""

    def read(self, now_s: float) -> Sequence[DeviceSample]:  # type: ignore[override]
        raise TrackerError("the tracker was unplugged; plug it in")


def test_a_driver_that_fails_ends_the_tracker_and_leaves_nothing(
    settings: TrackerSettings,
) -> None:
    with pytest.raises(TrackerError, match="unplugged"):
        Tracker(Broken(), settings).run()
    assert settings.control is not None
    assert not settings.control.exists()
    assert truth_of(settings) == []


@pytest.mark.parametrize("seconds", [0.0, -1.0, float("nan")])
def test_an_impossible_duration_is_refused(seconds: float) -> None:
    with pytest.raises(InvalidSettingError, match="--seconds"):
        TrackerSettings(seconds=seconds)


def test_the_status_names_the_side_streams_and_the_device(settings: TrackerSettings) -> None:
    with Running(PointerDriver(100.0), settings) as running:
        status = running.connect().call("status")
    assert status["side_streams"] == [f"{settings.stream_name} tracker events"]
    assert (status["model"], status["serial_number"]) == ("pointer", "")
    assert (status["modes"], status["rates_hz"], status["notices"]) == ([], [], [])


def test_a_calibration_is_told_beside_the_gaze(settings: TrackerSettings) -> None:
    driver = SimulatedDriver(SimulatedSettings(seed=1))
    with Running(driver, settings) as running:
        client = running.connect()
        client.call("calibration_start")
        client.call("calibration_leave")
        (info,) = resolve_named([f"{settings.stream_name} tracker events"], 10.0)
        inlet = pylsl.StreamInlet(info, recover=False)
        inlet.open_stream(10.0)
        events: list[AnyMarker] = []
        while len(events) < 3:
            sample, _ = inlet.pull_sample(timeout=10.0)
            assert sample is not None
            events.append(parse_marker(sample[0]))
        inlet.close_stream()
    assert all(isinstance(event, TrackerEvent) for event in events)
    assert [e.event for e in events if isinstance(e, TrackerEvent)] == [
        "settings",
        "calibration_start",
        "calibration_leave",
    ]
