"""Gaze streams found on a real bus, ours and foreign ones."""

from __future__ import annotations

import time
import uuid

import pylsl
import pytest

from gazecore.devices.discovery import StreamFound, find_streams
from gazecore.lsl import gaze_stream_info
from gazecore.samples import GAZE_LABELS


def found_named(start: str, count: int) -> list[StreamFound]:
    deadline = time.monotonic() + 15
    while True:
        found = [stream for stream in find_streams(0.5) if stream.name.startswith(start)]
        if len(found) == count or time.monotonic() > deadline:
            return found


@pytest.mark.usefixtures("lsl_session")
def test_streams_are_described_by_what_they_say() -> None:
    name = f"gaze {uuid.uuid4().hex[:8]}"
    ours = pylsl.StreamOutlet(gaze_stream_info(f"{name} a", 600.0, "id-a", simulated=True))
    foreign = pylsl.StreamOutlet(pylsl.StreamInfo(f"{name} b", "ET", 6, 250.0, "float32", "id-b"))
    first, second = found_named(name, 2)
    assert (first.name, first.type, first.channels) == (f"{name} a", "Gaze", 27)
    assert (first.declared_rate_hz, first.true_rate_hz, first.simulated) == (0.0, 600.0, True)
    assert first.labels == GAZE_LABELS
    assert first.source_id == "id-a"
    assert (second.type, second.declared_rate_hz, second.true_rate_hz) == ("ET", 250.0, None)
    assert (second.simulated, second.labels) == (False, ())
    del ours, foreign
