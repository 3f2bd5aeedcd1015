"""Scores of predicted maps."""

from __future__ import annotations

import numpy as np
import pytest

from gazecore.attention.metrics import nss
from training.predictor.scores import centre_map, mean_map, mean_scores, nss_over_map


def random_maps(n: int, seed: int = 0) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    maps = np.random.default_rng(seed).random((n, 12, 16)).astype(np.float32)
    return np.asarray(maps / maps.sum(axis=(1, 2), keepdims=True), dtype=np.float32)


def test_a_perfect_prediction_correlates_fully() -> None:
    maps = random_maps(3)
    scores = mean_scores(maps, maps, None)
    assert scores["cc"] == pytest.approx(1)
    assert scores["sim"] == pytest.approx(1)
    assert scores["nss"] > 0
    assert "auc_judd" not in scores


def test_a_flat_prediction_scores_nothing() -> None:
    scores = mean_scores(np.ones((2, 12, 16), np.float32), random_maps(2), None)
    assert scores["cc"] == scores["nss"] == 0


def test_fixations_are_scored_in_the_pixels_of_the_map() -> None:
    maps = random_maps(2)
    fixations = [np.array([[0.51, 0.3]]), np.array([[0.1, 0.9], [0.99, 0.0]])]
    scores = mean_scores(maps, maps, fixations)
    expected = [nss(maps[i], fixations[i] * [16, 12]) for i in range(2)]
    assert scores["nss"] == pytest.approx(np.mean(expected))
    assert 0 <= scores["auc_judd"] <= 1


def test_cases_without_fixations_are_left_out_of_the_mean() -> None:
    maps = random_maps(2)
    fixations = [np.array([[0.5, 0.5]]), np.zeros((0, 2))]
    assert mean_scores(maps, maps, fixations)["nss"] == pytest.approx(nss(maps[0], [[8, 6]]))
    none = mean_scores(maps, maps, [np.zeros((0, 2))] * 2)
    assert "nss" not in none


def test_nss_over_a_map_of_one_spot_is_nss_of_one_fixation() -> None:
    maps, spot = random_maps(1)[0], np.zeros((12, 16), np.float32)
    spot[3, 5] = 0.7
    assert nss_over_map(maps, spot) == pytest.approx(nss(maps, [[5.5, 3.5]]), rel=1e-4)


def test_baselines_are_maps() -> None:
    assert mean_map(random_maps(4), 3).shape == (3, 12, 16)
    centre = centre_map((11, 15), 2)
    assert centre[0].sum() == pytest.approx(1)
    assert int(centre[0].argmax()) == 5 * 15 + 7
