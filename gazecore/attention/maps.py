"""Attention maps from fixations, and from raw samples through a coarse grid."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from gazecore.attention.gaussians import (
    Border,
    Map,
    Points,
    check_shape,
    product,
    profiles,
    sum_of_gaussians,
    usable_points,
)

Array = npt.NDArray[np.float64]
_CELLS_PER_SIGMA = 4
_REACH_SIGMA = 6
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

    Samples are spread over a grid of a quarter sigma by quadratic B-splines, whose own variance
    (a quarter of a cell squared, wherever the sample lies in its cell) the Gaussians leave out;
    a matrix product then takes the grid to the image. Arguments as in `attention_map`; with
    more than 32 different sigmas every sample is evaluated exactly.
    """
    points = usable_points(xy_px, weights, sigma_px)
    height, width = check_shape(shape)
    sigmas, group = np.unique(points.sigma_px, axis=0, return_inverse=True)
    group = group.ravel()
    if not len(points) or len(sigmas) > _MOST_SIGMAS:
        return sum_of_gaussians(points, shape)[0]
    parts = [
        _through_grid(points, group == g, (height, width), (float(s[0]), float(s[1])))
        for g, s in enumerate(sigmas)
    ]
    total = sum(mass for _, mass in parts)
    if total < _REACHED_MASS * float(points.weights.sum()):
        return sum_of_gaussians(points, shape)[0]
    out = parts[0][0]
    for part, _ in parts[1:]:
        out += part
    out /= np.float32(total)
    return out


def _through_grid(
    points: Points,
    chosen: npt.NDArray[np.bool_],
    shape: tuple[int, int],
    sigma_px: tuple[float, float],
) -> tuple[Map, float]:
    """Map of the chosen points, which share one sigma, and its mass, not normalised."""
    along_x, column, x_weights = _axis(points.xy_px[chosen, 0], sigma_px[0], shape[1])
    along_y, row, y_weights = _axis(points.xy_px[chosen, 1], sigma_px[1], shape[0])
    grid = _spread(points.weights[chosen], row, column, (y_weights, x_weights), along_y, along_x)
    mass = float(along_y.sum(axis=1) @ grid @ along_x.sum(axis=1))
    half_way = (grid.T @ along_y).astype(np.float32)
    return product(half_way, along_x.astype(np.float32)), mass


def _axis(
    at_px: Array, sigma_px: float, length_px: int
) -> tuple[Array, npt.NDArray[np.intp], Array]:
    """Gaussians of the grid's nodes (k, length), each point's first node and its 3 weights.

    A point that is too far out to reach the image has weights of zero.
    """
    step_px = sigma_px / _CELLS_PER_SIGMA
    margin = _REACH_SIGMA * _CELLS_PER_SIGMA + 2
    nodes = int(np.ceil(length_px / step_px)) + 2 * margin + 1
    narrowed_px = np.sqrt(sigma_px**2 - step_px**2 / 4)
    node_px = np.arange(-margin, nodes - margin, dtype=np.float64) * step_px
    along = profiles(node_px, np.full(nodes, narrowed_px), length_px, None, Border())
    position = at_px / step_px + margin
    nearest = np.rint(np.clip(position, -1e9, 1e9)).astype(np.intp)
    inside = (nearest >= 1) & (nearest < nodes - 1)
    offset = position - nearest
    weights = np.stack(
        [0.5 * (0.5 - offset) ** 2, 0.75 - offset**2, 0.5 * (0.5 + offset) ** 2], axis=1
    )
    return along, np.where(inside, nearest - 1, 0), np.where(inside[:, None], weights, 0.0)


def _spread(
    weights: Array,
    row: npt.NDArray[np.intp],
    column: npt.NDArray[np.intp],
    spline: tuple[Array, Array],
    along_y: Array,
    along_x: Array,
) -> Array:
    """Weights of the points on the grid, (rows, columns)."""
    rows, columns = len(along_y), len(along_x)
    offsets = np.arange(3)
    cells = (row[:, None, None] + offsets[:, None]) * columns + column[:, None, None] + offsets
    shares = weights[:, None, None] * spline[0][:, :, None] * spline[1][:, None, :]
    grid = np.bincount(cells.ravel(), shares.ravel(), minlength=rows * columns)
    return np.asarray(grid.reshape(rows, columns))
