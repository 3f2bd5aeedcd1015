from __future__ import annotations

import numpy as np
import pytest

from gazecore.messages import FaultFound, GapFound
from gazecore.recording.description import read_description
from gazecore.recording.monitor import StreamMonitor

CHANNELS = ("sequence", "left_gaze_valid", "right_gaze_valid")


def monitor(rate: str = "100", labels: tuple[str, ...] = CHANNELS) -> StreamMonitor:
    listed = "".join(f"<channel><label>{label}</label></channel>" for label in labels)
    return StreamMonitor(
        read_description(
            f"<info><name>gaze</name><channel_count>{len(labels)}</channel_count>"
            f"<desc><true_rate>{rate}</true_rate><channels>{listed}</channels></desc></info>"
        )
    )


def rows(first: int, valid: list[tuple[int, int]]) -> np.ndarray:
    return np.array([(first + k, *flags) for k, flags in enumerate(valid)], dtype=float)


def test_nothing_came_yet() -> None:
    status = monitor().status(5.0)
    assert (status.samples, status.rate_hz, status.age_s, status.valid_share) == (0, 0, None, None)


def test_rate_age_and_validity_are_over_the_last_two_seconds() -> None:
    watched = monitor()
    for k in range(40):
        flags = [(1, 0)] * 5 + [(0, 1)] * 2 + [(0, 0)] * 3 if k >= 10 else [(0, 0)] * 10
        times = 10 * k / 100 + np.arange(10) / 100
        watched.watch(times, rows(10 * k, flags), 50 + 0.1 * k)
    status = watched.status(53.95)
    assert status.samples == 400
    assert status.rate_hz == pytest.approx(100, rel=0.06)
    assert status.age_s == pytest.approx(0.05)
    assert status.valid_share == pytest.approx(0.7)
    assert watched.status(60.0).rate_hz == 0


def test_a_stream_without_flags_has_no_validity() -> None:
    watched = monitor(labels=("x",))
    watched.watch(np.zeros(1), np.zeros((1, 1)), 1.0)
    assert watched.status(1.0).valid_share is None


def test_gaps_are_found_by_the_sequence_channel() -> None:
    watched = monitor()
    watched.watch(np.array([0.0]), rows(0, [(1, 1)]), 1.0)
    (gap,) = watched.watch(np.array([0.03]), rows(3, [(1, 1)]), 1.1)
    assert isinstance(gap, GapFound)
    assert gap.missing == 2
    assert watched.gaps == 1


def test_silence_is_told_once_and_again_after_samples() -> None:
    watched = monitor()
    assert watched.silence(100.0) == []
    watched.watch(np.array([0.0]), rows(0, [(1, 1)]), 1.0)
    assert watched.silence(1.49) == []
    (fault,) = watched.silence(1.6)
    assert isinstance(fault, FaultFound)
    assert (fault.source, fault.detail) == ("gaze", "no samples for 0.60 s")
    assert watched.silence(9.0) == []
    watched.watch(np.array([0.01]), rows(1, [(1, 1)]), 10.0)
    assert len(watched.silence(11.0)) == 1


def test_a_stream_of_unknown_rate_is_never_silent() -> None:
    watched = monitor(rate="0")
    watched.watch(np.zeros(1), None, 1.0)
    assert watched.silence(1e6) == []
