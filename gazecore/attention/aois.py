"""Areas of interest on an image: which points lie in one, and with what probability.

A shape is one function: where a vertical line crosses it. A point lies inside when it has an odd
number of crossings above it (the even-odd rule), and the probability that a point measured with
a Gaussian error lies inside is the integral of what the crossings enclose.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from gazecore.errors import InvalidSettingError

Array = npt.NDArray[np.float64]
_REACH_SIGMA = 6.0
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(24)


class Aoi(Protocol):
    """An area of interest in image pixels (pixel (i, j) covers [i, i+1) x [j, j+1))."""

    @property
    def name(self) -> str:
        """What it is called; one name a case."""

    def crossings(self, x_px: Array) -> Array:
        """Rising y of the outline on vertical lines (m,): (m, 2 k), in pairs, NaN where none."""

    def turns_px(self) -> Array:
        """Rising x of the outline's ends and corners, between which its crossings are smooth."""


@dataclass(frozen=True, slots=True)
class PolygonAoi:
    """A closed polygon by its corners (x, y); its last one joins the first, overlaps are holes."""

    name: str
    corners_px: tuple[tuple[float, float], ...]

    def __post_init__(self) -> None:
        """Refuse what has no area."""
        corners = np.array(self.corners_px, dtype=np.float64)
        if corners.ndim != 2 or corners.shape[1] != 2 or len(corners) < 3:
            raise InvalidSettingError(f"AOI {self.name}", self.corners_px, "at least 3 corners")
        finite = np.isfinite(corners).all()
        if not finite or np.linalg.matrix_rank(corners - corners[0]) < 2:
            raise InvalidSettingError(f"AOI {self.name}", self.corners_px, "corners with an area")

    def crossings(self, x_px: Array) -> Array:
        """As `Aoi.crossings`; a line through a corner meets the edge to its right."""
        corners = np.array(self.corners_px, dtype=np.float64)
        (x0, y0), (x1, y1) = corners.T, np.roll(corners, -1, axis=0).T
        x = np.asarray(x_px, dtype=np.float64)[:, None]
        met = ((x0 <= x) & (x < x1)) | ((x1 <= x) & (x < x0))
        run = np.where(x1 == x0, 1.0, x1 - x0)
        y = np.sort(np.where(met, y0 + (x - x0) / run * (y1 - y0), np.nan), axis=1)
        return np.asarray(y[:, : 2 * (y.shape[1] // 2)])

    def turns_px(self) -> Array:
        """As `Aoi.turns_px`."""
        return np.unique(np.array(self.corners_px, dtype=np.float64)[:, 0])


def box_aoi(
    name: str, left_px: float, top_px: float, right_px: float, bottom_px: float
) -> PolygonAoi:
    """A box as a polygon, half-open like pixels: it covers [left, right) x [top, bottom)."""
    if not (left_px < right_px and top_px < bottom_px):
        found = (left_px, top_px, right_px, bottom_px)
        raise InvalidSettingError(f"AOI {name}", found, "left < right and top < bottom")
    right_way_round = ((left_px, top_px), (right_px, top_px), (right_px, bottom_px))
    return PolygonAoi(name, (*right_way_round, (left_px, bottom_px)))


@dataclass(frozen=True, slots=True)
class EllipseAoi:
    """An ellipse along the image's axes by its centre and half axes."""

    name: str
    x_px: float
    y_px: float
    radius_x_px: float
    radius_y_px: float

    def __post_init__(self) -> None:
        """Refuse what has no area."""
        if not (self.radius_x_px > 0 and self.radius_y_px > 0 and np.isfinite(self._sum())):
            found = (self.x_px, self.y_px, self.radius_x_px, self.radius_y_px)
            raise InvalidSettingError(f"AOI {self.name}", found, "radii over 0")

    def _sum(self) -> float:
        return self.x_px + self.y_px + self.radius_x_px + self.radius_y_px

    def crossings(self, x_px: Array) -> Array:
        """As `Aoi.crossings`."""
        across = (np.asarray(x_px, dtype=np.float64) - self.x_px) / self.radius_x_px
        inside = np.where(np.abs(across) < 1, 1 - across**2, np.nan)
        half_px = self.radius_y_px * np.sqrt(inside)
        return np.stack([self.y_px - half_px, self.y_px + half_px], axis=1)

    def turns_px(self) -> Array:
        """As `Aoi.turns_px`; denser at the ends, where the outline is steep."""
        return self.x_px - self.radius_x_px * np.cos(np.linspace(0, np.pi, 7))


def contains(aoi: Aoi, xy_px: npt.ArrayLike) -> npt.NDArray[np.bool_]:
    """Whether each point (n, 2) lies in the area; NaN lies in none."""
    points = _points(xy_px)
    crossings = aoi.crossings(points[:, 0])
    return np.asarray((crossings <= points[:, 1:]).sum(axis=1) % 2 == 1)


def probability_in(aoi: Aoi, xy_px: npt.ArrayLike, sigma_px: npt.ArrayLike) -> Array:
    """The probability that what was really looked at lies in the area, to about 1e-3.

    Parameters
    ----------
    aoi : Aoi
    xy_px : (n, 2)
        Points as measured.
    sigma_px : scalar or (n, 2)
        Standard deviation of the error along x and y; 0 gives `contains`.

    Returns
    -------
    (n,) float64
        0 for NaN.
    """
    points = _points(xy_px)
    sigma = np.broadcast_to(np.asarray(sigma_px, dtype=np.float64), points.shape)
    if (sigma < 0).any():
        raise InvalidSettingError("sigma_px", float(np.nanmin(sigma)), "no negative number")
    known = np.isfinite(points).all(axis=1) & np.isfinite(sigma).all(axis=1)
    found = np.where(known & (sigma == 0).any(axis=1), contains(aoi, points), 0.0)
    for i in np.flatnonzero(known & (sigma > 0).all(axis=1)):
        found[i] = _one_probability(aoi, points[i], sigma[i])
    return found


def _points(xy_px: npt.ArrayLike) -> Array:
    points = np.asarray(xy_px, dtype=np.float64)
    points = points.reshape(-1, 2) if points.size == 0 else points
    return np.where(np.isfinite(points).all(axis=1, keepdims=True), points, np.nan)


def _one_probability(aoi: Aoi, xy_px: Array, sigma_px: Array) -> float:
    """Gauss-Legendre between the turns near the point, the error's y integral in closed form."""
    from scipy.special import ndtr

    reach = _REACH_SIGMA * sigma_px[0]
    near = np.array(
        [xy_px[0] - reach, xy_px[0] - reach / 3, xy_px[0] + reach / 3, xy_px[0] + reach]
    )
    turns = aoi.turns_px()
    ends = np.unique(np.concatenate([near, turns]).clip(near[0], near[-1]).clip(*turns[[0, -1]]))
    if len(ends) < 2:
        return 0.0
    half = np.diff(ends)[:, None] / 2
    x = (ends[:-1, None] + half * (1 + _NODES)).ravel()
    weight = (half * _WEIGHTS).ravel() * np.exp(-0.5 * ((x - xy_px[0]) / sigma_px[0]) ** 2)
    below = ndtr((aoi.crossings(x) - xy_px[1]) / sigma_px[1])
    enclosed = np.nansum(below[:, 1::2] - below[:, 0::2], axis=1)
    total = float(weight @ enclosed) / (np.sqrt(2 * np.pi) * sigma_px[0])
    return float(min(max(total, 0.0), 1.0))
