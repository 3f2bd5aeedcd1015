"""Gaze Crop: the zoom comes from the prior alone, attention only says where the crop may lie.

Rejection of random crops, as published, silently prefers weak zooms. Here the zoom and ratio are
drawn first; then a position uniformly among those that keep enough attention (exact, by a
summed-area table over the rotated map); only where there is none the box grows, just enough.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from training.views.geometry import Box
from training.views.placement import TOLERANCE, choose, summed_area, window_sums

_RATIO = (3 / 4, 4 / 3)
_BISECTIONS = 5


@dataclass(frozen=True, slots=True)
class Crops:
    """Placed crops.

    Attributes
    ----------
    box : Box
        On the canvas.
    row, column : Tensor
        First canvas cell wholly inside, int64 (n,).
    grown : Tensor
        bool (n,): no position kept enough for the size drawn, so the box was enlarged.
    feasible : Tensor
        bool (n,): False where not even the whole canvas keeps enough (its corners are lost).
    """

    box: Box
    row: Tensor
    column: Tensor
    grown: Tensor
    feasible: Tensor


def prior_half_sides(
    uniform: Tensor, scale: tuple[float, float], aspect: float
) -> tuple[Tensor, Tensor]:
    """Half sides of random crops: area uniform in `scale`, ratio log-uniform in 3/4..4/3.

    Where a ratio does not fit an elongated image the nearest one that fits is taken, so that the
    area is always the one drawn.

    Parameters
    ----------
    uniform : Tensor
        Random numbers in [0, 1), (n, 2).
    scale : tuple of float
        Share of the image's area.
    aspect : float
        Height over width of the image in pixels.
    """
    area = scale[0] + uniform[:, 0] * (scale[1] - scale[0])
    # Width over height in pixels r; the box fits where area / aspect <= r <= 1 / (area aspect).
    least, most = area / aspect, 1 / (area * aspect)
    low = torch.full_like(area, math.log(_RATIO[0])).clamp(least.log(), most.log())
    high = torch.full_like(area, math.log(_RATIO[1])).clamp(least.log(), most.log())
    ratio = (low + uniform[:, 1] * (high - low)).exp()
    half_x = (area * ratio * aspect).sqrt().clamp(max=1)
    half_x = torch.where(half_x > 1 - 1e-6, torch.ones_like(half_x), half_x).maximum(area)
    return half_x, area / half_x


def place_uniformly(half_x: Tensor, half_y: Tensor, uniform: Tensor) -> Box:
    """Boxes anywhere on the canvas; `uniform` (n, 2)."""
    center = 2 * uniform - 1
    return Box(center[:, 0] * (1 - half_x), center[:, 1] * (1 - half_y), half_x, half_y)


def place_keeping(
    mass: Tensor, keep: float, half_sides: tuple[Tensor, Tensor], uniform: Tensor
) -> Crops:
    """Boxes at a uniformly drawn position among those that keep enough mass.

    Parameters
    ----------
    mass : Tensor
        Attention on the canvas, (n, cells, cells), summing to at most one.
    keep : float
        Share of the mass that must stay inside.
    half_sides : tuple of Tensor
        Drawn sizes (n,) each.
    uniform : Tensor
        Random numbers (n, 3): which cell, and where in it.
    """
    table = summed_area(mass)
    half_x, half_y = half_sides
    valid = _valid_starts(table, keep, half_x, half_y)
    fits = valid.flatten(1).any(dim=1)
    feasible = fits | (table[:, -1, -1] >= keep - TOLERANCE)
    short = torch.nonzero(feasible & ~fits).squeeze(1)
    if len(short):
        grown_x, grown_y = _grow(table[short], keep, (half_x[short], half_y[short]))
        half_x, half_y = half_x.index_copy(0, short, grown_x), half_y.index_copy(0, short, grown_y)
        valid[short] = _valid_starts(table[short], keep, grown_x, grown_y)
    row, column, _ = choose(valid, uniform[:, 0])
    box = box_at(row, column, (half_x, half_y), uniform[:, 1:], mass.shape[1])
    return Crops(box, row, column, feasible & ~fits, feasible)


def place_matching(amount: Tensor, crops: Crops, uniform: Tensor, *, tolerance: float) -> Box:
    """The same boxes anywhere else that holds the same amount, within `tolerance`, uniformly.

    Parameters
    ----------
    amount : Tensor
        What to match, per canvas cell (n, cells, cells): here how much of the source is there.
    crops : Crops
        Where the boxes are.
    uniform : Tensor
        Random numbers (n, 3).
    tolerance : float
        In units of `amount`.
    """
    cells = amount.shape[1]
    rows, columns = _inner(crops.box.half_y, cells), _inner(crops.box.half_x, cells)
    sums, fits = window_sums(summed_area(amount), rows, columns)
    here = torch.arange(len(amount), device=amount.device)
    wanted = sums[here, crops.row, crops.column]
    valid = fits & ((sums - wanted[:, None, None]).abs() <= tolerance)
    row, column, _ = choose(valid, uniform[:, 0])
    return box_at(row, column, (crops.box.half_x, crops.box.half_y), uniform[:, 1:], cells)


def place_by_rejection(mass: Tensor, keep: float, candidates: Box, otherwise: Crops) -> Crops:
    """The first of several random crops that keeps enough, as published; else `otherwise`.

    `candidates` holds (n, tries) boxes. Unlike the published code a failing view is never used.
    """
    cells = mass.shape[1]
    table = summed_area(mass)
    first_x, stop_x = _inner_span(candidates.center_x, candidates.half_x, cells)
    first_y, stop_y = _inner_span(candidates.center_y, candidates.half_y, cells)

    def corner(y: Tensor, x: Tensor) -> Tensor:
        return table.flatten(1).gather(1, y * (cells + 1) + x)

    kept = (
        corner(stop_y, stop_x)
        - corner(first_y, stop_x)
        - corner(stop_y, first_x)
        + corner(first_y, first_x)
    )
    passes = kept >= keep - TOLERANCE
    first = passes.int().argmax(dim=1, keepdim=True)
    found = passes.any(dim=1)

    def take(values: Tensor) -> Tensor:
        return values.gather(1, first).squeeze(1)

    box = Box(
        take(candidates.center_x),
        take(candidates.center_y),
        take(candidates.half_x),
        take(candidates.half_y),
    ).where(found, otherwise.box)
    row = torch.where(found, take(first_y), otherwise.row)
    column = torch.where(found, take(first_x), otherwise.column)
    return Crops(box, row, column, ~found & otherwise.feasible, found | otherwise.feasible)


def box_at(
    row: Tensor, column: Tensor, half_sides: tuple[Tensor, Tensor], uniform: Tensor, cells: int
) -> Box:
    """Boxes whose first whole cells are given, at a random place within those cells."""
    center_x = _center(column, half_sides[0], uniform[:, 0], cells)
    center_y = _center(row, half_sides[1], uniform[:, 1], cells)
    return Box(center_x, center_y, *half_sides)


def _center(start: Tensor, half: Tensor, uniform: Tensor, cells: int) -> Tensor:
    length = half * cells
    low = (start + _inner(half, cells) - length).clamp(min=0)
    high = torch.minimum(start.to(length), cells - length)
    begin = low + uniform * (high - low).clamp(min=0)
    return (2 * begin + length) / cells - 1


def _inner(half: Tensor, cells: int) -> Tensor:
    """Whole cells that a box of that half side holds wherever it starts within a cell."""
    return (half * cells).floor().long()


def _inner_span(center: Tensor, half: Tensor, cells: int) -> tuple[Tensor, Tensor]:
    """First and one past the last cell wholly inside each box."""
    first = ((center - half + 1) * (cells / 2)).ceil().long().clamp(0, cells)
    stop = ((center + half + 1) * (cells / 2)).floor().long().clamp(0, cells)
    return first, torch.maximum(first, stop)


def _valid_starts(table: Tensor, keep: float, half_x: Tensor, half_y: Tensor) -> Tensor:
    cells = table.shape[1] - 1
    sums, fits = window_sums(table, _inner(half_y, cells), _inner(half_x, cells))
    return fits & (sums >= keep - TOLERANCE)


def _grow(table: Tensor, keep: float, half_sides: tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor]:
    """Half sides enlarged towards the whole canvas as little as suffices (to one part in 2^5)."""

    def grown(share: Tensor) -> tuple[Tensor, Tensor]:
        half_x, half_y = (half + (1 - half) * share for half in half_sides)
        return half_x, half_y

    low, high = torch.zeros_like(half_sides[0]), torch.ones_like(half_sides[0])
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        enough = _valid_starts(table, keep, *grown(middle)).flatten(1).any(dim=1)
        low, high = torch.where(enough, low, middle), torch.where(enough, middle, high)
    return grown(high)
