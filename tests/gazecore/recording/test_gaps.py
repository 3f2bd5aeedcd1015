from __future__ import annotations

import numpy as np
import pytest

from gazecore.messages import FaultFound, GapFound
from gazecore.recording.gaps import GapDetector

RATE_HZ = 600.0


def times(sequence: list[int]) -> np.ndarray:
    return 50 + np.array(sequence) / RATE_HZ


def test_an_unbroken_stream_has_no_gap() -> None:
    detector = GapDetector("gaze", RATE_HZ)
    for start in range(0, 100, 10):
        numbers = list(range(start, start + 10))
        assert detector.watch(times(numbers), np.array(numbers, dtype=float), 1.0) == []
    assert detector.count == 0


def test_missing_numbers_are_counted_across_chunks() -> None:
    detector = GapDetector("gaze", RATE_HZ)
    detector.watch(times([0, 1, 2]), np.array([0.0, 1, 2]), 1.0)
    (gap,) = detector.watch(times([7, 8]), np.array([7.0, 8]), 2.0)
    assert gap == GapFound(
        t_s=2.0, stream="gaze", from_s=times([2])[0], to_s=times([7])[0], missing=4
    )


def test_a_pause_of_the_sender_is_a_gap_with_nothing_missing() -> None:
    detector = GapDetector("gaze", RATE_HZ)
    (gap,) = detector.watch(np.array([1.0, 1.2]), np.array([5.0, 6.0]), 2.0)
    assert isinstance(gap, GapFound)
    assert gap.missing == 0


def test_a_pause_without_numbers_is_estimated_by_the_rate() -> None:
    (gap,) = GapDetector("gaze", RATE_HZ).watch(np.array([1.0, 1.2]), None, 2.0)
    assert isinstance(gap, GapFound)
    assert (gap.missing, gap.estimated) == (119, True)


def test_a_slow_stream_may_pause_two_and_a_half_intervals() -> None:
    detector = GapDetector("slow", 10.0)
    assert detector.watch(np.array([0.0, 0.24]), None, 1.0) == []
    assert len(detector.watch(np.array([0.6]), None, 1.0)) == 1


@pytest.mark.parametrize("rate_hz", [60.0, 120.0, 600.0, 1200.0])
@pytest.mark.parametrize("hole_s", [0.05, 0.2, 2.0])
def test_every_hole_is_told_with_its_ends(rate_hz: float, hole_s: float) -> None:
    kept = np.arange(4 * int(rate_hz))
    lost = round(hole_s * rate_hz)
    kept = np.delete(kept, np.s_[50 : 50 + lost])
    (gap,) = GapDetector("gaze", rate_hz).watch(kept / rate_hz, None, 9.0)
    assert isinstance(gap, GapFound)
    assert (gap.missing, gap.estimated) == (lost, True)
    assert (gap.from_s, gap.to_s) == (49 / rate_hz, (50 + lost) / rate_hz)


def test_a_rate_declared_tenfold_too_high_makes_no_gaps() -> None:
    detector = GapDetector("lies", 60.0)
    detector.learn(6.0)
    assert detector.watch(np.arange(30) / 6.0, None, 1.0) == []
    (gap,) = detector.watch(np.array([29 / 6 + 2.0]), None, 2.0)
    assert isinstance(gap, GapFound)
    assert gap.missing == 11


def test_without_a_declared_rate_a_clear_pause_is_a_gap_once_the_rate_is_known() -> None:
    detector = GapDetector("foreign", 0)
    detector.learn(60.0)
    assert detector.watch(np.array([0.0, 0.2]), None, 1.0) == []
    (gap,) = detector.watch(np.array([0.5]), None, 1.0)
    assert isinstance(gap, GapFound)
    assert gap.missing is None


def test_equal_stamps_are_counted_and_told_once_a_second() -> None:
    detector = GapDetector("polled", RATE_HZ)
    told = []
    for k in range(100):
        told += detector.watch(np.array([k / 50, k / 50]), None, k / 50)
    assert [m.detail for m in told if isinstance(m, FaultFound)] == [
        "1 equal stamps",
        "50 equal stamps",
    ]


def test_a_step_of_the_clock_is_no_gap_and_no_disorder() -> None:
    detector = GapDetector("gaze", RATE_HZ)
    jumps = np.array([1, 2])
    assert detector.watch(np.array([5.0, 3605.0, 6.0]), None, 1.0, jumps) == []


def test_negative_numbers_are_unknown_ones() -> None:
    detector = GapDetector("gaze", RATE_HZ)
    assert detector.watch(times([0, 1, 2]), np.array([-1.0, -1.0, -1.0]), 1.0) == []


def test_without_a_rate_time_alone_is_no_gap() -> None:
    assert GapDetector("markers", 0).watch(np.array([0.0, 100.0]), None, 1.0) == []


def test_backward_time_and_equal_numbers_are_faults() -> None:
    found = GapDetector("gaze", RATE_HZ).watch(
        np.array([2.0, 1.5, 1.51]), np.array([1.0, 1.0, 2.0]), 3.0
    )
    assert [type(marker) for marker in found] == [FaultFound, FaultFound]
    details = [m.detail for m in found if isinstance(m, FaultFound)]
    assert details == [
        "time went backwards by 0.500000 s, 1 times",
        "1 sequence numbers not rising",
    ]


def test_many_gaps_at_once_are_told_briefly_and_counted_all() -> None:
    detector = GapDetector("gaze", RATE_HZ)
    numbers = np.arange(0.0, 200, 2)
    found = detector.watch(50 + numbers / RATE_HZ, numbers, 1.0)
    assert detector.count == 99
    assert len(found) == 4
    assert isinstance(found[-1], FaultFound)
    assert found[-1].detail == "96 more gaps right after"


def test_unknown_numbers_say_nothing() -> None:
    detector = GapDetector("gaze", RATE_HZ)
    assert detector.watch(times([0, 1, 2]), np.array([0.0, np.nan, 9.0]), 1.0) == []


@pytest.mark.parametrize("sequence", [None, np.empty(0)])
def test_no_samples_are_no_gap(sequence: np.ndarray | None) -> None:
    assert GapDetector("gaze", RATE_HZ).watch(np.empty(0), sequence, 1.0) == []


def test_time_that_keeps_going_backwards_is_told_once_a_second() -> None:
    detector = GapDetector("shuffled", 0)
    told = []
    for k in range(100):
        told += detector.watch(np.array([k / 50, k / 50 - 0.01 * (1 + k % 2)]), None, k / 50)
    assert [m.detail for m in told if isinstance(m, FaultFound)] == [
        "time went backwards by 0.010000 s, 1 times",
        "time went backwards by 0.020000 s, 50 times",
    ]


@pytest.mark.parametrize("odd", [np.inf, 1e300])
def test_numbers_that_nobody_counts_to_are_unknown_ones(odd: float) -> None:
    detector = GapDetector("gaze", RATE_HZ)
    assert detector.watch(times([0, 1, 2]), np.array([0.0, odd, 2]), 1.0) == []


def test_a_stamp_beyond_all_time_is_a_gap_of_unknown_size() -> None:
    (gap,) = GapDetector("gaze", RATE_HZ).watch(np.array([0.0, np.inf]), None, 1.0)
    assert isinstance(gap, GapFound)
    assert (gap.missing, gap.estimated) == (None, False)
