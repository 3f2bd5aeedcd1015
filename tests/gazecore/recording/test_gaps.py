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


def test_a_pause_without_numbers_is_a_gap_of_unknown_size() -> None:
    (gap,) = GapDetector("gaze", RATE_HZ).watch(np.array([1.0, 1.2]), None, 2.0)
    assert isinstance(gap, GapFound)
    assert gap.missing is None


def test_a_slow_stream_may_pause_five_intervals() -> None:
    detector = GapDetector("slow", 10.0)
    assert detector.watch(np.array([0.0, 0.45]), None, 1.0) == []
    assert len(detector.watch(np.array([1.0]), None, 1.0)) == 1


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
