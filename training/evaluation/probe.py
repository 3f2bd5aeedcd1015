"""The linear probe: how much of the grade can be read off frozen features."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import numpy as np

from training.evaluation.scores import ClassScores, score

if TYPE_CHECKING:
    import numpy.typing as npt
    from sklearn.linear_model import LogisticRegression

    from training.data.examples import ExampleSet

    Features = npt.NDArray[np.float64]

STRENGTHS = (0.001, 0.01, 0.1, 1.0)
"""Candidates for the inverse strength of the L2 penalty."""


def probe(features: Features, examples: ExampleSet) -> tuple[ClassScores, ClassScores]:
    """Logistic regression on standardised features, its penalty chosen on val, tested once.

    Parameters
    ----------
    features : ndarray
        (n, d), one row per example.
    examples : ExampleSet
        Labels and split.

    Returns
    -------
    val, test : ClassScores
        Of the penalty that was best on val (balanced accuracy; the stronger of equals).
    """
    at = {name: examples.indices(name) for name in ("train", "val", "test")}
    mean, spread = features[at["train"]].mean(axis=0), features[at["train"]].std(axis=0)
    scaled = (features - mean) / np.where(spread > 1e-8, spread, 1.0)
    fitted = [
        _fit(scaled[at["train"]], examples.labels[at["train"]], strength) for strength in STRENGTHS
    ]
    on_val = [score(examples.labels[at["val"]], f.predict(scaled[at["val"]])) for f in fitted]
    best = int(np.argmax([scores.balanced for scores in on_val]))
    predicted = fitted[best].predict(scaled[at["test"]])
    return on_val[best], score(examples.labels[at["test"]], predicted)


def _fit(features: Features, labels: npt.NDArray[np.int64], strength: float) -> LogisticRegression:
    # a second to import, and most of the trainer's commands probe nothing
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    with warnings.catch_warnings():
        # A weak penalty on separable features converges slowly; its score on val decides anyway.
        warnings.simplefilter("ignore", ConvergenceWarning)
        return LogisticRegression(C=strength, max_iter=300).fit(features, labels)
