"""Attention maps as one matrix product: a sum of Gaussians is separable, point by point.

With gy (n, H) and gx (n, W) the profiles of n Gaussians along each axis, the map is
``gy.T @ (weights * gx)``: exact, sub-pixel, untruncated, a sigma per point and axis.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gazecore.errors import InvalidSettingError

Array = npt.NDArray[np.float64]
Map = npt.NDArray[np.float32]
POINTS_AT_ONCE = 4096
_SINGLE_PRECISION_MASS = 1e-6
_LEAST_MASS = float(np.finfo(np.float64).tiny)
"""Less is not a number one can divide by: nothing is inside."""


@dataclass(frozen=True, slots=True)
class Border:
    """What a Gaussian does at its end and at the image's border.

    `truncate_sigma`: where it is cut, in its own sigmas (None: never); the rest is scaled up to
    the full weight, as `scipy.ndimage.gaussian_filter` does. `reflect`: mass over the border
    comes back mirrored.
    """

    truncate_sigma: float | None = None
    reflect: bool = False


@dataclass(frozen=True, slots=True)
class Points:
    """Weighted points that count: xy_px (n, 2), weights (n,), sigma_px (n, 2), clip_px (n, 4)."""

    xy_px: Array
    weights: Array
    sigma_px: Array
    clip_px: Array | None
    dropped: int

    def __len__(self) -> int:
        """Return the number of points."""
        return len(self.weights)


def usable_points(
    xy_px: npt.ArrayLike,
    weights: npt.ArrayLike,
    sigma_px: npt.ArrayLike,
    clip_px: npt.ArrayLike | None = None,
) -> Points:
    """The points that have a place and a weight; checks shapes, signs and sigmas."""
    xy = np.asarray(xy_px, dtype=np.float64)
    if xy.size == 0:
        xy = xy.reshape(0, 2)
    if xy.ndim != 2 or xy.shape[1] != 2:
        raise InvalidSettingError("shape of xy_px", xy.shape, "(n, 2)")
    n = len(xy)
    weight = np.asarray(weights, dtype=np.float64)
    if weight.shape not in ((), (n,)):
        raise InvalidSettingError("shape of weights", weight.shape, f"({n},)")
    weight = np.broadcast_to(weight, (n,))
    sigma = _sigma_per_axis(sigma_px, n)
    if np.isinf(weight).any():
        raise InvalidSettingError("weights", "infinity", "finite numbers")
    kept = np.isfinite(xy).all(axis=1) & np.isfinite(weight) & (weight != 0)
    xy, weight, sigma = xy[kept], weight[kept], sigma[kept]
    if (weight < 0).any():
        raise InvalidSettingError("weights", float(weight.min()), "no negative number")
    if not (np.isfinite(sigma).all() and (sigma > 0).all()):
        raise InvalidSettingError("sigma_px", sigma_px, "positive numbers")
    return Points(xy, weight, sigma, _clips(clip_px, n, kept), int(n - kept.sum()))


def _sigma_per_axis(sigma_px: npt.ArrayLike, n: int) -> Array:
    sigma = np.asarray(sigma_px, dtype=np.float64)
    if sigma.shape == (n,):
        sigma = sigma[:, None]
    elif sigma.shape not in ((), (n, 2)):
        raise InvalidSettingError("shape of sigma_px", sigma.shape, f"(), ({n},) or ({n}, 2)")
    return np.asarray(np.broadcast_to(sigma, (n, 2)))


def _clips(clip_px: npt.ArrayLike | None, n: int, kept: npt.NDArray[np.bool_]) -> Array | None:
    if clip_px is None:
        return None
    clip = np.asarray(clip_px, dtype=np.float64)
    if clip.shape == (4,):
        clip = np.broadcast_to(clip, (n, 4))
    if clip.shape != (n, 4):
        raise InvalidSettingError("shape of clip_px", clip.shape, f"({n}, 4)")
    if np.isnan(clip[kept]).any():
        raise InvalidSettingError("clip_px", "NaN", "rectangles (left, top, right, bottom)")
    return np.asarray(clip[kept])


def sum_of_gaussians(
    points: Points, shape: tuple[int, int], border: Border = Border()
) -> tuple[Map, float]:
    """The map (H, W) that sums to 1, and the share of the weights that fell inside.

    No Gaussian is renormalised for what it loses outside. Nothing inside gives zeros and 0.
    """
    height, width = check_shape(shape)
    if not len(points):
        return np.zeros((height, width), np.float32), 0.0
    clip = points.clip_px
    x_span, y_span = (None, None) if clip is None else (clip[:, 0::2], clip[:, 1::2])
    along_x = profiles(points.xy_px[:, 0], points.sigma_px[:, 0], width, x_span, border)
    along_y = profiles(points.xy_px[:, 1], points.sigma_px[:, 1], height, y_span, border)
    total = float((points.weights * along_x.sum(axis=1) * along_y.sum(axis=1)).sum())
    inside = total / float(points.weights.sum())
    if total < _LEAST_MASS:
        return np.zeros((height, width), np.float32), 0.0
    along_x *= (points.weights / total)[:, None]
    # Single precision holds 4e-7 of the peak, unless all that is inside is the far tail.
    precision = np.float32 if inside > _SINGLE_PRECISION_MASS else np.float64
    return product(along_y.astype(precision), along_x.astype(precision)), inside


def check_shape(shape: tuple[int, int]) -> tuple[int, int]:
    """Height and width of a map, each at least 1."""
    height, width = (int(side) for side in shape)
    if height < 1 or width < 1:
        raise InvalidSettingError("shape", shape, "height and width of at least 1")
    return height, width


def product(along_y: npt.NDArray[np.floating], along_x: npt.NDArray[np.floating]) -> Map:
    """``along_y.T @ along_x`` for profiles (n, H) and (n, W), summed in blocks of points."""
    out = np.zeros((along_y.shape[1], along_x.shape[1]), dtype=along_x.dtype)
    if len(along_x) <= POINTS_AT_ONCE:
        np.matmul(along_y.T, along_x, out=out)
    else:
        for first in range(0, len(along_x), POINTS_AT_ONCE):
            block = slice(first, first + POINTS_AT_ONCE)
            out += along_y[block].T @ along_x[block]
    return out.astype(np.float32, copy=False)


def profiles(
    centre_px: Array, sigma_px: Array, length_px: int, span_px: Array | None, border: Border
) -> Array:
    """Gaussians along one axis at pixel centres, (n, length); each has the area 1 on the line.

    `span_px` (n, 2) is the half-open stretch outside which a Gaussian is zero.
    """
    at_px = np.arange(length_px) + 0.5
    density = _density(at_px - centre_px[:, None], sigma_px[:, None], border.truncate_sigma)
    if border.reflect:
        for image_of in (-centre_px, 2 * length_px - centre_px):
            mirrored = at_px - image_of[:, None]
            density += _density(mirrored, sigma_px[:, None], border.truncate_sigma)
    if span_px is not None:
        density *= (at_px >= span_px[:, :1]) & (at_px < span_px[:, 1:])
    return density


def _density(distance_px: Array, sigma_px: Array, truncate_sigma: float | None) -> Array:
    scaled = distance_px / sigma_px
    density = np.exp(-0.5 * scaled * scaled)
    density /= np.sqrt(2 * np.pi) * sigma_px
    if truncate_sigma is not None:
        from scipy.special import erf

        density *= np.abs(scaled) <= truncate_sigma
        density /= erf(truncate_sigma / np.sqrt(2))
    return np.asarray(density)
