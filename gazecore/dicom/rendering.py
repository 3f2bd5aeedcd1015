"""Viewport first: stored values are brought to the screen's pixels once, then windowed there.

A zoom, pan, turn or flip resamples the stored values to the physical pixels of the viewport;
a step of the window is one table look-up over these. Stored pixel (i, j) covers
[i, i+1) x [j, j+1), on the screen as in the image. No Qt: the same code draws the station and
rebuilds a frame offline.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from gazecore.dicom.image import Stored
    from gazecore.dicom.levels import Table
    from gazecore.geometry import Transform

Indices = npt.NDArray[np.intp]
Float = npt.NDArray[np.float64]

OUTSIDE = 1 << 16
"""Index of viewport pixels that show no image; drawn black."""
_BLOCK_ROWS = 32
"""Rows interpolated at a time, so that they stay in the processor's cache."""
LEVELS = 3
"""Pyramid levels: 1, 1/2 and 1/4."""


@dataclass(frozen=True, slots=True, eq=False)
class ResampledViewport:
    """The stored bit patterns under each physical pixel of a viewport.

    Attributes
    ----------
    shape : (int, int)
        Height and width of the viewport in physical pixels.
    covered : (slice, slice)
        The rectangle of rows and columns in which image may be shown.
    patterns : intp
        The patterns in that rectangle, `OUTSIDE` where even there no image is shown.
    level : int
        The level of the pyramid that they come from.
    """

    shape: tuple[int, int]
    covered: tuple[slice, slice]
    patterns: Indices
    level: int = 0

    @property
    def indices(self) -> Indices:
        """The pattern of every physical pixel, (h, w), `OUTSIDE` off the image."""
        indices = np.full(self.shape, OUTSIDE, dtype=np.intp)
        indices[self.covered] = self.patterns
        return indices

    @property
    def outside(self) -> npt.NDArray[np.bool_]:
        """Where the viewport shows no image, (h, w)."""
        return np.asarray(self.indices == OUTSIDE)


class Pyramid:
    """Stored values at full, half and quarter size.

    A pixel of level k is the mean of the 2^k x 2^k block it covers; what a block lacks at the
    right and lower edge is the edge repeated.
    """

    def __init__(self, stored: Stored) -> None:
        self.levels: tuple[Stored, ...] = _levels(stored)
        self.height_px, self.width_px = stored.shape

    def with_levels(self, levels: tuple[Stored, ...]) -> Pyramid:
        """The same pyramid of other values, level by level of the same shapes."""
        other = copy.copy(self)
        other.levels = levels
        return other

    def level_for(self, scale: float) -> int:
        """The smallest level that still has a pixel for every screen pixel at a scale."""
        level = 0
        while level + 1 < len(self.levels) and scale * 2 ** (level + 1) <= 1.0:
            level += 1
        return level

    def resample(
        self, image_to_viewport: Transform, shape: tuple[int, int], *, smooth: bool
    ) -> ResampledViewport:
        """Bring stored values to the physical pixels of a viewport.

        Parameters
        ----------
        image_to_viewport : Transform
            Image px to physical px of the viewport, its top left corner at (0, 0).
        shape : (int, int)
            Height and width of the viewport in physical pixels.
        smooth : bool
            Bilinear between stored values (at rest) instead of the nearest one (while dragging).
        """
        level = self.level_for(max(image_to_viewport.scale()))
        inverse: Float = np.linalg.inv(image_to_viewport.matrix).astype(np.float64)
        if _is_axis_aligned(inverse):
            return self._separable(inverse, shape, level, smooth=smooth)
        return self._general(inverse, shape, level, smooth=smooth)

    def _separable(
        self, inverse: Float, shape: tuple[int, int], level: int, *, smooth: bool
    ) -> ResampledViewport:
        """Scales, shifts, flips and quarter turns: one coordinate list per image axis."""
        turned = inverse[0, 0] == 0.0
        inverse = inverse / inverse[2, 2]
        u, v = np.arange(shape[1]) + 0.5, np.arange(shape[0]) + 0.5
        x = inverse[0, 1] * v + inverse[0, 2] if turned else inverse[0, 0] * u + inverse[0, 2]
        y = inverse[1, 0] * u + inverse[1, 2] if turned else inverse[1, 1] * v + inverse[1, 2]
        inside_x, inside_y = _inside(x, self.width_px), _inside(y, self.height_px)
        if not (inside_x.any() and inside_y.any()):
            return ResampledViewport(shape, (slice(0), slice(0)), np.empty((0, 0), dtype=np.intp))
        source = self.levels[level]
        pick = _bilinear_grid if smooth else _nearest_grid
        values = pick(source, y[inside_y] / 2**level, x[inside_x] / 2**level)
        along_v, along_u = (inside_x, inside_y) if turned else (inside_y, inside_x)
        covered = (_span(along_v), _span(along_u))
        return ResampledViewport(shape, covered, _patterns(values.T if turned else values), level)

    def _general(
        self, inverse: Float, shape: tuple[int, int], level: int, *, smooth: bool
    ) -> ResampledViewport:
        """Any transform, by the coordinates of every viewport pixel."""
        v, u = np.mgrid[0 : shape[0], 0 : shape[1]] + 0.5
        x, y, w = (row[0] * u + row[1] * v + row[2] for row in inverse)
        x, y = x / w, y / w
        inside = _inside(x, self.width_px) & _inside(y, self.height_px)
        target = np.full(shape, OUTSIDE, dtype=np.intp)
        source = self.levels[level]
        pick = _bilinear_points if smooth else _nearest_points
        values = pick(source, y[inside] / 2**level, x[inside] / 2**level)
        target[inside] = _patterns(values)
        return ResampledViewport(shape, (slice(None), slice(None)), target, level)


