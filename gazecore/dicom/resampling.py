"""Stored values at points between pixels: of the nearest pixel, or bilinear between four.

Coordinates are those of pixels of the source, pixel (i, j) covering [i, i+1) x [j, j+1). The
arithmetic is spelled out in single precision and rounds half to even, so that every machine
gives the same value for the same point.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from gazecore.dicom.image import Stored

Indices = npt.NDArray[np.intp]
Float = npt.NDArray[np.float64]
Float32 = npt.NDArray[np.float32]

_BLOCK_ROWS = 32
"""Rows interpolated at a time, so that they stay in the processor's cache."""


def nearest_grid(source: Stored, y: Float, x: Float) -> Any:
    """The values of the pixels that hold the points of a grid, (len(y), len(x))."""
    rows = np.minimum(y.astype(np.intp), source.shape[0] - 1)
    columns = np.minimum(x.astype(np.intp), source.shape[1] - 1)
    return source.take(rows, axis=0).take(columns, axis=1)


def nearest_points(source: Stored, y: Float, x: Float) -> Any:
    """The values of the pixels that hold some points, (n,)."""
    rows = np.minimum(y.astype(np.intp), source.shape[0] - 1)
    columns = np.minimum(x.astype(np.intp), source.shape[1] - 1)
    return source[rows, columns]


def bilinear_grid(source: Stored, y: Float, x: Float) -> Any:
    """Values between the pixels at the points of a grid, (len(y), len(x)), rounded.

    Beyond the centres of the outermost pixels their values go on.
    """
    top, bottom, share_y = _neighbours(y, source.shape[0])
    left, right, share_x = _neighbours(x, source.shape[1])
    columns = slice(int(left.min()), int(right.max()) + 1)
    part, left, right = source[:, columns], left - columns.start, right - columns.start
    values = np.empty((len(y), len(x)), dtype=source.dtype)
    for start in range(0, len(y), _BLOCK_ROWS):
        rows = slice(start, start + _BLOCK_ROWS)
        upper = part[top[rows]].astype(np.float32)
        lower = part[bottom[rows]].astype(np.float32)
        _blend(upper, lower, share_y[rows, None])
        first = upper.take(left, axis=1)
        _blend(first, upper.take(right, axis=1), share_x)
        values[rows] = np.rint(first, out=first)
    return values


def bilinear_points(source: Stored, y: Float, x: Float) -> Any:
    """Values between the pixels at some points, (n,), rounded; as `bilinear_grid`."""
    top, bottom, share_y = _neighbours(y, source.shape[0])
    left, right, share_x = _neighbours(x, source.shape[1])
    upper, right_upper, lower, right_lower = (
        source[r, c].astype(np.float32) for r in (top, bottom) for c in (left, right)
    )
    _blend(upper, lower, share_y)
    _blend(right_upper, right_lower, share_y)
    _blend(upper, right_upper, share_x)
    return np.rint(upper).astype(source.dtype)


def _neighbours(at: Float, size: int) -> tuple[Indices, Indices, Float32]:
    """The two pixels whose centres enclose a coordinate, clamped at the edge, and the share."""
    shifted = np.clip(at - 0.5, 0.0, size - 1.0)
    first = shifted.astype(np.intp)
    return first, np.minimum(first + 1, size - 1), (shifted - first).astype(np.float32)


def _blend(first: Float32, second: Float32, share: Float32) -> None:
    """Move `first` by a share of the way to `second`, in place; `second` is spent."""
    second -= first
    second *= share
    first += second
