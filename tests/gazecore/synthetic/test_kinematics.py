"""Saccades against the main sequence, how they settle, drift against its spectrum."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.signal import welch

from gazecore.synthetic.kinematics import (
    OSCILLATION_S,
    FixationalDrift,
    Oscillation,
    Saccade,
    main_sequence_peak_deg_s,
    oscillation_after,
    peak_over_mean,
    saccade_duration_s,
    saccade_peak_deg_s,
    saccade_progress,
)


@pytest.mark.parametrize(
    ("amplitude_deg", "duration_ms", "published_deg_s", "peak_deg_s"),
    [
        (1.0, 23.2, 34.5, 51.7),
        (5.0, 32.0, 150.2, 187.5),
        (10.0, 43.0, 255.2, 279.1),
        (20.0, 65.0, 380.2, 380.2),
        (30.0, 87.0, 441.3, 441.3),
    ],
)
def test_the_main_sequence(
    amplitude_deg: float, duration_ms: float, published_deg_s: float, peak_deg_s: float
) -> None:
    assert saccade_duration_s(amplitude_deg) * 1e3 == pytest.approx(duration_ms)
    assert main_sequence_peak_deg_s(amplitude_deg) == pytest.approx(published_deg_s, abs=0.1)
    assert saccade_peak_deg_s(amplitude_deg) == pytest.approx(peak_deg_s, abs=0.1)


def test_below_six_degrees_the_two_lines_contradict_each_other() -> None:
    for amplitude_deg in (0.5, 1.0, 3.0, 5.5):
        mean_deg_s = amplitude_deg / saccade_duration_s(amplitude_deg)
        assert main_sequence_peak_deg_s(amplitude_deg) < mean_deg_s
        assert peak_over_mean(amplitude_deg) == 1.2
    assert peak_over_mean(0.0) == 1.2


@pytest.mark.parametrize("amplitude_deg", [2.0, 8.0, 25.0])
def test_the_peak_is_the_steepest_slope_of_the_progress(amplitude_deg: float) -> None:
    duration_s, ratio = saccade_duration_s(amplitude_deg), peak_over_mean(amplitude_deg)
    shares = np.linspace(0, 1, 10_001)
    progress = np.array([saccade_progress(float(s), ratio) for s in shares])
    steepest = amplitude_deg * np.diff(progress).max() / (duration_s * np.diff(shares)[0])
    assert steepest == pytest.approx(saccade_peak_deg_s(amplitude_deg), rel=1e-5)


def test_velocity_has_no_jumps() -> None:
    progress = np.array([saccade_progress(k / 4000, 1.3) for k in range(4001)])
    velocity = np.diff(progress) * 4000
    assert np.abs(np.diff(velocity)).max() < 0.005
    assert velocity[[0, -1]] == pytest.approx([0.0, 0.0], abs=0.001)


@given(st.floats(-1, 2), st.floats(-1, 2), st.floats(1.2, 2.0))
def test_progress_never_goes_back(a: float, b: float, ratio: float) -> None:
    low, high = sorted((a, b))
    first, second = saccade_progress(low, ratio), saccade_progress(high, ratio)
    assert -1e-12 <= first <= second + 1e-12 <= 1.0 + 2e-12


def test_a_saccade_starts_and_ends_at_its_points() -> None:
    saccade = Saccade((10.0, 20.0), (110.0, -30.0), 5.0, 5.04)
    assert saccade.at(5.0) == (10.0, 20.0)
    assert saccade.at(5.04) == (110.0, -30.0)
    assert saccade.at(5.02) == pytest.approx((60.0, -5.0))


def test_half_of_the_large_saccades_settle_with_a_swing_along_their_way() -> None:
    random = np.random.default_rng(0)
    saccade = Saccade((0.0, 0.0), (400.0, 0.0), 5.0, 5.05)
    found = [oscillation_after(saccade, 10.0, random) for _ in range(2000)]
    kept = [oscillation for oscillation in found if oscillation is not None]
    assert len(kept) / 2000 == pytest.approx(0.5, abs=0.04)
    assert kept[0].swing_px == pytest.approx((0.03 * 400, 0.0))  # .3 of 10 degrees
    assert oscillation_after(saccade, 0.9, random) is None


def test_a_swing_begins_and_ends_where_the_saccade_ended() -> None:
    swing = Oscillation((10.0, -5.0), 2.0)
    assert swing.at(2.0) == swing.at(1.9) == swing.at(swing.stop_s) == (0.0, 0.0)
    path = np.array([swing.at(2.0 + k * OSCILLATION_S / 1000) for k in range(1001)])
    assert path[999] == pytest.approx([0.0, 0.0], abs=0.01)
    assert 0.4 < path[:, 0].max() / 10 < 0.7
    assert path[:, 0].min() < 0
    assert path[:, 1] == pytest.approx(-0.5 * path[:, 0])


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


def test_the_spectrum_of_drift_is_the_one_of_its_process() -> None:
    drift = FixationalDrift(np.random.default_rng(4))
    drift.restart(0.0)
    path = np.array([drift.at(k / 500) for k in range(150_000)])
    for axis in (0, 1):
        frequencies, density = welch(path[:, axis], fs=500, nperseg=2048)
        band = (frequencies > 0.4) & (frequencies < 30)
        # welch is one-sided: twice the density over positive and negative frequencies.
        expected = 2 * 0.01 / (25 + (2 * np.pi * frequencies[band]) ** 2)
        ratio = density[band] / expected
        assert np.median(ratio) == pytest.approx(1.0, abs=0.08)
        assert (np.abs(np.log(ratio)) < 0.6).mean() > 0.95
