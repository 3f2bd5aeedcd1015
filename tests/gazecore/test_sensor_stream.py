from __future__ import annotations

import time

import numpy as np
import pylsl
import pytest

from gazecore import lsl
from gazecore.errors import AcquisitionError, AmbiguousStreamError, NoStreamError
from gazecore.sensor_stream import SensorStream, numeric_streams


def outlet(name: str, kind: str = "float32", source_id: str = "s") -> pylsl.StreamOutlet:
    return pylsl.StreamOutlet(pylsl.StreamInfo(name, "Sensor", 1, 0, kind, source_id))


def wait_for_failure(sensor: SensorStream) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        sensor.samples()
        time.sleep(0.05)


def test_what_is_sent_is_kept(lsl_session: str) -> None:
    del lsl_session
    sender = outlet('Reader\'s "kept" sensor')
    assert 'Reader\'s "kept" sensor' in numeric_streams()
    with SensorStream('Reader\'s "kept" sensor') as sensor:
        assert len(sensor.samples()[0]) == 0
        now_s = lsl.clock_s()
        for k in range(20):
            sender.push_sample([float(k)], now_s + k / 1000)
        deadline = time.monotonic() + 10
        while len(sensor.samples()[0]) < 20 and time.monotonic() < deadline:
            time.sleep(0.02)
        t_s, level = sensor.samples()
        assert level.tolist() == list(range(20))
        assert np.allclose(t_s, now_s + np.arange(20) / 1000, atol=0.01)
        assert not sensor.is_simulated


def test_a_stream_that_goes_away_is_said(lsl_session: str) -> None:
    del lsl_session
    sender = outlet("Leaving sensor")
    with SensorStream("Leaving sensor") as sensor:
        del sender
        with pytest.raises(AcquisitionError, match="went away"):
            wait_for_failure(sensor)


def test_streams_that_cannot_be_used(lsl_session: str) -> None:
    del lsl_session
    with pytest.raises(NoStreamError):
        SensorStream("No sensor").open()
    texts = outlet("Text sensor", "string")
    with pytest.raises(AcquisitionError, match="numbers"):
        SensorStream("Text sensor").open()
    twins = [outlet("Twin sensor", source_id=name) for name in ("a", "b")]
    with pytest.raises(AmbiguousStreamError):
        SensorStream("Twin sensor").open()
    assert "Text sensor" not in numeric_streams(0.5)
    del texts, twins
