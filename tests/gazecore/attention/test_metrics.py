"""Metrics in closed form, then against loops over the published definitions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from gazecore.attention import metrics
from gazecore.errors import InvalidSettingError

Array = npt.NDArray[np.float64]
FROZEN = json.loads((Path(__file__).parent / "frozen" / "pysaliency.json").read_text())


def random_case(seed: int = 0) -> tuple[Array, Array, Array]:
    """A map with ties, fixations with duplicates, other fixations."""
    random = np.random.default_rng(seed)
    saliency = np.round(random.random((20, 30)) * 50) / 50
    fixations = random.uniform(0, [30, 20], (40, 2))
    fixations[10:15] = fixations[9]
    return saliency, fixations, random.uniform(0, [30, 20], (60, 2))


def values_at(saliency: Array, fixations: Array) -> Array:
    return np.array([saliency[int(y), int(x)] for x, y in fixations])


def test_nss_by_its_definition() -> None:
    saliency, fixations, _ = random_case()
    scaled = (saliency - saliency.mean()) / np.sqrt(np.mean((saliency - saliency.mean()) ** 2))
    expected = values_at(scaled, fixations).mean()
    assert metrics.nss(saliency, fixations) == pytest.approx(expected, abs=1e-12)


def test_auc_judd_by_its_definition() -> None:
    saliency, fixations, _ = random_case()
    positives = values_at(saliency, fixations)
    fixated = {(int(y), int(x)) for x, y in fixations}
    negatives = np.array([saliency[at] for at in np.ndindex(saliency.shape) if at not in fixated])
    thresholds = sorted(set(positives), reverse=True)
    x = [0.0, *((negatives >= threshold).mean() for threshold in thresholds), 1.0]
    y = [0.0, *((positives >= threshold).mean() for threshold in thresholds), 1.0]
    expected = sum((x[i + 1] - x[i]) * (y[i + 1] + y[i]) / 2 for i in range(len(x) - 1))
    assert metrics.auc_judd(saliency, fixations) == pytest.approx(expected, abs=1e-12)


def test_auc_judd_of_a_perfect_and_a_blind_map() -> None:
    counts = np.zeros((10, 10))
    counts[3, 4] = 1
    assert metrics.auc_judd(counts, [[4.5, 3.5]]) == 1.0
    assert metrics.auc_judd(np.ones((10, 10)), [[4.5, 3.5]]) == 0.5
    # Only fixated values are thresholds, so a wrong map cannot fall under one half here.
    assert metrics.auc_judd(-counts, [[4.5, 3.5]]) == 0.5


def test_shuffled_auc_by_its_definition() -> None:
    saliency, fixations, others = random_case()
    positives, negatives = values_at(saliency, fixations), values_at(saliency, others)
    wins = [(p > n) + 0.5 * (p == n) for p in positives for n in negatives]
    found = metrics.shuffled_auc(saliency, fixations, others)
    assert found == pytest.approx(np.mean(wins), abs=1e-12)


def test_cc_is_pearsons() -> None:
    a, b = np.random.default_rng(0).random((2, 8, 9))
    assert metrics.cc(a, b) == pytest.approx(np.corrcoef(a.ravel(), b.ravel())[0, 1], abs=1e-12)
    assert metrics.cc(a, 3 * a + 2) == pytest.approx(1)
    assert metrics.cc(a, -a) == pytest.approx(-1)


def test_sim_and_kld_of_two_pixels() -> None:
    p, q = np.array([[1.0, 3.0]]), np.array([[2.0, 2.0]])
    assert metrics.sim(p, q) == pytest.approx(0.75)
    expected = 0.5 * np.log(0.5 / 0.25) + 0.5 * np.log(0.5 / 0.75)
    assert metrics.kld(p, q) == pytest.approx(expected, abs=1e-12)
    assert metrics.kld(p, p) == pytest.approx(0, abs=1e-12)


def test_kld_with_a_zero_prediction_stays_finite() -> None:
    p, q = np.array([[1.0, 0.0]]), np.array([[0.5, 0.5]])
    eps = 2.2204e-16
    expected = 0.5 * np.log(eps + 0.5 / (1 + eps)) + 0.5 * np.log(eps + 0.5 / eps)
    assert metrics.kld(p, q) == pytest.approx(expected, rel=1e-12)


def test_information_gain_in_bits() -> None:
    predicted, baseline = np.array([[8.0, 1.0, 1.0]]), np.array([[1.0, 1.0, 2.0]])
    found = metrics.information_gain(predicted, [[0.5, 0.5], [2.5, 0.5]], baseline)
    expected = (np.log2(0.8 / 0.25) + np.log2(0.1 / 0.5)) / 2
    assert found == pytest.approx(expected, abs=1e-12)
    nowhere = np.array([[0.0, 1.0, 1.0]])
    assert metrics.information_gain(nowhere, [[0.5, 0.5]], baseline) == -np.inf


def test_fixations_off_the_map_are_dropped_and_counted() -> None:
    points = [[0.0, 0.0], [29.99, 19.99], [30.0, 5.0], [5.0, -0.01], [np.nan, 1.0]]
    found = metrics.fixated_pixels(points, (20, 30))
    assert found.index.tolist() == [0, 599]
    assert found.dropped == 3
    saliency, *_ = random_case()
    assert metrics.nss(saliency, points) == metrics.nss(saliency, points[:2])


def test_points_and_counts_say_the_same() -> None:
    saliency, fixations, others = random_case()
    counts, other_counts = np.zeros_like(saliency), np.zeros_like(saliency)
    for made, points in ((counts, fixations), (other_counts, others)):
        np.add.at(made, (points[:, 1].astype(int), points[:, 0].astype(int)), 1)
    assert metrics.nss(saliency, counts) == pytest.approx(metrics.nss(saliency, fixations))
    assert metrics.auc_judd(saliency, counts) == metrics.auc_judd(saliency, fixations)
    assert metrics.shuffled_auc(saliency, counts, other_counts) == pytest.approx(
        metrics.shuffled_auc(saliency, fixations, others)
    )


def test_what_is_undefined_is_nan() -> None:
    flat, nothing = np.ones((4, 5)), np.empty((0, 2))
    some = np.arange(20.0).reshape(4, 5)
    undefined = [
        metrics.nss(flat, [[1, 1]]),
        metrics.nss(some, nothing),
        metrics.auc_judd(some, nothing),
        metrics.shuffled_auc(some, nothing, [[1, 1]]),
        metrics.shuffled_auc(some, [[1, 1]], nothing),
        metrics.cc(flat, some),
        metrics.sim(np.zeros((4, 5)), some),
        metrics.kld(some, np.zeros((4, 5))),
        metrics.information_gain(some, nothing, flat),
    ]
    assert np.isnan(undefined).all()


def test_shapes_that_do_not_fit_are_refused() -> None:
    with pytest.raises(InvalidSettingError, match="shape of reference"):
        metrics.cc(np.ones((3, 4)), np.ones((4, 3)))
    with pytest.raises(InvalidSettingError, match="shape of predicted"):
        metrics.nss(np.ones(4), [[1, 1]])
    with pytest.raises(InvalidSettingError, match="shape of fixations"):
        metrics.nss(np.ones((3, 4)), np.ones((2, 3)))


@pytest.mark.parametrize("value", [0.0, 0.1, 1 / 3, 1e-5])
def test_constant_maps_have_no_nss_and_no_cc(value: float) -> None:
    constant, other = np.full((37, 53), value), np.random.default_rng(0).random((37, 53))
    assert np.isnan(metrics.nss(constant, [[3.0, 4.0]]))
    assert np.isnan(metrics.cc(constant, other))
    assert np.isnan(metrics.cc(other, constant))


@pytest.mark.parametrize("wrong", [-1.0, 0.5, np.nan, np.inf])
def test_counts_that_are_no_whole_numbers_are_refused(wrong: float) -> None:
    counts = np.zeros((4, 5))
    counts[1, 2] = wrong
    with pytest.raises(InvalidSettingError, match="fixation counts"):
        metrics.nss(np.random.default_rng(0).random((4, 5)), counts)


def by_ours(case: dict[str, Any]) -> dict[str, float]:
    """Each metric of the first image of a frozen case."""
    predicted, reference = np.array(case["predicted"][0]), np.array(case["reference"])
    points, *others = (np.array(value) for value in case["fixations"])
    size = np.array(predicted.shape[::-1])
    sizes = [np.array(value).shape[::-1] for value in case["predicted"][1:]]
    elsewhere = np.concatenate([p * size / s for p, s in zip(others, sizes, strict=True)])
    found = {
        "nss": metrics.nss(predicted, points),
        "auc_judd": metrics.auc_judd(predicted, points),
        "shuffled_auc": metrics.shuffled_auc(predicted, points, elsewhere),
        "cc": metrics.cc(predicted, reference),
        "sim": metrics.sim(predicted, reference),
        "kld": metrics.kld(predicted, reference),
        "auc_all_pixels": metrics.shuffled_auc(predicted, points, np.ones(predicted.shape)),
        "information_gain": metrics.information_gain(predicted, points, case["baseline"][0]),
    }
    return {name: found[name] for name in case["pysaliency"]}


@pytest.mark.parametrize("case", FROZEN["cases"], ids=lambda case: str(case["kind"]))
def test_each_equals_pysaliency(case: dict[str, Any]) -> None:
    assert by_ours(case) == pytest.approx(case["pysaliency"], rel=0, abs=1e-10)


def test_off_the_map_is_as_if_it_were_not() -> None:
    case = FROZEN["cases"][0]
    off = [[-0.5, 3.0], [400.0, 3.0], [float("nan"), 1.0]]
    changed = {**case, "fixations": [case["fixations"][0] + off, *case["fixations"][1:]]}
    assert by_ours(changed) == pytest.approx(case["pysaliency"], rel=0, abs=1e-10)