def render(
    viewport: ResampledViewport, table: Table, out: npt.NDArray[np.uint8] | None = None
) -> Table:
    """The grey levels of a viewport, (h, w) uint8; black off the image.

    Parameters
    ----------
    viewport : ResampledViewport
        As `Pyramid.resample` gives it.
    table : (65536,) uint8
        As `gazecore.dicom.display_table` gives it.
    out : (h, w) uint8, optional
        Written in place, such as the buffer of a picture on the screen.
    """
    with_outside = np.empty(OUTSIDE + 1, dtype=np.uint8)
    with_outside[:OUTSIDE] = table
    with_outside[OUTSIDE] = 0
    if out is None:
        out = np.empty(viewport.shape, dtype=np.uint8)
    target = out[viewport.covered]
    if target.shape != viewport.shape:
        out[:] = 0
    # mode "clip" spares numpy a buffer; every index is in range
    np.take(with_outside, viewport.patterns, out=target, mode="clip")
    return out


def _levels(stored: Stored) -> tuple[Stored, ...]:
    levels = [stored]
    while len(levels) < LEVELS and min(levels[-1].shape) > 1:
        levels.append(_halved(levels[-1]))
    return tuple(levels)


def _halved(stored: Stored) -> Any:
    """Means of 2 x 2 blocks, rounded; sums of four 16-bit values fit in 32."""
    height, width = stored.shape
    even = np.pad(stored, ((0, height % 2), (0, width % 2)), mode="edge").astype(np.int32)
    sums = even[0::2, 0::2] + even[0::2, 1::2] + even[1::2, 0::2] + even[1::2, 1::2]
    return ((sums + 2) >> 2).astype(stored.dtype)


def _is_axis_aligned(matrix: Float) -> bool:
    straight = matrix[0, 1] == matrix[1, 0] == 0.0
    turned = matrix[0, 0] == matrix[1, 1] == 0.0
    return bool((straight or turned) and matrix[2, 0] == matrix[2, 1] == 0.0)


def _inside(coordinate: Float, size_px: int) -> npt.NDArray[np.bool_]:
    return (coordinate >= 0.0) & (coordinate < size_px)


def _span(mask: npt.NDArray[np.bool_]) -> slice:
    """The one run of True in a mask (coordinates along an axis are monotonic)."""
    found = np.flatnonzero(mask)
    return slice(int(found[0]), int(found[-1]) + 1)


def _patterns(values: npt.NDArray[Any]) -> Indices:
    """Stored values as 16-bit patterns in intp."""
    if np.issubdtype(values.dtype, np.floating):
        np.rint(values, out=values)
    patterns: Indices = np.ascontiguousarray(values).astype(np.intp)
    if values.dtype != np.uint16:
        np.bitwise_and(patterns, 0xFFFF, out=patterns)
    return patterns


def _nearest_grid(source: Stored, y: Float, x: Float) -> Any:
    rows = np.minimum(y.astype(np.intp), source.shape[0] - 1)
    columns = np.minimum(x.astype(np.intp), source.shape[1] - 1)
    return source.take(rows, axis=0).take(columns, axis=1)


def _nearest_points(source: Stored, y: Float, x: Float) -> Any:
    rows = np.minimum(y.astype(np.intp), source.shape[0] - 1)
    columns = np.minimum(x.astype(np.intp), source.shape[1] - 1)
    return source[rows, columns]


def _neighbours(at: Float, size: int) -> tuple[Indices, Indices, npt.NDArray[np.float32]]:
    """The two pixels whose centres enclose a coordinate, clamped at the edge, and the share."""
    shifted = np.clip(at - 0.5, 0.0, size - 1.0)
    first = shifted.astype(np.intp)
    return first, np.minimum(first + 1, size - 1), (shifted - first).astype(np.float32)


def _bilinear_grid(source: Stored, y: Float, x: Float) -> npt.NDArray[np.float32]:
    top, bottom, share_y = _neighbours(y, source.shape[0])
    left, right, share_x = _neighbours(x, source.shape[1])
    columns = slice(int(left.min()), int(right.max()) + 1)
    part, left, right = source[:, columns], left - columns.start, right - columns.start
    values = np.empty((len(y), len(x)), dtype=np.float32)
    for start in range(0, len(y), _BLOCK_ROWS):
        rows = slice(start, start + _BLOCK_ROWS)
        upper = part[top[rows]].astype(np.float32)
        lower = part[bottom[rows]].astype(np.float32)
        _blend(upper, lower, share_y[rows, None])
        first = upper.take(left, axis=1)
        _blend(first, upper.take(right, axis=1), share_x)
        values[rows] = first
    return values


def _blend(
    first: npt.NDArray[np.float32],
    second: npt.NDArray[np.float32],
    share: npt.NDArray[np.float32],
) -> None:
    """Move `first` by a share of the way to `second`, in place; `second` is spent."""
    second -= first
    second *= share
    first += second


def _bilinear_points(source: Stored, y: Float, x: Float) -> npt.NDArray[np.float32]:
    top, bottom, share_y = _neighbours(y, source.shape[0])
    left, right, share_x = _neighbours(x, source.shape[1])
    corner = [source[r, c].astype(np.float32) for r in (top, bottom) for c in (left, right)]
    upper = corner[0] + (corner[1] - corner[0]) * share_x
    lower = corner[2] + (corner[3] - corner[2]) * share_x
    return np.asarray(upper + (lower - upper) * share_y, dtype=np.float32)
