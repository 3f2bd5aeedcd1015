from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gazecore.recording.clocks import ClockLine, corrected_times, fit_line

Array = npt.NDArray[np.float64]


def times_of_pyxdf(t_s: Array, collected_s: Array, offset_s: Array) -> Array:
    """What the field's own reader makes of these offsets."""
    from pyxdf import pyxdf

    header = {"info": {"channel_count": ["1"], "nominal_srate": ["0"], "channel_format": ["int8"]}}
    stream: Any = pyxdf.StreamData(header)
    stream.time_stamps = t_s.copy()
    stream.clock_times, stream.clock_values = collected_s.tolist(), offset_s.tolist()
    corrected: Array = pyxdf._clock_sync({1: stream})[1].time_stamps
    return corrected


def test_without_offsets_times_stay() -> None:
    t_s = np.array([1.0, 2.0])
    np.testing.assert_array_equal(corrected_times(t_s, np.empty(0), np.empty(0)), t_s)


def test_one_offset_is_added() -> None:
    t_s = np.array([1.0, 2.0])
    corrected = corrected_times(t_s, np.array([1.0]), np.array([0.25]))
    assert corrected.tolist() == [1.25, 2.25]


def test_no_samples_give_no_times() -> None:
    assert len(corrected_times(np.empty(0), np.array([1.0, 6.0]), np.zeros(2))) == 0


def test_an_exact_line_is_found() -> None:
    collected_s = np.arange(10.0, 100.0, 5.0)
    line = fit_line(collected_s, 3.0 + 5e-5 * collected_s)
    assert line.slope == pytest.approx(5e-5, rel=1e-6)
    assert line.intercept_s == pytest.approx(3.0, abs=1e-7)
    assert line.corrected(np.array([1000.0]))[0] == pytest.approx(1003.05, abs=1e-6)


def test_equal_collection_times_give_a_constant() -> None:
    assert fit_line(np.full(3, 4.0), np.array([1.0, 2.0, 3.0])) == ClockLine(2.0, 0.0)


def test_outliers_hardly_move_the_line() -> None:
    collected_s = np.arange(0.0, 500.0, 5.0)
    offset_s = 2e-5 * collected_s
    offset_s[::17] += 0.02
    line = fit_line(collected_s, offset_s)
    residual_s = np.abs(line.intercept_s + (line.slope - 2e-5) * collected_s)
    assert residual_s.max() < 2e-4


@settings(max_examples=15, deadline=None)
@given(
    st.integers(2, 60),
    st.floats(-2e-4, 2e-4),
    st.floats(-1e5, 1e5),
    st.sampled_from([0.0, 1e-5, 5e-4, 5e-3]),
    st.integers(0, 2**32 - 1),
)
def test_times_equal_those_of_pyxdf(
    n: int, drift: float, offset: float, noise_s: float, seed: int
) -> None:
    random = np.random.default_rng(seed)
    start_s = random.uniform(0, 1e6)
    collected_s = start_s + 5 * np.arange(n) + random.uniform(0, 0.2, n)
    offset_s = offset + drift * (collected_s - start_s) + random.normal(0, 1, n) * noise_s
    t_s = np.linspace(start_s - 1, collected_s[-1] + 5, 200)
    ours = corrected_times(t_s, collected_s, offset_s)
    assert np.abs(ours - times_of_pyxdf(t_s, collected_s, offset_s)).max() < 5e-5


def test_a_restarted_clock_is_a_segment_of_its_own_as_in_pyxdf() -> None:
    first_s, second_s = 1000 + 5 * np.arange(12.0), 20 + 5 * np.arange(12.0)
    collected_s = np.concatenate([first_s, second_s])
    offset_s = np.concatenate([50 + 1e-5 * first_s, 1100 - 2e-5 * second_s])
    t_s = np.concatenate([np.arange(1000.0, 1056, 0.1), np.arange(18.0, 76, 0.1)])
    ours = corrected_times(t_s, collected_s, offset_s)
    assert np.abs(ours - times_of_pyxdf(t_s, collected_s, offset_s)).max() < 5e-5
    assert ours[-1] == pytest.approx(1100 + t_s[-1], abs=0.01)


def test_a_jump_forward_is_a_segment_of_its_own_as_in_pyxdf() -> None:
    collected_s = np.concatenate([5 * np.arange(20.0), 4000 + 5 * np.arange(20.0)])
    offset_s = np.where(collected_s < 1000, 7.0, -3893.0)
    t_s = np.concatenate([np.arange(0.0, 97, 0.2), np.arange(3999.0, 4096, 0.2)])
    ours = corrected_times(t_s, collected_s, offset_s)
    assert np.abs(ours - times_of_pyxdf(t_s, collected_s, offset_s)).max() < 5e-5
