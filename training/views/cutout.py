"""Gaze Cutout: a rectangle is covered where that costs little of the attention still visible.

The view is a grid of `CELLS` x `CELLS`; a cutout covers whole cells, so what it costs is exact.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from training.views.placement import TOLERANCE, choose, summed_area, window_sums

CELLS = 32
"""Cells per side of a view; sizes that are multiples of it are cut along pixel edges."""


@dataclass(frozen=True, slots=True)
class Cutouts:
    """Covered cells of each view, int64 (n,) each: first row and column, rows, columns.

    `shrunk` bool (n,): no position was cheap enough for the size drawn.
    """

    row: Tensor
    column: Tensor
    rows: Tensor
    columns: Tensor
    shrunk: Tensor

    def covers(self, row: Tensor, column: Tensor) -> Tensor:
        """Whether cells, given as rows and columns (n, ...), are covered."""
        extra = (1,) * (row.dim() - 1)
        first_row, first_column = self.row.view(-1, *extra), self.column.view(-1, *extra)
        below = row < first_row + self.rows.view(-1, *extra)
        right = column < first_column + self.columns.view(-1, *extra)
        return (row >= first_row) & below & (column >= first_column) & right


def draw_sides(uniform: Tensor, side: tuple[float, float] | None) -> tuple[Tensor, Tensor]:
    """Rows and columns of random cutouts, int64 (n,); `uniform` (n, 2)."""
    if side is None:
        nothing = torch.zeros(len(uniform), dtype=torch.long, device=uniform.device)
        return nothing, nothing
    sides = ((side[0] + uniform * (side[1] - side[0])) * CELLS).round().long()
    return sides[:, 0], sides[:, 1]


def place_sparing(
    mass: Tensor, allowance: Tensor, sides: tuple[Tensor, Tensor], uniform: Tensor
) -> Cutouts:
    """Cutouts at a uniformly drawn position among those that cost at most `allowance` (n,).

    Where there is none the rectangle shrinks cell by cell, at last to nothing.
    """
    table = summed_area(mass)
    rows, columns = (side.clone() for side in sides)
    limit = allowance[:, None, None] + TOLERANCE
    while True:
        sums, fits = window_sums(table, rows, columns)
        valid = fits & (sums <= limit)
        stuck = ~valid.flatten(1).any(dim=1)
        if not bool(stuck.any()):
            break
        rows = torch.where(stuck, (rows - 1).clamp(min=0), rows)
        columns = torch.where(stuck, (columns - 1).clamp(min=0), columns)
    row, column, _ = choose(valid, uniform)
    return Cutouts(row, column, rows, columns, rows < sides[0])


def place_covering(
    amount: Tensor, like: Cutouts, wanted: Tensor, uniform: Tensor, *, tolerance: float
) -> Cutouts:
    """Cutouts of the same sizes anywhere that covers `wanted` (n,), as nearly as can be."""
    sums, fits = window_sums(summed_area(amount), like.rows, like.columns)
    off = (sums - wanted[:, None, None]).abs().masked_fill(~fits, float("inf"))
    valid = off <= off.flatten(1).amin(dim=1)[:, None, None] + tolerance
    row, column, _ = choose(valid, uniform)
    return Cutouts(row, column, like.rows, like.columns, like.shrunk)


def amount_covered(amount: Tensor, cutouts: Cutouts) -> Tensor:
    """The sum of `amount` (n, CELLS, CELLS) under each cutout, (n,)."""
    cell = torch.arange(CELLS, device=amount.device)
    row, column = torch.meshgrid(cell, cell, indexing="ij")
    covered = cutouts.covers(row[None], column[None])
    return (amount * covered).sum(dim=(1, 2))
