"""Classification by nearest neighbours: features as they are, nothing fitted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Features = npt.NDArray[np.float64]
    Labels = npt.NDArray[np.int64]

NEIGHBOURS = 20
TEMPERATURE = 0.1


def classify(bank: Features, labels: Labels, features: Features) -> Labels:
    """The grade of each row by a vote of its nearest rows of the bank, weighed by cosine.

    Parameters
    ----------
    bank, labels : ndarray
        Known features (n, d) and their grades (n,).
    features : ndarray
        What to classify, (m, d).
    """
    k = min(NEIGHBOURS, len(bank))
    cosines = _unit(features) @ _unit(bank).T
    nearest = np.argpartition(-cosines, k - 1, axis=1)[:, :k]
    weights = np.exp(np.take_along_axis(cosines, nearest, axis=1) / TEMPERATURE)
    grades = np.unique(labels)
    votes = np.stack([(weights * (labels[nearest] == grade)).sum(axis=1) for grade in grades])
    chosen: Labels = grades[votes.argmax(axis=0)]
    return chosen


def _unit(features: Features) -> Features:
    norm = np.linalg.norm(features, axis=1, keepdims=True)
    unit: Features = features / np.maximum(norm, 1e-12)
    return unit
