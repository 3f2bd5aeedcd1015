"""Cutouts cost little of the attention, by construction."""

from __future__ import annotations

import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from training.views.cutout import (
    CELLS,
    Cutouts,
    amount_covered,
    draw_sides,
    place_covering,
    place_sparing,
)


def random(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.rand(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


@given(st.floats(0.0, 0.5), st.integers(0, 1000))
@settings(max_examples=30, deadline=None)
def test_a_cutout_costs_no_more_than_allowed(allowance: float, seed: int) -> None:
    mass = random(8, CELLS, CELLS, seed=seed) ** 6
    mass /= mass.sum(dim=(1, 2), keepdim=True)
    sides = draw_sides(random(8, 2, seed=seed), (0.2, 0.6))
    spare = torch.full((8,), allowance, dtype=torch.float64)
    cutouts = place_sparing(mass, spare, sides, random(8, seed=seed + 1))
    assert (amount_covered(mass, cutouts) <= allowance + 1e-9).all()
    drawn = ~cutouts.shrunk
    assert torch.equal(cutouts.rows[drawn], sides[0][drawn])
    assert (cutouts.row + cutouts.rows <= CELLS).all()
    assert (cutouts.column + cutouts.columns <= CELLS).all()


def test_with_nothing_to_spare_the_cutout_shrinks_to_nothing() -> None:
    mass = torch.ones(1, CELLS, CELLS, dtype=torch.float64)
    cutouts = place_sparing(mass, torch.zeros(1), draw_sides(random(1, 2), (0.3, 0.3)), random(1))
    assert cutouts.shrunk.item()
    assert amount_covered(mass, cutouts).item() == 0


def test_no_sides_cut_nothing() -> None:
    rows, columns = draw_sides(random(3, 2), None)
    assert rows.tolist() == columns.tolist() == [0, 0, 0]


def test_covers_is_half_open() -> None:
    one = torch.tensor([1])
    cutouts = Cutouts(one, one, one * 2, one * 2, one < 0)
    cell = torch.arange(4)
    assert cutouts.covers(cell[None], torch.ones(1, 4).long()).tolist() == [
        [False, True, True, False]
    ]


def test_covering_finds_a_place_that_covers_as_much() -> None:
    amount = torch.zeros(50, CELLS, CELLS, dtype=torch.float64)
    amount[:, :, :16] = 1
    sides = (torch.full((50,), 8), torch.full((50,), 8))
    like = place_sparing(amount, torch.full((50,), float("inf")), sides, random(50))
    wanted = torch.full((50,), 32.0, dtype=torch.float64)
    moved = place_covering(amount, like, wanted, random(50, seed=4), tolerance=0.0)
    assert torch.equal(amount_covered(amount, moved), wanted)
    assert len(set(moved.row.tolist())) > 5
