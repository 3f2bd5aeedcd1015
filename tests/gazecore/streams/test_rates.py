from __future__ import annotations

import numpy as np
import pytest

from gazecore.streams.rates import effective_rate_hz, rate_text


def test_the_rate_is_that_of_the_samples_own_times() -> None:
    assert effective_rate_hz(np.arange(241) / 120) == pytest.approx(120)
    assert effective_rate_hz([3.0, 2.0, 1.0]) == pytest.approx(1.0)
    assert effective_rate_hz([0.0, np.nan, 0.5]) == pytest.approx(2.0)


@pytest.mark.parametrize("t_s", [[], [1.0], [1.0, 1.0], [np.nan, np.nan]])
def test_times_that_span_nothing_have_no_rate(t_s: list[float]) -> None:
    assert effective_rate_hz(t_s) is None


def test_the_nominal_rate_stands_beside_the_measured_one() -> None:
    assert rate_text(118.4, 120.0) == "118 of 120 Hz"
    assert rate_text(118.4, 0.0) == "118 Hz"
    assert rate_text(None, 120.0) == "none of 120 Hz"
    assert rate_text(None, None) == "–"
