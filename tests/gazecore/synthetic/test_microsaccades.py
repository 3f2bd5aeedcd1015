"""Microsaccades: their rate, size, main sequence, and that they keep the eye at its point."""

from __future__ import annotations

import math

import numpy as np
import pytest

from gazecore.synthetic.kinematics import saccade_duration_s
from gazecore.synthetic.microsaccades import Microsaccades

RATE_HZ = 1000.0


def path_of(per_s: float, seconds: float, seed: int = 0) -> np.ndarray:
    moves = Microsaccades(np.random.default_rng(seed), per_s)
    moves.restart(0.0)
    return np.array([moves.at(k / RATE_HZ, (0.0, 0.0)) for k in range(round(seconds * RATE_HZ))])


def jumps_of(path: np.ndarray) -> list[tuple[float, float]]:
    """(size in degrees, duration in s) of each movement."""
    moving = np.append(np.linalg.norm(np.diff(path, axis=0), axis=1) > 0, False)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], moving.astype(int), [0]])))
    return [
        (float(np.linalg.norm(path[stop] - path[start])), (stop - start) / RATE_HZ)
        for start, stop in zip(edges[::2], edges[1::2], strict=True)
    ]


def test_none_are_made_where_none_are_asked_for() -> None:
    assert not path_of(0.0, 20.0).any()


def test_their_rate_size_and_duration() -> None:
    jumps = jumps_of(path_of(1.5, 400.0))
    # Between two lie the rest of .1 s, an exponential wait and the movement itself.
    expected_per_s = 1 / (0.1 + 1 / 1.5 + 0.0216)
    assert len(jumps) / 400 == pytest.approx(expected_per_s, rel=0.12)
    sizes = np.array([size for size, _ in jumps])
    assert np.median(sizes) == pytest.approx(0.25, abs=0.04)
    assert sizes.max() < 0.71
    for size, lasted_s in jumps:
        assert lasted_s == pytest.approx(saccade_duration_s(size), abs=0.0035)


def test_the_eye_stays_about_its_point() -> None:
    distances = np.linalg.norm(path_of(2.0, 300.0), axis=1)
    assert np.median(distances) < 0.3
    assert distances.max() < 1.0


def test_drift_is_brought_back() -> None:
    moves = Microsaccades(np.random.default_rng(3), 5.0)
    towards = 0
    for k in range(200):
        moves.restart(10.0 * k)
        x, _ = [moves.at(10.0 * k + t / 100, (0.3, 0.0)) for t in range(60)][-1]
        towards += x < 0
    assert towards > 130


def test_a_new_fixation_begins_at_its_point() -> None:
    moves = Microsaccades(np.random.default_rng(0), 5.0)
    moves.restart(0.0)
    assert math.hypot(*[moves.at(k / 100, (0.0, 0.0)) for k in range(300)][-1]) > 0
    moves.restart(3.0)
    assert moves.at(3.0, (0.0, 0.0)) == (0.0, 0.0)
    assert moves.at(3.09, (0.0, 0.0)) == (0.0, 0.0)
