"""Attention maps from fixations, and from raw samples through a coarse grid."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from gazecore.attention.gaussians import (
    POINTS_AT_ONCE,
    Border,
    Map,
    Points,
    check_shape,
    product,
    profiles,
    sum_of_gaussians,
    usable_points,
)
from gazecore.attention.grid import CELLS_PER_SIGMA, CoarseMap, coarse_map

Array = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
Mask = npt.NDArray[np.bool_]
_MOST_SIGMAS = 32
_REACHED_MASS = 1e-3
"""Below this share inside the image the far tails count, which the grid leaves out."""
_NEAR_SIGMA = 1.5
"""So far outside the grid still holds 4e-4 of what a point reaches on the image."""
_TAIL_SIGMA = 5.0
_TAIL_ERROR = 0.02
"""What the grid holds of it up to `_TAIL_SIGMA`; beyond, nothing."""
_LEFT_ON_GRID = 5e-5
"""Error, as a share of the peak, that points further out may add and stay on the grid."""


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

    A coarse grid takes the place of the pixels, see `gazecore.attention.grid`. Points whose
    tails alone reach the image are evaluated exactly where they count; so is every sample with
    a sigma under 5 px, or more than 32 different ones. Arguments as in `attention_map`.
    """
    points = usable_points(xy_px, weights, sigma_px)
    shape = check_shape(shape)
    sigmas, group = _sigmas(points.sigma_px)
    if not 0 < len(sigmas) <= _MOST_SIGMAS or sigmas.min() < CELLS_PER_SIGMA:
        return sum_of_gaussians(points, shape)[0]
    on_grid = np.ones(len(points), dtype=np.bool_)
    parts = _coarse_maps(points, on_grid, shape, sigmas, group)
    if sum(part.mass for part in parts) < _REACHED_MASS * float(points.weights.sum()):
        return sum_of_gaussians(points, shape)[0]
    tails = _tails_that_count(points, shape, max(part.peak() for part in parts))
    if len(tails):
        on_grid[tails] = False
        parts = _coarse_maps(points, on_grid, shape, sigmas, group)
    weight = float(points.weights.sum())
    out = parts[0].to_pixels(1 / weight)
    for part in parts[1:]:
        out += part.to_pixels(1 / weight)
    mass = sum(part.mass for part in parts) / weight + _add_exactly(out, points, tails, weight)
    out /= np.float32(mass)
    return out


def _coarse_maps(
    points: Points, on_grid: Mask, shape: tuple[int, int], sigmas: Array, group: Ints
) -> list[CoarseMap]:
    """The chosen points of each sigma on its own grid."""
    parts = []
    for number, (sigma_x, sigma_y) in enumerate(sigmas):
        mine = on_grid & (group == number)
        xy, weight = points.xy_px[mine], points.weights[mine]
        parts.append(coarse_map(xy, weight, shape, (float(sigma_x), float(sigma_y))))
    return parts


def _tails_that_count(points: Points, shape: tuple[int, int], peak: float) -> Ints:
    """Points outside whose tails the grid would get wrong by more than the peak allows.

    A point's tail is at most its density on the nearest edge; the faintest ones stay on the
    grid as long as their errors together stay small.
    """
    size_px = np.array([shape[1], shape[0]], dtype=np.float64)
    beyond = np.maximum(np.maximum(-points.xy_px, points.xy_px - size_px), 0) / points.sigma_px
    outside = np.flatnonzero((beyond > _NEAR_SIGMA).any(axis=1))
    beyond, sigma = beyond[outside], points.sigma_px[outside]
    error = points.weights[outside] / (2 * np.pi * sigma.prod(axis=1))
    error *= np.exp(-0.5 * np.minimum(beyond, 100.0) ** 2).prod(axis=1)
    error *= np.where((beyond < _TAIL_SIGMA).all(axis=1), _TAIL_ERROR, 1.0)
    rising = np.argsort(error, kind="stable")
    left = int(np.searchsorted(np.cumsum(error[rising]), _LEFT_ON_GRID * peak, side="right"))
    return np.sort(outside[rising[left:]])


def _add_exactly(out: Map, points: Points, chosen: Ints, weight: float) -> float:
    """Add the chosen points over `weight` to the map (height, width); return their mass on it."""
    mass = 0.0
    for first in range(0, len(chosen), POINTS_AT_ONCE):
        block = chosen[first : first + POINTS_AT_ONCE]
        xy, sigma = points.xy_px[block], points.sigma_px[block]
        along_x = profiles(xy[:, 0], sigma[:, 0], out.shape[1], None, Border())
        along_y = profiles(xy[:, 1], sigma[:, 1], out.shape[0], None, Border())
        along_x *= points.weights[block, None] / weight
        mass += float(along_x.sum(axis=1) @ along_y.sum(axis=1))
        out += product(along_y.astype(np.float32), along_x.astype(np.float32))
    return mass


def _sigmas(sigma_px: Array) -> tuple[Array, npt.NDArray[np.intp]]:
    """The different sigmas (k, 2) and the number of each point's own (n,)."""
    if len(sigma_px) and (sigma_px == sigma_px[0]).all():  # sorting would take longer than the map
        return sigma_px[:1], np.zeros(len(sigma_px), dtype=np.intp)
    sigmas, number = np.unique(sigma_px, axis=0, return_inverse=True)
    return sigmas, number.ravel()
