"""Viewport first: stored values are brought to the screen's pixels once, then windowed there.

A zoom, pan, turn or flip resamples the stored values to the physical pixels of the viewport;
a step of the window is one table look-up over these. Stored pixel (i, j) covers
[i, i+1) x [j, j+1), on the screen as in the image. No Qt: the same code draws the station and
rebuilds a frame offline.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from gazecore.dicom.bands import in_bands
from gazecore.dicom.resampling import (
    bilinear_grid,
    bilinear_points,
    nearest_grid,
    nearest_points,
)

if TYPE_CHECKING:
    from gazecore.dicom.image import Stored
    from gazecore.dicom.levels import Table
    from gazecore.dicom.resampling import Float
    from gazecore.geometry import Transform

Patterns = npt.NDArray[np.uint16] | npt.NDArray[np.uint32]
Mask = npt.NDArray[np.bool_]

OUTSIDE = 1 << 16
"""Pattern of viewport pixels that show no image; drawn black."""
_TRUSTED = pc.TakeOptions(boundscheck=False)
_BLOCK_ROWS = 64
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
        The rectangle of rows and columns in which image may be shown; both bounds are given.
    patterns : uint16 or uint32
        The patterns in that rectangle, C-contiguous; in 32 bits where some are `OUTSIDE`, since
        even there no image is shown.
    level : int
        The level of the pyramid that they come from.
    """

    shape: tuple[int, int]
    covered: tuple[slice, slice]
    patterns: Patterns
    level: int = 0

    @property
    def indices(self) -> npt.NDArray[np.intp]:
        """The pattern of every physical pixel, (h, w), `OUTSIDE` off the image."""
        indices = np.full(self.shape, OUTSIDE, dtype=np.intp)
        indices[self.covered] = self.patterns
        return indices

    @property
    def outside(self) -> Mask:
        """Where the viewport shows no image, (h, w)."""
        return np.asarray(self.indices == OUTSIDE)

    def without(self, hidden: Mask) -> ResampledViewport:
        """This viewport with `OUTSIDE` where a mask of the covered rectangle is set."""
        patterns = np.empty(self.patterns.shape, dtype=np.uint32)

        def work(band: slice) -> None:
            for start in range(band.start, band.stop, _BLOCK_ROWS):
                block = slice(start, min(start + _BLOCK_ROWS, band.stop))
                patterns[block] = self.patterns[block]
                np.copyto(patterns[block], np.uint32(OUTSIDE), where=hidden[block])

        in_bands(work, len(patterns), patterns.size)
        return replace(self, patterns=patterns)


class Pyramid:
    """Stored values at full, half and quarter size.

    A pixel of level k is the mean of the 2^k x 2^k block it covers; what a block lacks at the
    right and lower edge is the edge repeated.
    """

    def __init__(self, stored: Stored) -> None:
        self.levels: tuple[Stored, ...] = _levels(stored)
        self.shown_px = (slice(0, stored.shape[0]), slice(0, stored.shape[1]))

    def with_levels(self, levels: tuple[Stored, ...], shown_px: tuple[slice, slice]) -> Pyramid:
        """The same pyramid of other values, level by level of the same shapes.

        Of the image only these rows and columns are shown, both bounds given.
        """
        other = copy.copy(self)
        other.levels, other.shown_px = levels, shown_px
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
        inside_x, inside_y = _inside(x, self.shown_px[1]), _inside(y, self.shown_px[0])
        if not (inside_x.any() and inside_y.any()):
            nothing = np.empty((0, 0), dtype=np.uint16)
            return ResampledViewport(shape, (slice(0, 0), slice(0, 0)), nothing, level)
        source = self.levels[level]
        pick = bilinear_grid if smooth else nearest_grid
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
        inside = _inside(x, self.shown_px[1]) & _inside(y, self.shown_px[0])
        target = np.full(shape, OUTSIDE, dtype=np.uint32)
        pick = bilinear_points if smooth else nearest_points
        values = pick(self.levels[level], y[inside] / 2**level, x[inside] / 2**level)
        target[inside] = _patterns(values)
        covered = (slice(0, shape[0]), slice(0, shape[1]))
        return ResampledViewport(shape, covered, target, level)


