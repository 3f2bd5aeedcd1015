"""Scores of grades by hand."""

from __future__ import annotations

import numpy as np
import pytest

from training.evaluation.scores import score


def test_all_right() -> None:
    grades = np.array([0, 1, 2, 3, 4])
    scores = score(grades, grades)
    assert (scores.top1, scores.balanced, scores.kappa, scores.mae) == (1, 1, 1, 0)


def test_always_the_majority_is_unmasked_by_balanced_accuracy_and_kappa() -> None:
    truth = np.array([0] * 8 + [1, 2])
    scores = score(truth, np.zeros(10, np.int64))
    assert scores.top1 == 0.8
    assert scores.balanced == pytest.approx(1 / 3)
    assert scores.kappa == 0
    assert scores.mae == pytest.approx(0.3)


def test_quadratic_weights_by_hand() -> None:
    # Observed: one disagreement of distance 1 in 4. Expected from the marginals: 0.5 + ...
    truth, predicted = np.array([0, 0, 1, 1]), np.array([0, 1, 1, 1])
    assert score(truth, predicted).kappa == pytest.approx(1 - 0.25 / 0.5)


def test_one_class_alone_has_no_kappa() -> None:
    ones = np.ones(3, np.int64)
    assert score(ones, ones).kappa == 0


def test_a_predicted_class_that_never_occurs() -> None:
    assert score(np.array([0, 1]), np.array([0, 3])).balanced == 0.5
