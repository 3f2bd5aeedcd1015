from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
import pylsl
import pytest

from gazecore import lsl
from gazecore.marker_outlet import MarkerOutlet
from gazecore.preflight_probe import (
    look_at_clocks,
    look_at_gaze,
    look_at_markers,
    look_at_place,
)
from gazecore.samples import GAZE_CHANNELS, GAZE_LABELS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

RATE_HZ = 200.0


@contextmanager
def running(work: Callable[[], None]) -> Iterator[None]:
    """Call `work` a hundred times a second on a thread of its own."""
    ending = threading.Event()

    def loop() -> None:
        while not ending.wait(0.01):
            work()

    thread = threading.Thread(target=loop)
    thread.start()
    try:
        yield
    finally:
        ending.set()
        thread.join()


@contextmanager
def sending(name: str, source_id: str = "probe") -> Iterator[None]:
    """Gaze at 200 Hz, every other sample without an eye."""
    info = lsl.gaze_stream_info(name, RATE_HZ, source_id, simulated=True)
    outlet = pylsl.StreamOutlet(info)
    valid = [GAZE_LABELS.index(f"{eye}_gaze_valid") for eye in ("left", "right")]
    sent = [0]
    began_s = lsl.clock_s()

    def push() -> None:
        while began_s + sent[0] / RATE_HZ <= lsl.clock_s():
            row = np.zeros(len(GAZE_CHANNELS))
            row[valid] = float(sent[0] % 2)
            outlet.push_sample(row, began_s + sent[0] / RATE_HZ)
            sent[0] += 1

    with running(push):
        yield


def test_a_stream_is_watched(lsl_session: str) -> None:
    del lsl_session
    with sending("Probed gaze"):
        found = look_at_gaze("Probed gaze", watch_s=0.6)
    assert (found.outlets, found.problem, found.true_rate_hz) == (1, "", RATE_HZ)
    assert found.rate_hz == pytest.approx(RATE_HZ, rel=0.05)
    assert found.samples > 50
    assert found.valid_share == pytest.approx(0.5, abs=0.1)
    assert found.stamp_age_s == pytest.approx(0.0, abs=1.5)
    assert found.clock_offset_s == pytest.approx(0.0, abs=0.01)
    assert found.clock_uncertainty_s is not None
    assert 0 <= found.clock_uncertainty_s < 0.1
    assert found.channels == len(GAZE_CHANNELS)


def test_two_of_a_name_and_none(lsl_session: str) -> None:
    del lsl_session
    with sending("Twin gaze", "one"), sending("Twin gaze", "two"):
        assert look_at_gaze("Twin gaze").outlets == 2
    assert look_at_gaze("Nobody's gaze", wait_s=0.1).outlets == 0


def test_a_stream_that_is_silent(lsl_session: str) -> None:
    del lsl_session
    outlet = pylsl.StreamOutlet(
        lsl.gaze_stream_info("Silent gaze", RATE_HZ, "silent", simulated=True)
    )
    found = look_at_gaze("Silent gaze", watch_s=0.2)
    assert (found.outlets, found.samples, found.rate_hz, found.valid_share) == (1, 0, None, None)
    assert found.longest_pause_s >= 0.2
    del outlet


def test_markers_come_back_and_others_are_named(lsl_session: str) -> None:
    del lsl_session
    with MarkerOutlet("probe-ours") as ours, running(ours.repeat_state):
        found = look_at_markers("probe-ours")
        assert (found.outlets, found.others) == (1, ())
        assert found.delay_s is not None
        assert found.delay_s < 1.0
        with MarkerOutlet("probe-others"):
            assert len(look_at_markers("probe-ours").others) == 1
    assert look_at_markers("probe-ours", wait_s=0.1).delay_s is None


def test_markers_that_nobody_sends_do_not_come_back(lsl_session: str) -> None:
    del lsl_session
    with MarkerOutlet("probe-mute"):
        found = look_at_markers("probe-mute", wait_s=0.3)
    assert (found.outlets, found.delay_s) == (1, None)


def test_clocks_go_as_long_as_one_waits() -> None:
    found = look_at_clocks(lambda: time.sleep(0.1))
    assert found.monotonic_s >= 0.1
    assert found.lsl_s == pytest.approx(found.monotonic_s, abs=0.02)


def test_a_place_is_tried(tmp_path: Path) -> None:
    found = look_at_place(tmp_path)
    assert found.problem == ""
    assert found.free_bytes
    assert list(tmp_path.iterdir()) == []
    assert look_at_place(tmp_path / "nowhere").free_bytes is None
