"""Gaze with known events: still, then a minimum-jerk saccade, then still."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pytest

from gazecore.geometry import Screen

if TYPE_CHECKING:
    from collections.abc import Callable

    Array = npt.NDArray[np.float64]

SCREEN = Screen(1920, 1080, 597.7, 336.2, 650)


@dataclass(frozen=True)
class Gaze:
    """Gaze points at times, and the half-open sample ranges of the saccades in it."""

    t_s: Array
    xy_px: Array
    saccades: tuple[tuple[int, int], ...]


def step_gaze(
    stops_px: list[tuple[float, float]],
    *,
    rate_hz: float = 500.0,
    still_s: float = 0.3,
    saccade_s: float = 0.05,
    noise_px: float = 0.0,
    seed: int = 0,
) -> Gaze:
    """Rest at each stop for `still_s`, with minimum-jerk movements of `saccade_s` between."""
    still, moving = round(still_s * rate_hz), round(saccade_s * rate_hz)
    share = np.arange(1, moving + 1) / (moving + 1)
    jerk = (10 * share**3 - 15 * share**4 + 6 * share**5)[:, None]
    parts, saccades, n = [], [], 0
    for i, stop in enumerate(np.asarray(stops_px, dtype=np.float64)):
        if i:
            before = np.asarray(stops_px[i - 1], dtype=np.float64)
            parts.append(before + jerk * (stop - before))
            saccades.append((n, n + moving))
            n += moving
        parts.append(np.tile(stop, (still, 1)))
        n += still
    noise = np.random.default_rng(seed).normal(0, noise_px, (n, 2)) if noise_px else 0.0
    return Gaze(np.arange(n) / rate_hz, np.concatenate(parts) + noise, tuple(saccades))


@pytest.fixture
def make_gaze() -> Callable[..., Gaze]:
    """Make gaze that rests at some points; see `step_gaze`."""
    return step_gaze


@pytest.fixture
def screen() -> Screen:
    """A 27 inch screen at 65 cm."""
    return SCREEN
