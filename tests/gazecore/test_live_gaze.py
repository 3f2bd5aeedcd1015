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
from gazecore.streams import EyeMapping, StreamMatch, StreamProfile

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
    assert live.expected_rate_hz() == 120.0
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


def _foreign(
    name: str, kind: str, labels: tuple[str, ...], channels: int | None = None
) -> pylsl.StreamOutlet:
    info = pylsl.StreamInfo(name, kind, channels or len(labels), 60.0, "float32", f"of {name}")
    listed = info.desc().append_child("channels")
    for text in labels:
        listed.append_child("channel").append_child_value("label", text)
    return pylsl.StreamOutlet(info)


def test_a_known_outlet_of_another_lab_is_read_by_its_profile() -> None:
    labels = ("FPOGX", "FPOGY", "FPOGS", "FPOGD", "FPOGID", "FPOGV")
    outlet = _foreign("GazepointEyeTracker", "gaze", labels)
    with LiveGaze("GazepointEyeTracker") as live:
        status = _wait(live, lambda s: s.state == "live")
        assert outlet.wait_for_consumers(5.0)
        start_s = clock_s()
        outlet.push_sample([0.25, 0.75, 0, 0, 1, 1], start_s)
        outlet.push_sample([0.0, 0.0, 0, 0, 1, 0], start_s + 0.01)
        _wait(live, lambda s: s.samples == 2)
        samples = live.last(5.0)
    assert (status.profile, status.is_one_point, status.nominal_rate_hz) == ("Gazepoint", True, 60)
    assert samples.left_xy_norm[0].tolist() == samples.right_xy_norm[0].tolist() == [0.25, 0.75]
    assert samples.left_valid.tolist() == [True, False]
    assert live.profile is not None
    assert live.profile.profile_id == "gazepoint"


def test_an_unknown_stream_is_unmapped_gives_its_values_and_can_be_mapped() -> None:
    outlet = _foreign("live foreign", "Gaze", ("gx", "gy"))
    with LiveGaze("live foreign") as live:
        status = _wait(live, lambda s: s.state == "unmapped")
        assert outlet.wait_for_consumers(5.0)
        outlet.push_sample([960.0, 270.0], clock_s())
        _wait(live, lambda s: s.samples == 1)
        assert len(live.last(5.0)) == 0
        assert live.profile is None
        assert live.raw(5.0)[1].tolist() == [[960.0, 270.0]]
        match = StreamMatch(name="live foreign", type="Gaze", labels=("gx", "gy"), channels=2)
        profile = StreamProfile(
            profile_id="by hand", match=match, both=EyeMapping(x=0, y=1), unit="px"
        )
        live.use((profile,), None)
        assert "screen that nobody has named" in live.status().problem
        live.use((profile,), (1920, 1080))
        assert live.status().problem == ""
        assert live.last(5.0).left_xy_norm.tolist() == [[0.5, 0.25]]
    assert "(2 channels: gx, gy)" in status.problem
    assert "Streams" in status.problem


def test_the_rate_to_expect_of_another_programs_stream_is_the_measured_one() -> None:
    outlet = _foreign("live foreign", "Gaze", ("gx", "gy"))
    with LiveGaze("live foreign") as live:
        assert live.expected_rate_hz() == 0.0
        _wait(live, lambda s: s.state == "unmapped")
        assert outlet.wait_for_consumers(5.0)
        start_s = clock_s() - 1.0
        for k in range(30):
            outlet.push_sample([0.5, 0.5], start_s + k / 30)
        status = _wait(live, lambda s: s.samples == 30)
        assert status.nominal_rate_hz == 60.0
        assert live.expected_rate_hz() == pytest.approx(30.0, rel=0.01)


def test_values_that_do_not_fit_the_profile_are_told() -> None:
    labels = ("left_x", "left_y", "left_pupil", "right_x", "right_y", "right_pupil")
    outlet = _foreign("Tobii", "Gaze", labels)
    with LiveGaze("Tobii") as live:
        _wait(live, lambda s: s.state == "live")
        assert outlet.wait_for_consumers(5.0)
        start_s = clock_s() - 0.3
        for k in range(30):
            outlet.push_sample([960, 540, 3, 960, 540, 3], start_s + k / 100)
        status = _wait(live, lambda s: s.state == "unmapped")
    assert "do not fit" in status.problem


@pytest.mark.parametrize(
    ("labels", "channels", "why"),
    [
        (("x", "y"), 2, "camera that moves with the head"),
        (("LX", "LY", "RX", "RY"), 1, "1 channel"),
    ],
)
def test_a_stream_that_cannot_be_used_is_refused_with_the_reason(
    labels: tuple[str, ...], channels: int, why: str
) -> None:
    name, kind = ("TobiiET", "ET") if channels == 1 else ("Lab_Gaze", "Gaze")
    outlet = _foreign(name, kind, labels, channels)
    with LiveGaze(name) as live:
        status = _wait(live, lambda s: s.state == "refused")
        assert live.profile is None
        assert len(live.last(5.0)) == 0
    assert why in status.problem
    del outlet


def test_texts_are_no_gaze() -> None:
    outlet = pylsl.StreamOutlet(pylsl.StreamInfo("live text", "Gaze", 1, 0, "string", "text"))
    with LiveGaze("live text") as live:
        assert "sends texts" in _wait(live, lambda s: s.state == "refused").problem
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
