"""Summed-area tables against plain loops."""

from __future__ import annotations

import torch

from training.views.placement import choose, splat, summed_area, window_sums


def test_window_sums_equal_plain_loops() -> None:
    grid = torch.rand(2, 6, 6, dtype=torch.float64)
    rows, columns = torch.tensor([2, 6]), torch.tensor([3, 0])
    sums, fits = window_sums(summed_area(grid), rows, columns)
    for n in range(2):
        for y in range(7):
            for x in range(7):
                h, w = int(rows[n]), int(columns[n])
                assert bool(fits[n, y, x]) == (y + h <= 6 and x + w <= 6)
                if fits[n, y, x]:
                    assert torch.isclose(sums[n, y, x], grid[n, y : y + h, x : x + w].sum())


def test_splat_adds_masses_in_their_cells() -> None:
    cell = torch.tensor([[0, 3, 3]])
    assert splat(cell, torch.tensor([[1.0, 2.0, 4.0]]), 2).tolist() == [[[1, 0], [0, 6]]]


def test_choose_takes_each_valid_start_equally_often_and_no_other() -> None:
    valid = torch.zeros(1, 3, 3, dtype=torch.bool)
    valid[0, 0, 2] = valid[0, 1, 1] = valid[0, 2, 0] = True
    uniform = (torch.arange(300) + 0.5) / 300
    row, column, found = choose(valid.expand(300, 3, 3), uniform)
    assert found.all()
    places, counts = torch.unique(row * 3 + column, return_counts=True)
    assert places.tolist() == [2, 4, 6]
    assert counts.tolist() == [100, 100, 100]


def test_choose_says_where_nothing_is_valid() -> None:
    row, column, found = choose(torch.zeros(1, 4, 4, dtype=torch.bool), torch.tensor([0.7]))
    assert (row.item(), column.item(), found.item()) == (0, 0, False)
