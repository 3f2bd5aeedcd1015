"""Attention maps from fixations, and from raw samples through a coarse grid."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gazecore.attention.gaussians import (
    Map,
    Points,
    check_shape,
    sum_of_gaussians,
    usable_points,
)
from gazecore.attention.grid import CELLS_PER_SIGMA, CoarseMap, coarse_map

Array = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
_MOST_SIGMAS = 32
_REACHED_MASS = 1e-3
"""Below this share inside the image the far tails count, which the grid leaves out."""
_NEAR_SIGMA = 1.5
"""So far outside the grid still holds 4e-4 of what a point reaches on the image."""
_TAIL_SIGMA = 5.0
_TAIL_ERROR = 3e-4
"""Up to `_TAIL_SIGMA` the grid errs by so much of it, times 1 + d^2 along each axis, d sigmas
outside (measured: half of that); beyond, by all of it."""
_LEFT_ON_GRID = 5e-5
"""Error, as a share of the peak, that points further out may add and stay on the grid."""
_CUT = 1e-5
"""Share of what a point reaches on the image at which it ends, when it is added by itself."""
_FINE_CELLS = 20
_FINE_SIGMA = 5.5
"""A grid of so many cells a sigma holds what points reach up to so far outside, to 2e-4 of it."""
_MANY_TAILS = 256
"""So many take longer one by one than on a fine grid."""
_FINE_MASS = 1e-4
"""If so much of all is on a fine grid, what lies beyond it adds less than 3e-4 of the peak."""


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
    tails alone reach the image are evaluated exactly or on a finer grid where they count; every
    sample with a sigma under 5 px, or more than 32 different ones, exactly. Arguments as in
    `attention_map`.
    """
    points = usable_points(xy_px, weights, sigma_px)
    shape = check_shape(shape)
    sigmas, group = _sigmas(points.sigma_px)
    if not 0 < len(sigmas) <= _MOST_SIGMAS or sigmas.min() < CELLS_PER_SIGMA:
        return sum_of_gaussians(points, shape)[0]
    grouped = _Grouped(points, shape, sigmas, group)
    parts = grouped.on_grid(np.arange(len(points)))
    weight = float(points.weights.sum())
    if sum(part.mass for part in parts) < _REACHED_MASS * weight:
        return _map_from_outside(grouped)
    tails = _tails_that_count(points, shape, max(part.peak() for part in parts))
    if len(tails):
        fine, exact = grouped.fine_and_exact(tails)
        parts = grouped.without(parts, tails)
        parts += grouped.on_grid(fine, _FINE_CELLS) if len(fine) else []
    else:
        exact = tails
    out = _to_pixels(parts, 1 / weight)
    mass = sum(part.mass for part in parts) / weight + _add_exactly(out, points, exact, weight)
    out /= np.float32(mass)
    return out


@dataclass(frozen=True, slots=True)
class _Grouped:
    """Points with their different sigmas (k, 2) and the number of each point's own (n,)."""

    points: Points
    shape: tuple[int, int]
    sigmas: Array
    group: Ints

    def on_grid(self, chosen: Ints, cells_per_sigma: int = CELLS_PER_SIGMA) -> list[CoarseMap]:
        """The chosen points of each sigma on its own grid."""
        parts = []
        for number, (sigma_x, sigma_y) in enumerate(self.sigmas):
            mine = chosen[self.group[chosen] == number]
            xy, weight = self.points.xy_px[mine], self.points.weights[mine]
            sigma_px = (float(sigma_x), float(sigma_y))
            parts.append(coarse_map(xy, weight, self.shape, sigma_px, cells_per_sigma))
        return parts

    def without(self, parts: list[CoarseMap], chosen: Ints) -> list[CoarseMap]:
        """The maps of `on_grid` without the chosen points."""
        found = []
        for number, part in enumerate(parts):
            mine = chosen[self.group[chosen] == number]
            found.append(part.without(self.points.xy_px[mine], self.points.weights[mine]))
        return found

    def fine_and_exact(self, tails: Ints) -> tuple[Ints, Ints]:
        """Those a fine grid takes, if they are many and it can, and the rest."""
        if len(tails) < _MANY_TAILS * len(self.sigmas) or self.sigmas.min() < _FINE_CELLS:
            return tails[:0], tails
        near = (_beyond_sigma(self.points, self.shape)[tails] <= _FINE_SIGMA).all(axis=1)
        return tails[near], tails[~near]


def _map_from_outside(grouped: _Grouped) -> Map:
    """The map of points of which next to nothing reaches the image."""
    points, shape = grouped.points, grouped.shape
    fine, _ = grouped.fine_and_exact(np.arange(len(points)))
    if len(fine):
        parts = grouped.on_grid(fine, _FINE_CELLS)
        mass = sum(part.mass for part in parts)
        if mass >= _FINE_MASS * float(points.weights.sum()):
            return _to_pixels(parts, 1 / mass)
    kept = _that_reach_most(points, shape)
    chosen = Points(points.xy_px[kept], points.weights[kept], points.sigma_px[kept], None, 0)
    return sum_of_gaussians(chosen, shape)[0]


