from __future__ import annotations

import numpy as np
import pytest

from gazecore.recording.clock_jumps import ClockJumpWatch

RATE_HZ = 600.0


def run(sent_s: np.ndarray, arrived_s: np.ndarray, chunk: int = 24) -> tuple[list[str], list[int]]:
    """What is told about stamps and arrivals that come in chunks, and where."""
    watch, told, places = ClockJumpWatch("gaze"), [], []
    for start in range(0, len(sent_s), chunk):
        part = np.s_[start : start + chunk]
        faults, found = watch.watch(sent_s[part], arrived_s[part], float(arrived_s[part][-1]))
        told += [fault.detail for fault in faults]
        places += (start + found).tolist()
    return told, places


def steady(seconds: float = 6.0) -> tuple[np.ndarray, np.ndarray]:
    """Stamps, and arrivals up to 12 ms later, in an order that keeps them rising."""
    sent = np.arange(int(seconds * RATE_HZ)) / RATE_HZ
    late = np.random.default_rng(5).uniform(0.001, 0.012, len(sent))
    return sent, np.maximum.accumulate(sent + late)


def test_a_steady_stream_has_no_jump() -> None:
    assert run(*steady()) == ([], [])


@pytest.mark.parametrize("jump_s", [3600.0, 0.2, -0.2, -3600.0, -10.0])
def test_a_jump_is_told_with_its_size_and_place(jump_s: float) -> None:
    sent, arrived = steady()
    sent[1000:] += jump_s
    (detail,), places = run(sent, arrived)
    assert places == [1000]
    assert float(detail.split()[4]) == pytest.approx(jump_s, abs=0.015)


def test_forth_and_back_are_two() -> None:
    sent, arrived = steady()
    sent[1000:1500] += 3600
    details, places = run(sent, arrived)
    assert places == [1000, 1500]
    assert [float(d.split()[4]) for d in details] == pytest.approx([3600, -3600], abs=0.015)


def test_a_hole_and_a_late_burst_are_no_jumps() -> None:
    sent, arrived = steady()
    keep = (sent < 2) | (sent > 4)
    assert run(sent[keep], arrived[keep]) == ([], [])
    arrived[600:2400] = arrived[2400]
    assert run(sent, arrived) == ([], [])


def test_a_first_chunk_that_came_late_is_no_jump() -> None:
    sent, arrived = steady()
    arrived[:100] += 0.8
    assert run(sent, np.maximum.accumulate(arrived)) == ([], [])


@pytest.mark.parametrize("skew", [50e-6, -50e-6, 5e-4])
def test_drift_is_no_jump(skew: float) -> None:
    sent, arrived = steady(120)
    assert run(sent * (1 + skew), arrived, 600) == ([], [])


def test_stamps_of_any_other_clock_are_fine() -> None:
    sent, arrived = steady()
    assert run(sent + 1.7e9, arrived) == ([], [])


def test_no_samples_are_no_jump() -> None:
    faults, places = ClockJumpWatch("gaze").watch(np.empty(0), np.empty(0), 1.0)
    assert faults == []
    assert len(places) == 0


def test_a_clock_that_never_stands_is_told_briefly() -> None:
    sent, arrived = steady()
    sent[1000::2] += 1.0
    details, places = run(sent, arrived)
    assert len(places) > 1000
    assert len(details) < 4 * len(sent) / 24
    assert any("more times right after" in detail for detail in details)
