"""Gaze streams found on a real bus, ours and foreign ones, and the SDKs of this Python."""

from __future__ import annotations

import importlib.util
import time
import uuid
from typing import TYPE_CHECKING

import pylsl
import pytest

from gazecore.devices.discovery import StreamFound, find_streams, sdk_states, tobii_trackers
from gazecore.lsl import gaze_stream_info
from gazecore.samples import GAZE_LABELS
from tests.gazecore.devices.fake_tracker import FakeTracker

if TYPE_CHECKING:
    from tests.gazecore.devices.conftest import Bench


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


def test_each_sdk_is_said_to_be_there_or_how_to_get_it() -> None:
    states = {state.module: state for state in sdk_states()}
    assert set(states) == {"tobii_research", "TittaPy_v2"}
    for module, state in states.items():
        assert state.installed is (importlib.util.find_spec(module) is not None)
        if not state.installed:
            assert "pip install" in state.note


def test_trackers_are_named_by_model_number_and_address(tobii_bench: Bench) -> None:
    tobii_bench.world.trackers.append(FakeTracker("tet-tcp://10.0.0.2", serial_number="FS-2"))
    assert tobii_trackers(tobii_bench.sdk) == (
        "Tobii Pro Fusion FS-1 at tet-tcp://10.0.0.1",
        "Tobii Pro Fusion FS-2 at tet-tcp://10.0.0.2",
    )