def look_up(patterns: Patterns, table: npt.NDArray[Any], black: int = 0) -> Any:
    """What a table says of every pattern, in their shape; `black` for `OUTSIDE`.

    Arrow's look-up takes 16-bit indices as they are, where numpy wants them in 64 bits first:
    half the time over a quarter of the memory. The values are the same.

    Parameters
    ----------
    patterns : (h, w) uint16 or uint32
        As `ResampledViewport.patterns`.
    table : (65536,)
        Of any integer type, which is that of the values.
    """
    if patterns.size == 0:
        return np.empty(patterns.shape, dtype=table.dtype)
    with_outside = np.empty(OUTSIDE + 1, dtype=table.dtype)
    with_outside[:OUTSIDE] = table
    with_outside[OUTSIDE] = black
    taken = pc.call_function("take", [_arrow(with_outside), _arrow(patterns)], _TRUSTED)
    return np.frombuffer(taken.buffers()[1], dtype=table.dtype).reshape(patterns.shape)


def _arrow(values: npt.NDArray[Any]) -> pa.Array:
    """The same memory as an Arrow array; ``pa.array`` would look for pandas first, for .3 s."""
    kind = pa.from_numpy_dtype(values.dtype)
    return pa.Array.from_buffers(kind, values.size, [None, pa.py_buffer(values)])


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
        Written in place.
    """
    if out is None:
        out = np.empty(viewport.shape, dtype=np.uint8)
    if viewport.patterns.shape != viewport.shape:
        out[:] = 0
    out[viewport.covered] = look_up(viewport.patterns, table)
    return out


def _levels(stored: Stored) -> tuple[Stored, ...]:
    levels = [stored]
    while len(levels) < LEVELS and min(levels[-1].shape) > 1:
        levels.append(_halved(levels[-1]))
    return tuple(levels)


def _halved(stored: Stored) -> Any:
    """Means of 2 x 2 blocks, rounded; sums of four 16-bit values fit in 32."""
    height, width = stored.shape
    half = np.empty((-(-height // 2), -(-width // 2)), dtype=stored.dtype)

    def work(band: slice) -> None:
        for start in range(band.start, band.stop, _BLOCK_ROWS):
            stop = min(start + _BLOCK_ROWS, band.stop)
            block = stored[2 * start : 2 * stop]
            missing = [(0, size % 2) for size in block.shape]
            even = np.pad(block, missing, mode="edge") if np.any(missing) else block
            down = np.add(even[0::2], even[1::2], dtype=np.int32)
            sums = down[:, 0::2] + down[:, 1::2]
            sums += 2
            sums >>= 2
            half[start:stop] = sums

    in_bands(work, half.shape[0], stored.size)
    return half


def _is_axis_aligned(matrix: Float) -> bool:
    straight = matrix[0, 1] == matrix[1, 0] == 0.0
    turned = matrix[0, 0] == matrix[1, 1] == 0.0
    return bool((straight or turned) and matrix[2, 0] == matrix[2, 1] == 0.0)


def _inside(coordinate: Float, shown_px: slice) -> Mask:
    return np.asarray((coordinate >= shown_px.start) & (coordinate < shown_px.stop))


def _span(mask: Mask) -> slice:
    """The one run of True in a mask (coordinates along an axis are monotonic)."""
    found = np.flatnonzero(mask)
    return slice(int(found[0]), int(found[-1]) + 1)


def _patterns(values: Stored) -> npt.NDArray[np.uint16]:
    """Stored values as their 16-bit patterns, C-contiguous."""
    return np.ascontiguousarray(values).view(np.uint16)
