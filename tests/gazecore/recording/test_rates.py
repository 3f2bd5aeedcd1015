from __future__ import annotations

import numpy as np
import pytest

from gazecore.recording.rates import RateWatch


def fed(watch: RateWatch, rate_hz: float, seconds: float, start_s: float = 100.0) -> list[str]:
    told = []
    stamps = start_s + np.arange(int(seconds * rate_hz)) / rate_hz
    for part in np.array_split(stamps, max(1, int(seconds / 0.04))):
        if len(part):
            told += [fault.detail for fault in watch.watch(part, float(part[-1]))]
    return told


@pytest.mark.parametrize("rate_hz", [60.0, 600.0, 1200.0])
def test_a_rate_as_declared_is_measured_and_not_told(rate_hz: float) -> None:
    watch = RateWatch("gaze", rate_hz)
    assert watch.rate_hz is None
    assert fed(watch, rate_hz, 10) == []
    assert watch.rate_hz == pytest.approx(rate_hz, rel=1e-6)


@pytest.mark.parametrize(("declared_hz", "true_hz"), [(600, 60), (60, 600), (600, 300)])
def test_a_wrong_rate_is_told_once(declared_hz: float, true_hz: float) -> None:
    watch = RateWatch("gaze", declared_hz)
    assert fed(watch, true_hz, 20) == [f"sends {true_hz} samples a second, declares {declared_hz}"]


def test_a_rate_that_changes_is_told_again() -> None:
    watch = RateWatch("gaze", 600)
    assert len(fed(watch, 300, 10)) == 1
    assert fed(watch, 120, 10, 200.0) == ["sends 120 samples a second, declares 600"]


def test_holes_do_not_change_the_rate() -> None:
    stamps = np.arange(6000) / 600
    watch = RateWatch("gaze", 600)
    assert watch.watch(stamps[(stamps < 3) | (stamps > 5)], 1.0) == []
    assert watch.rate_hz == pytest.approx(600)


def test_one_odd_stretch_is_not_told() -> None:
    watch = RateWatch("gaze", 600)
    fed(watch, 600, 6)
    assert fed(watch, 400, 2.1, 200.0) == []
    assert fed(watch, 600, 6, 300.0) == []


def test_equal_and_backward_stamps_break_nothing() -> None:
    watch = RateWatch("gaze", 600)
    assert watch.watch(np.zeros(50), 1.0) == []
    assert watch.watch(np.linspace(10, 0, 50), 1.0) == []


def test_a_clock_that_stands_still_fills_no_memory() -> None:
    watch = RateWatch("gaze", 600)
    for _ in range(300):
        assert watch.watch(np.full(1000, 7.0), 1.0) == []
    assert sum(len(part) for part in watch._parts) <= 100_000
    assert watch.rate_hz is None


def test_without_a_declared_rate_nothing_is_told() -> None:
    watch = RateWatch("foreign", 0)
    assert fed(watch, 90, 10) == []
    assert watch.rate_hz == pytest.approx(90)
