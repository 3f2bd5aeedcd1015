"""Precision of gaze around its mean: the bivariate contour ellipse, and all measures at once.

Directions become points of a plane around the mean direction (azimuthal equidistant): how far a
point lies from the origin is the true angle to the mean, so no place on the screen is favoured.
BCEA = 2 k pi s_x s_y sqrt(1 - rho^2) with k = -ln(1 - P) (Crossland and Rubin 2002), s and rho of
a sample (n - 1): of gaze spread normally, a share P falls inside an ellipse of this area. A sample
counts only where both coordinates are there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from gazecore.errors import InvalidSettingError

if TYPE_CHECKING:
    from gazecore.geometry import Screen
    from gazecore.quality.measures import EyePosition

Array = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]

BCEA_PROBABILITY = 0.68
"""Share of gaze inside the ellipse, as the field reports it."""
_MIN_SAMPLES = 3  # fewer lie on a line: their ellipse has no area


@dataclass(frozen=True, slots=True, eq=False)
class IntervalPrecision:
    """Precision in each of k intervals, NaN where there are too few samples.

    Attributes
    ----------
    rms_deg, std_deg, bcea_deg2 : (k,) float64
        RMS-S2S; standard deviation around the mean direction; area of the contour ellipse.
    """

    rms_deg: Array
    std_deg: Array
    bcea_deg2: Array


def precision_bcea_deg2(
    xy_px: npt.ArrayLike,
    screen: Screen,
    eye_mm: EyePosition = None,
    *,
    probability: float = BCEA_PROBABILITY,
) -> float | None:
    """Area in square degrees of the ellipse that holds a share of normally spread gaze.

    None with fewer than three valid samples.

    Raises
    ------
    InvalidSettingError
        A probability that is not between 0 and 1.
    """
    xy = np.asarray(xy_px, dtype=np.float64).reshape(-1, 2)
    found = precision_in_intervals(
        xy, np.array([[0, len(xy)]]), screen, eye_mm, probability=probability
    )
    area = float(found.bcea_deg2[0])
    return area if np.isfinite(area) else None


def precision_in_intervals(
    xy_px: npt.ArrayLike,
    bounds: npt.ArrayLike,
    screen: Screen,
    eye_mm: EyePosition = None,
    *,
    probability: float = BCEA_PROBABILITY,
) -> IntervalPrecision:
    """Precision in each interval of gaze: as `precision_rms_deg` and its like, all in one pass.

    Parameters
    ----------
    xy_px : (n, 2)
        Gaze in physical pixels, NaN where lost.
    bounds : (k, 2) int
        First sample of each interval and the one after its last.
    screen : Screen
    eye_mm : (3,), optional
    probability : float, optional
        Share of normally spread gaze inside the ellipse.
    """
    if not 0 < probability < 1:
        raise InvalidSettingError("probability", probability, "a share between 0 and 1")
    xy = np.asarray(xy_px, dtype=np.float64).reshape(-1, 2)
    spans = np.asarray(bounds, dtype=np.intp).reshape(-1, 2)
    rows, owner = _rows_of(spans)
    vectors = screen.gaze_vectors(xy[rows], eye_mm)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    seen = np.isfinite(vectors).all(axis=1)
    around = _around_mean_deg(vectors[seen], owner[seen], len(spans))
    std_deg, bcea_deg2 = _spread(around, owner[seen], len(spans), probability)
    return IntervalPrecision(_rms_deg(vectors, owner, len(spans)), std_deg, bcea_deg2)


def _rows_of(spans: Ints) -> tuple[Ints, Ints]:
    """The samples of all intervals one after another, and whose each is."""
    lengths = np.maximum(spans[:, 1] - spans[:, 0], 0)
    owner = np.repeat(np.arange(len(spans)), lengths)
    before = np.cumsum(lengths) - lengths
    return np.arange(len(owner)) - before[owner] + spans[owner, 0], owner


def _rms_deg(vectors: Array, owner: Ints, count: int) -> Array:
    """Root mean square of the angles between successive valid samples of one interval."""
    steps = np.linalg.norm(np.diff(vectors, axis=0), axis=1)
    angles_deg = np.degrees(2 * np.arcsin(steps / 2))
    pairs = (owner[1:] == owner[:-1]) & np.isfinite(angles_deg)
    return np.sqrt(_means(angles_deg[pairs] ** 2, owner[:-1][pairs], count))


def _around_mean_deg(vectors: Array, owner: Ints, count: int) -> Array:
    """Directions as angles around the mean of their interval, (n, 2), to the right and down."""
    sums = np.stack([np.bincount(owner, vectors[:, i], count) for i in range(3)], axis=1)
    length = np.linalg.norm(sums, axis=1, keepdims=True)
    mean = np.divide(sums, length, out=np.tile([0.0, 0.0, -1.0], (count, 1)), where=length > 0)
    right = np.array([1.0, 0.0, 0.0]) - mean[:, :1] * mean
    right /= np.linalg.norm(right, axis=1, keepdims=True)
    down = np.cross(right, mean)
    along = np.sum(vectors * mean[owner], axis=1)
    aside = np.stack([np.sum(vectors * axis[owner], axis=1) for axis in (right, down)], axis=1)
    radius = np.linalg.norm(aside, axis=1)
    angle_deg = np.degrees(np.arctan2(radius, along))
    scale = np.divide(angle_deg, radius, out=np.full_like(radius, np.degrees(1)), where=radius > 0)
    return np.asarray(aside * scale[:, None])


def _spread(around_deg: Array, owner: Ints, count: int, probability: float) -> tuple[Array, Array]:
    """Standard deviation and area of the contour ellipse of each interval."""
    samples = np.bincount(owner, minlength=count)
    x, y = around_deg[:, 0], around_deg[:, 1]
    std_deg = np.sqrt(_means(x**2 + y**2, owner, count))
    std_deg[samples < 2] = np.nan
    mean_x, mean_y = _means(x, owner, count), _means(y, owner, count)
    x, y = x - mean_x[owner], y - mean_y[owner]
    xx, yy, xy = (np.bincount(owner, product, count) for product in (x * x, y * y, x * y))
    determinant = np.maximum(xx * yy - xy**2, 0.0)
    area = np.full(count, np.nan)
    enough = samples >= _MIN_SAMPLES
    k = -np.log1p(-probability)
    area[enough] = 2 * k * np.pi * np.sqrt(determinant[enough]) / (samples[enough] - 1)
    return std_deg, area


def _means(values: Array, owner: Ints, count: int) -> Array:
    """Mean of the values of each interval, NaN without any."""
    number = np.bincount(owner, minlength=count).astype(np.float64)
    total = np.bincount(owner, values, count)
    mean: Array = np.divide(total, number, out=np.full(count, np.nan), where=number > 0)
    return mean
