"""Whether a run learnt at all: a half-collapsed baseline makes any gain look large."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class HealthBand:
    """What a run must show to count, set before any run.

    Attributes
    ----------
    feature_std : tuple of float
        Band of `feature_std`; runs that never found the finding had .10 to .21.
    neighbours_over_chance : float
        Least balanced accuracy of the nearest-neighbour vote on val, as a multiple of chance.
    """

    feature_std: tuple[float, float] = (0.3, 1.1)
    neighbours_over_chance: float = 1.1


def feature_std(embeddings: npt.NDArray[np.float64]) -> float:
    """Spread of normalised embeddings (n, d) times sqrt(d): about 1 healthy, 0 collapsed."""
    norm = np.linalg.norm(embeddings, axis=1, keepdims=True)
    unit = embeddings / np.maximum(norm, 1e-12)
    return float(unit.std(axis=0).mean() * np.sqrt(embeddings.shape[1]))


def is_healthy(spread: float, neighbours_balanced: float, classes: int, band: HealthBand) -> bool:
    """Whether a run's figures lie in the band; NaN does not."""
    low, high = band.feature_std
    return low <= spread <= high and neighbours_balanced >= band.neighbours_over_chance / classes
