"""The health gate."""

from __future__ import annotations

import math

import numpy as np
import pytest

from training.evaluation.health import HealthBand, feature_std, is_healthy


def test_random_directions_have_spread_one_and_one_direction_none() -> None:
    rng = np.random.default_rng(0)
    assert feature_std(rng.normal(size=(4000, 32))) == pytest.approx(1, abs=0.02)
    assert feature_std(np.ones((10, 32))) == pytest.approx(0, abs=1e-9)
    assert feature_std(np.zeros((10, 32))) == 0


@pytest.mark.parametrize(
    ("spread", "balanced", "healthy"),
    [
        (0.4, 0.5, True),
        (0.1, 0.5, False),
        (1.5, 0.5, False),
        (0.4, 0.21, False),
        (math.nan, 0.5, False),
    ],
)
def test_the_band(spread: float, balanced: float, healthy: bool) -> None:
    assert is_healthy(spread, balanced, 5, HealthBand()) is healthy
