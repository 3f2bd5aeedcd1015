"""The linear probe on features of known worth."""

from __future__ import annotations

import numpy as np

from training.data.examples import ExampleSet
from training.evaluation.probe import probe

RNG = np.random.default_rng(0)
LABELS = RNG.integers(0, 3, 300)
EXAMPLES = ExampleSet(
    np.zeros((300, 2, 2), np.uint8),
    LABELS,
    np.arange(300).astype(str),
    np.array(["train"] * 150 + ["val"] * 50 + ["test"] * 100),
)


def test_separable_features_are_read_off_whatever_their_scale() -> None:
    features = np.eye(3)[LABELS] * 1e-4 + 1e-5 * RNG.normal(size=(300, 3)) + 70
    val, test = probe(features, EXAMPLES)
    assert val.balanced > 0.95
    assert test.top1 > 0.95


def test_noise_is_chance() -> None:
    _, test = probe(RNG.normal(size=(300, 5)), EXAMPLES)
    assert 0.15 < test.balanced < 0.55


def test_a_constant_feature_does_no_harm() -> None:
    _, test = probe(np.ones((300, 4)), EXAMPLES)
    assert test.balanced <= 0.34
