"""Saccades against the main sequence, drift against its stationary spread, blinks in range."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazecore.synthetic.kinematics import (
    Blinks,
    FixationalDrift,
    Saccade,
    saccade_duration_s,
    saccade_peak_deg_s,
    saccade_progress,
)


@pytest.mark.parametrize(
    ("amplitude_deg", "duration_ms", "peak_deg_s"),
    [(1.0, 23.2, 67.7), (5.0, 32.0, 245.4), (10.0, 43.0, 365.3), (20.0, 65.0, 483.3)],
)
def test_the_main_sequence(amplitude_deg: float, duration_ms: float, peak_deg_s: float) -> None:
    assert saccade_duration_s(amplitude_deg) * 1e3 == pytest.approx(duration_ms)
    assert saccade_peak_deg_s(amplitude_deg) == pytest.approx(peak_deg_s, abs=0.1)


def test_the_peak_is_the_steepest_slope_of_the_progress() -> None:
    duration_s = saccade_duration_s(8.0)
    shares = np.linspace(0, 1, 10_001)
    progress = np.array([saccade_progress(float(s)) for s in shares])
    steepest = 8.0 * np.diff(progress).max() / (duration_s * np.diff(shares)[0])
    assert steepest == pytest.approx(saccade_peak_deg_s(8.0), rel=1e-5)


@given(st.floats(-1, 2), st.floats(-1, 2))
def test_progress_never_goes_back(a: float, b: float) -> None:
    low, high = sorted((a, b))
    assert 0.0 <= saccade_progress(low) <= saccade_progress(high) <= 1.0


def test_a_saccade_starts_and_ends_at_its_points() -> None:
    saccade = Saccade((10.0, 20.0), (110.0, -30.0), 5.0, 5.04)
    assert saccade.at(5.0) == (10.0, 20.0)
    assert saccade.at(5.04) == (110.0, -30.0)
    assert saccade.at(5.02) == pytest.approx((60.0, -5.0))


def test_drift_starts_at_the_point_and_spreads_as_said() -> None:
    drift = FixationalDrift(np.random.default_rng(0))
    drift.restart(0.0)
    assert drift.at(0.0) == (0.0, 0.0)
    path = np.array([drift.at(1.0 + k / 100) for k in range(20_000)])
    assert path.std(axis=0) == pytest.approx([0.1 / math.sqrt(10)] * 2, rel=0.1)
    assert abs(path.mean(axis=0)).max() < 0.01


def test_drift_does_not_depend_on_being_asked_twice() -> None:
    drift = FixationalDrift(np.random.default_rng(0))
    drift.restart(0.0)
    assert drift.at(0.5) == drift.at(0.5)


def test_blinks_last_and_wait_as_said() -> None:
    blinks = Blinks(np.random.default_rng(1), 100.0)
    closed = np.array([blinks.is_closed(100.0 + k / 1000) for k in range(300_000)])
    edges = np.flatnonzero(np.diff(closed.astype(int)))
    assert not closed[0]
    lasted = np.diff(edges)[::2] / 1000
    waited = np.diff(edges)[1::2] / 1000
    assert lasted.min() >= 0.099
    assert lasted.max() <= 0.301
    assert waited.min() >= 2.999
    assert waited.max() <= 5.001
