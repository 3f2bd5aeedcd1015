"""Scores of a classifier of grades."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Labels = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class ClassScores:
    """How well grades were told apart.

    Attributes
    ----------
    top1 : float
        Share classified right.
    balanced : float
        Mean recall over the classes that occur.
    kappa : float
        Cohen's, with quadratic weights; 0 where it is not defined (one class only).
    mae : float
        Mean absolute error of the grade.
    """

    top1: float
    balanced: float
    kappa: float
    mae: float


def score(truth: Labels, predicted: Labels) -> ClassScores:
    """All scores of predicted grades."""
    from sklearn.metrics import cohen_kappa_score  # a second to import

    alone = len(np.unique(np.concatenate((truth, predicted)))) == 1
    kappa = 0.0 if alone else float(cohen_kappa_score(truth, predicted, weights="quadratic"))
    recalls = [float((predicted[truth == c] == c).mean()) for c in np.unique(truth)]
    return ClassScores(
        top1=float((truth == predicted).mean()),
        balanced=float(np.mean(recalls)),
        kappa=kappa if np.isfinite(kappa) else 0.0,
        mae=float(np.abs(truth - predicted).mean()),
    )
