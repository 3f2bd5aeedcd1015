"""Exact sets of valid positions for a rectangle over a map, by summed-area tables.

Maps are grids of cells x cells; a rectangle of (n,) rows and columns of cells starts at each of
the (cells + 1)^2 grid corners, those that would leave the grid being invalid.
"""

from __future__ import annotations

import torch
from torch import Tensor

TOLERANCE = 1e-9
"""Slack of a threshold on sums of float64."""


def splat(cell: Tensor, mass: Tensor, cells: int) -> Tensor:
    """Sum `mass` (n, p) into the cells (n, p) it lies in: (n, cells, cells)."""
    grid = mass.new_zeros((len(mass), cells * cells))
    return grid.scatter_add_(1, cell, mass).view(-1, cells, cells)


def summed_area(grid: Tensor) -> Tensor:
    """Sums over all rectangles from the top left corner, (n, cells + 1, cells + 1)."""
    table = grid.new_zeros((len(grid), grid.shape[1] + 1, grid.shape[2] + 1))
    table[:, 1:, 1:] = grid.cumsum(1).cumsum(2)
    return table


def window_sums(table: Tensor, rows: Tensor, columns: Tensor) -> tuple[Tensor, Tensor]:
    """The sum under a rectangle at every start, and which starts keep it on the grid.

    Parameters
    ----------
    table : Tensor
        `summed_area` of the maps, (n, cells + 1, cells + 1).
    rows, columns : Tensor
        Size of each map's rectangle in cells, int64 (n,).

    Returns
    -------
    sums : Tensor
        (n, cells + 1, cells + 1); meaningless where not on the grid.
    fits : Tensor
        bool, same shape.
    """
    last = table.shape[1] - 1
    start = torch.arange(last + 1, device=table.device)
    stop_y, stop_x = start + rows[:, None], start + columns[:, None]
    below = table.gather(1, stop_y.clamp(max=last)[:, :, None].expand_as(table))
    strips = below - table
    right = strips.gather(2, stop_x.clamp(max=last)[:, None, :].expand_as(table))
    fits = (stop_y <= last)[:, :, None] & (stop_x <= last)[:, None, :]
    return right - strips, fits


def choose(valid: Tensor, uniform: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """One valid start per map, uniformly.

    Parameters
    ----------
    valid : Tensor
        bool (n, starts, starts).
    uniform : Tensor
        Random numbers in [0, 1), (n,).

    Returns
    -------
    row, column : Tensor
        int64 (n,); 0 where no start is valid.
    found : Tensor
        bool (n,).
    """
    flat = valid.flatten(1)
    rank = flat.cumsum(1)
    count = rank[:, -1]
    wanted = (uniform * count).long().clamp(max=(count - 1).clamp(min=0)) + 1
    index = torch.searchsorted(rank, wanted[:, None]).squeeze(1)
    index = torch.where(count > 0, index, torch.zeros_like(index))
    starts = valid.shape[2]
    return index // starts, index % starts, count > 0


def least_feasible(feasible: Tensor) -> Tensor:
    """Index of the first True along dim 1 of (n, steps); `steps` where there is none."""
    steps = feasible.shape[1]
    order = torch.arange(steps, device=feasible.device)
    return torch.where(feasible, order, steps).amin(dim=1)
