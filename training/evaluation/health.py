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
        Band of `feature_std` of the backbone; untrained it is about .14, and runs that never
        found the finding had .10 to .21.
    neighbours_over_chance : float
        Least balanced accuracy of the nearest-neighbour vote on val, as a multiple of chance.
    """

    feature_std: tuple[float, float] = (0.2, 1.1)
    neighbours_over_chance: float = 1.1


def feature_std(features: npt.NDArray[np.float64]) -> float:
    """Spread of normalised features (n, d) times sqrt(d): 1 for random directions, 0 collapsed."""
    norm = np.linalg.norm(features, axis=1, keepdims=True)
    unit = features / np.maximum(norm, 1e-12)
    return float(unit.std(axis=0).mean() * np.sqrt(features.shape[1]))


def is_healthy(spread: float, neighbours_balanced: float, classes: int, band: HealthBand) -> bool:
    """Whether a run's figures lie in the band; NaN does not."""
    low, high = band.feature_std
    return low <= spread <= high and neighbours_balanced >= band.neighbours_over_chance / classes
