"""Stored values at points between pixels: of the nearest pixel, or bilinear between four.

Coordinates are those of pixels of the source, pixel (i, j) covering [i, i+1) x [j, j+1). The
arithmetic is spelled out in single precision, with coordinates of 20 binary places, and rounds
half to even, so that every machine gives the same value for the same point.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from gazecore.dicom.bands import in_bands

if TYPE_CHECKING:
    from gazecore.dicom.image import Stored

Indices = npt.NDArray[np.intp]
Float = npt.NDArray[np.float64]
Float32 = npt.NDArray[np.float32]

_BLOCK_ROWS = 64
"""Rows interpolated at a time, so that they stay in the processor's cache."""
_PICKED_ROWS = 128
"""Rows of which pixels are picked at a time."""
_PLACES = 1 << 20


class _Neighbours(NamedTuple):
    """The two pixels along an axis whose centres enclose each point, and the second's share.

    At the edge both are the outermost pixel.
    """

    first: Indices
    second: Indices
    share: Float32


def nearest_grid(source: Stored, y: Float, x: Float) -> Any:
    """The values of the pixels that hold the points of a grid, (len(y), len(x)); never a view."""
    return picked(source, _pixel(y, source.shape[0]), _pixel(x, source.shape[1]))


def nearest_points(source: Stored, y: Float, x: Float) -> Any:
    """The values of the pixels that hold some points, (n,)."""
    return source[_pixel(y, source.shape[0]), _pixel(x, source.shape[1])]


def bilinear_grid(source: Stored, y: Float, x: Float) -> Any:
    """Values between the pixels at the points of a grid, (len(y), len(x)), rounded; never a view.

    Beyond the centres of the outermost pixels their values go on.
    """
    rows, columns = _neighbours(y, source.shape[0]), _neighbours(x, source.shape[1])
    if not (rows.share.any() or columns.share.any()):
        return picked(source, rows.first, columns.first)
    reach = slice(int(columns.first.min()), int(columns.second.max()) + 1)
    part = source[:, reach]
    left, right = _run(columns.first - reach.start), _run(columns.second - reach.start)
    values = np.empty((len(y), len(x)), dtype=source.dtype)

    def work(band: slice) -> None:
        for start in range(band.start, band.stop, _BLOCK_ROWS):
            block = slice(start, min(start + _BLOCK_ROWS, band.stop))
            upper = part[rows.first[block]].astype(np.float32)
            lower = part[rows.second[block]].astype(np.float32)
            across = _between(upper, lower, rows.share[block, None])
            mixed = _between(_along(across, left), _along(across, right), columns.share)
            values[block] = np.rint(mixed, out=mixed)

    in_bands(work, len(y), values.size)
    return values


def bilinear_points(source: Stored, y: Float, x: Float) -> Any:
    """Values between the pixels at some points, (n,), rounded; as `bilinear_grid`."""
    rows, columns = _neighbours(y, source.shape[0]), _neighbours(x, source.shape[1])
    left, right = (
        _between(
            source[rows.first, column].astype(np.float32),
            source[rows.second, column].astype(np.float32),
            rows.share,
        )
        for column in columns[:2]
    )
    return np.rint(_between(left, right, columns.share)).astype(source.dtype)


def _pixel(at: Float, size: int) -> Indices:
    """The pixel that holds each coordinate; those beyond the last one belong to it."""
    return np.minimum(at.astype(np.intp), size - 1)


def _neighbours(at: Float, size: int) -> _Neighbours:
    shifted = np.clip(np.rint((at - 0.5) * _PLACES) / _PLACES, 0.0, size - 1.0)
    first = shifted.astype(np.intp)
    second = np.minimum(first + 1, size - 1)
    return _Neighbours(first, second, (shifted - first).astype(np.float32))


def _between(first: Float32, second: Float32, share: Float32) -> Float32:
    """What lies a share of the way from the first to the second."""
    mixed = second - first
    mixed *= share
    mixed += first
    return mixed


def picked(source: npt.NDArray[Any], rows: Indices, columns: Indices) -> Any:
    """Rows and columns of a picture or mask, in bands where they are many; never a view."""
    if not (len(rows) and len(columns)):
        return np.empty((len(rows), len(columns)), dtype=source.dtype)
    reach = slice(int(columns.min()), int(columns.max()) + 1)
    part, columns_of_part = source[:, reach], _run(columns - reach.start)
    values = np.empty((len(rows), len(columns)), dtype=source.dtype)

    def work(band: slice) -> None:
        for start in range(band.start, band.stop, _PICKED_ROWS):
            block = slice(start, min(start + _PICKED_ROWS, band.stop))
            values[block] = _along(part[rows[block]], columns_of_part)

    in_bands(work, len(rows), values.size)
    return values


def _along(rows: npt.NDArray[Any], columns: Indices | slice) -> npt.NDArray[Any]:
    """Columns of some rows; ``take`` keeps rows contiguous, as indexing by a list does not."""
    return rows[:, columns] if isinstance(columns, slice) else rows.take(columns, axis=1)


def _run(indices: Indices) -> Indices | slice:
    """Indices as a slice where they count up or down by one, as at 1:1: no pixel is looked for."""
    for step in (1, -1):
        if len(indices) > 1 and (np.diff(indices) == step).all():
            stop = int(indices[-1]) + step
            return slice(int(indices[0]), stop if stop >= 0 else None, step)
    return indices
