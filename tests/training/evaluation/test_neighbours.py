"""The vote of nearest neighbours."""

from __future__ import annotations

import numpy as np

from training.evaluation.neighbours import classify


def test_directions_decide_not_lengths() -> None:
    rng = np.random.default_rng(0)
    labels = np.repeat([0, 1, 4], 30)
    axes = np.eye(3)[np.repeat([0, 1, 2], 30)]
    bank = axes * rng.uniform(1, 9, (90, 1)) + 0.05 * rng.normal(size=(90, 3))
    queries = np.array([[9, 0.1, 0], [0, 0.2, 0.01], [0.0, 0, 5]])
    assert classify(bank, labels, queries).tolist() == [0, 1, 4]


def test_a_bank_smaller_than_the_neighbourhood() -> None:
    bank = np.array([[1.0, 0], [0, 1.0]])
    assert classify(bank, np.array([3, 7]), np.array([[0.9, 0.1]])).tolist() == [3]