def _that_reach_most(points: Points, shape: tuple[int, int]) -> Ints:
    """All points but the faintest, which together change the map by less than the grid would.

    What a point reaches is highest at the pixel nearest to it, and the map's peak is no lower
    than the highest of those; compared as logarithms, since they may be far below any number.
    """
    size_px = np.array([shape[1], shape[0]], dtype=np.float64)
    nearest = np.clip(np.floor(points.xy_px) + 0.5, 0.5, size_px - 0.5)
    away = (points.xy_px - nearest) / points.sigma_px
    with np.errstate(over="ignore"):
        log = np.log(points.weights / points.sigma_px.prod(axis=1)) - 0.5 * (away**2).sum(axis=1)
    if not np.isfinite(log.max()):
        return np.arange(len(points))
    share = np.exp(log - log.max())
    rising = np.argsort(share, kind="stable")
    left = int(np.searchsorted(np.cumsum(share[rising]), _LEFT_ON_GRID, side="right"))
    return np.sort(rising[left:])


def _to_pixels(parts: list[CoarseMap], scale: float) -> Map:
    """The sum of maps on grids, times `scale`, on the pixels."""
    out = parts[0].to_pixels(scale)
    for part in parts[1:]:
        out += part.to_pixels(scale)
    return out


def _beyond_sigma(points: Points, shape: tuple[int, int]) -> Array:
    """How far outside the image each point lies along x and y, in its sigmas (n, 2)."""
    size_px = np.array([shape[1], shape[0]], dtype=np.float64)
    beyond = np.maximum(np.maximum(-points.xy_px, points.xy_px - size_px), 0)
    return np.asarray(beyond / points.sigma_px)


def _tails_that_count(points: Points, shape: tuple[int, int], peak: float) -> Ints:
    """Points outside whose tails the grid would get wrong by more than the peak allows.

    A point's tail is at most its density on the nearest edge; the faintest ones stay on the
    grid as long as their errors together stay small.
    """
    beyond = _beyond_sigma(points, shape)
    outside = np.flatnonzero((beyond > _NEAR_SIGMA).any(axis=1))
    beyond, sigma = beyond[outside], points.sigma_px[outside]
    error = points.weights[outside] / (2 * np.pi * sigma.prod(axis=1))
    error *= np.exp(-0.5 * np.minimum(beyond, 100.0) ** 2).prod(axis=1)
    held = _TAIL_ERROR * (2 + (beyond**2).sum(axis=1))
    error *= np.where((beyond < _TAIL_SIGMA).all(axis=1), held, 1.0)
    rising = np.argsort(error, kind="stable")
    left = int(np.searchsorted(np.cumsum(error[rising]), _LEFT_ON_GRID * peak, side="right"))
    return np.sort(outside[rising[left:]])


def _add_exactly(out: Map, points: Points, chosen: Ints, weight: float) -> float:
    """Add the chosen points over `weight` to the map (height, width); return their mass on it."""
    mass = 0.0
    for i in chosen:
        columns, along_x = _reaching(points.xy_px[i, 0], points.sigma_px[i, 0], out.shape[1])
        rows, along_y = _reaching(points.xy_px[i, 1], points.sigma_px[i, 1], out.shape[0])
        along_x *= points.weights[i] / weight
        mass += float(along_x.sum() * along_y.sum())
        out[rows, columns] += along_y.astype(np.float32)[:, None] * along_x.astype(np.float32)
    return mass


def _reaching(centre_px: float, sigma_px: float, length_px: int) -> tuple[slice, Array]:
    """Where along one axis a Gaussian is over `_CUT` of its highest there, and its density."""
    beyond = max(-centre_px, centre_px - length_px, 0.0) / sigma_px
    reach_px = sigma_px * np.sqrt(beyond**2 - 2 * np.log(_CUT)) + 1
    first = int(np.clip(np.floor(centre_px - reach_px), 0, length_px - 1))
    last = int(np.clip(np.ceil(centre_px + reach_px), first + 1, length_px))
    scaled = (np.arange(first, last) + 0.5 - centre_px) / sigma_px
    return slice(first, last), np.exp(-0.5 * scaled**2) / (np.sqrt(2 * np.pi) * sigma_px)


def _sigmas(sigma_px: Array) -> tuple[Array, npt.NDArray[np.intp]]:
    """The different sigmas (k, 2) and the number of each point's own (n,)."""
    if len(sigma_px) and (sigma_px == sigma_px[0]).all():  # sorting would take longer than the map
        return sigma_px[:1], np.zeros(len(sigma_px), dtype=np.intp)
    sigmas, number = np.unique(sigma_px, axis=0, return_inverse=True)
    return sigmas, number.ravel()
