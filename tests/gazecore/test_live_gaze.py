"""Live gaze from a real outlet: what is received, what is missing, what is refused."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np
import pylsl
import pytest

from gazecore.live_gaze import LinkStatus, LiveGaze
from gazecore.lsl import clock_s, gaze_stream_info
from gazecore.samples import GAZE_LABELS

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.usefixtures("lsl_session")

VALID = [GAZE_LABELS.index("left_gaze_valid"), GAZE_LABELS.index("right_gaze_valid")]


def _outlet(name: str) -> pylsl.StreamOutlet:
    return pylsl.StreamOutlet(gaze_stream_info(name, 120.0, f"source of {name}", simulated=True))


def _push(outlet: pylsl.StreamOutlet, sequence: int, t_s: float, *, valid: bool = True) -> None:
    values = np.full(len(GAZE_LABELS), 0.25)
    values[0] = sequence
    values[VALID] = float(valid)
    outlet.push_sample(values.tolist(), t_s)


def _wait(live: LiveGaze, holds: Callable[[LinkStatus], bool], limit_s: float = 10.0) -> LinkStatus:
    deadline = time.monotonic() + limit_s
    while not holds(status := live.status()):
        assert time.monotonic() < deadline, status
        time.sleep(0.01)
    return status


def test_every_sample_arrives_with_its_own_time() -> None:
    outlet = _outlet("live arrives")
    with LiveGaze("live arrives") as live:
        _wait(live, lambda s: s.state == "live")
        assert outlet.wait_for_consumers(5.0)
        start_s = clock_s()
        sent_s = start_s + np.arange(60) / 120.0
        for sequence, t_s in enumerate(sent_s):
            _push(outlet, sequence, float(t_s))
        status = _wait(live, lambda s: s.samples == 60)
        received = live.between(start_s - 0.001, start_s + 1.0)
        some = live.between(float(sent_s[10]), float(sent_s[20]))
    assert received.sequence.tolist() == list(range(60))
    assert np.abs(received.t_s - sent_s).max() < 1e-3
    assert len(some) == pytest.approx(10, abs=1)
    assert (status.missing, status.gaps, status.nominal_rate_hz) == (0, 0, 120.0)
    assert status.is_simulated


def test_a_hole_in_the_sequence_counts_as_missing() -> None:
    outlet = _outlet("live hole")
    with LiveGaze("live hole") as live:
        _wait(live, lambda s: s.state == "live")
        assert outlet.wait_for_consumers(5.0)
        for sequence in (0, 1, 2, 7, 8, 10):
            _push(outlet, sequence, clock_s())
        status = _wait(live, lambda s: s.samples == 6)
    assert (status.missing, status.gaps) == (5, 2)


def test_silence_is_stale_and_a_dead_stream_is_lost_then_found_again() -> None:
    outlet: pylsl.StreamOutlet | None = _outlet("live dies")
    with LiveGaze("live dies") as live:
        _wait(live, lambda s: s.state == "live")
        assert outlet is not None
        assert outlet.wait_for_consumers(5.0)
        _push(outlet, 0, clock_s())
        _wait(live, lambda s: s.state == "stale")
        outlet = None
        assert "went away" in _wait(live, lambda s: s.state == "lost").problem
        outlet = _outlet("live dies")
        status = _wait(live, lambda s: s.state == "live")
        assert outlet.wait_for_consumers(5.0)
        _push(outlet, 0, clock_s())
        status = _wait(live, lambda s: s.samples == 2)
    assert status.gaps == 1
    assert status.problem == ""


def test_a_stream_with_other_channels_is_refused_by_name() -> None:
    info = pylsl.StreamInfo("live foreign", "Gaze", 2, 0, "float32", "foreign")
    outlet = pylsl.StreamOutlet(info)
    with LiveGaze("live foreign") as live:
        status = _wait(live, lambda s: s.state == "refused")
    assert status.problem == "'live foreign' has other channels than ours"
    del outlet


def test_two_streams_of_one_name_are_refused() -> None:
    outlets = [
        pylsl.StreamOutlet(gaze_stream_info("live twice", 60.0, source, simulated=True))
        for source in ("one", "other")
    ]
    with LiveGaze("live twice") as live:
        status = _wait(live, lambda s: s.state == "refused")
    assert status.problem == "2 streams are named 'live twice'"
    del outlets


def test_before_anything_is_found_there_are_no_samples() -> None:
    with LiveGaze("live never") as live:
        assert len(live.last(5.0)) == 0
        assert live.status().state == "searching"
