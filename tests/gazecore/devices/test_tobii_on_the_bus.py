"""A Tobii tracker that loses its connection, as a recorder sees it on the bus."""

from __future__ import annotations

import time
import uuid
from typing import TYPE_CHECKING

import pylsl
import pytest

from gazecore.devices.process import TrackerSettings
from gazecore.devices.tobii import TobiiDriver
from gazecore.lsl import resolve_named
from gazecore.messages import TrackerEvent, parse_marker
from gazecore.samples import GAZE_LABELS
from tests.gazecore.devices.fake_tracker import now_us
from tests.gazecore.devices.test_process import Running

if TYPE_CHECKING:
    from pathlib import Path

    from tests.gazecore.devices.conftest import Bench

pytestmark = pytest.mark.usefixtures("lsl_session")


def inlet_of(name: str) -> pylsl.StreamInlet:
    (info,) = resolve_named([name], 10.0)
    inlet = pylsl.StreamInlet(info, recover=False)
    inlet.open_stream(10.0)
    return inlet


def test_a_lost_connection_is_an_event_and_a_gap_and_then_it_goes_on(
    own_bench: Bench, tmp_path: Path
) -> None:
    name = f"{uuid.uuid4().hex[:8]} gaze"
    device = own_bench.device
    driver = TobiiDriver(own_bench.sdk, own_bench.connect())
    settings = TrackerSettings(stream_name=name, control=tmp_path / "tracker.json")
    with Running(driver, settings) as running:
        client = running.connect()
        gaze = inlet_of(name)
        events = inlet_of(f"{name.removesuffix(' gaze')} tracker events")
        start_us = now_us()
        for k in range(10):
            device.emit_gaze(system_time_stamp=start_us + 1000 * k)
        device.notify("connection_lost")
        time.sleep(0.3)
        status = client.call("status")
        assert any("connection" in notice for notice in status["notices"])
        device.notify("connection_restored")
        again_us = now_us()
        for k in range(10):
            device.emit_gaze(system_time_stamp=again_us + 1000 * k)
        rows = [gaze.pull_sample(timeout=10.0) for _ in range(20)]
        told: list[str] = []
        while "connection_restored" not in told:
            sample, _ = events.pull_sample(timeout=10.0)
            assert sample is not None
            marker = parse_marker(sample[0])
            assert isinstance(marker, TrackerEvent)
            told.append(marker.event)
        gaze.close_stream()
        events.close_stream()
    assert [event for event in told if event.startswith("connection")] == [
        "connection_lost",
        "connection_restored",
    ]
    sequence = GAZE_LABELS.index("sequence")
    assert [int(values[sequence]) for values, _ in rows] == list(range(20))
    gap_s = rows[10][1] - rows[9][1]
    assert gap_s == pytest.approx((again_us - start_us - 9000) / 1e6, abs=1e-6)
    assert gap_s > 0.25
