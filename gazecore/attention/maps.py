"""Attention maps from fixations, and from raw samples through a coarse grid."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from gazecore.attention.gaussians import Map, check_shape, sum_of_gaussians, usable_points
from gazecore.attention.grid import CELLS_PER_SIGMA, coarse_map

Array = npt.NDArray[np.float64]
_MOST_SIGMAS = 32
_REACHED_MASS = 1e-3
"""Below this share inside the image the far tails count, which the grid leaves out."""


def attention_map(
    xy_px: npt.ArrayLike,
    weights: npt.ArrayLike,
    shape: tuple[int, int],
    sigma_px: npt.ArrayLike,
    *,
    clip_px: npt.ArrayLike | None = None,
) -> Map:
    """Where weighted points fell, as Gaussians evaluated at pixel centres.

    Parameters
    ----------
    xy_px : (n, 2)
        Points in image pixels; pixel (i, j) is centred at (i + .5, j + .5).
    weights : (n,) or scalar
        Not negative, for instance fixation durations. Each Gaussian has its weight as mass.
    shape : (height, width)
    sigma_px : scalar, (n,) or (n, 2)
        Standard deviation, per point, per point and axis (x, y).
    clip_px : (n, 4), optional
        The rectangle (left, top, right, bottom) of the image that was shown at each point,
        half-open at pixel centres; its Gaussian is zero outside and not renormalised.

    Returns
    -------
    (height, width) float32
        Sums to 1. Points that are NaN or weigh nothing are dropped; if none is left the map is
        zero. Points off the image count with what reaches it.

    Raises
    ------
    InvalidSettingError
        Shapes that do not fit, a sigma that is not positive, a negative weight.

    Examples
    --------
    >>> m = attention_map([[1.5, 0.5]], [1.0], (1, 3), 1.0)
    >>> m.round(3).tolist()
    [[0.2739999890327454, 0.45100000500679016, 0.2739999890327454]]
    """
    return sum_of_gaussians(usable_points(xy_px, weights, sigma_px, clip_px), shape)[0]


def raw_attention_map(
    xy_px: npt.ArrayLike,
    weights: npt.ArrayLike,
    shape: tuple[int, int],
    sigma_px: npt.ArrayLike,
) -> Map:
    """The definition of `attention_map` for many samples, within 5e-4 of the peak.

    A coarse grid takes the place of the pixels, see `gazecore.attention.grid`. Every sample is
    evaluated exactly where that is not possible: with a sigma under 5 px, or more than 32
    different ones. Arguments as in `attention_map`.
    """
    points = usable_points(xy_px, weights, sigma_px)
    shape = check_shape(shape)
    sigmas, group = _sigmas(points.sigma_px)
    if not 0 < len(sigmas) <= _MOST_SIGMAS or sigmas.min() < CELLS_PER_SIGMA:
        return sum_of_gaussians(points, shape)[0]
    parts = []
    for number, (sigma_x, sigma_y) in enumerate(sigmas):
        mine = group == number
        xy, weight = points.xy_px[mine], points.weights[mine]
        parts.append(coarse_map(xy, weight, shape, (float(sigma_x), float(sigma_y))))
    total = sum(part.mass for part in parts)
    if total < _REACHED_MASS * float(points.weights.sum()):
        return sum_of_gaussians(points, shape)[0]
    out = parts[0].to_pixels(1 / total)
    for part in parts[1:]:
        out += part.to_pixels(1 / total)
    return out


def _sigmas(sigma_px: Array) -> tuple[Array, npt.NDArray[np.intp]]:
    """The different sigmas (k, 2) and the number of each point's own (n,)."""
    if len(sigma_px) and (sigma_px == sigma_px[0]).all():  # sorting would take longer than the map
        return sigma_px[:1], np.zeros(len(sigma_px), dtype=np.intp)
    sigmas, number = np.unique(sigma_px, axis=0, return_inverse=True)
    return sigmas, number.ravel()
