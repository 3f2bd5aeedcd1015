"""Crops keep the prior of zooms, and enough attention by construction."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import kstest

from training.views.crop import (
    place_by_rejection,
    place_keeping,
    place_matching,
    place_uniformly,
    prior_half_sides,
)
from training.views.geometry import Box

CELLS = 24


def random(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.rand(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def masses(n: int, seed: int = 0) -> torch.Tensor:
    mass = random(n, CELLS, CELLS, seed=seed) ** 8
    return mass / mass.sum(dim=(1, 2), keepdim=True)


def mass_inside(mass: torch.Tensor, box: Box) -> torch.Tensor:
    center = (torch.arange(CELLS, dtype=torch.float64) * 2 + 1) / CELLS - 1
    in_x = (center - box.center_x[:, None]).abs() <= box.half_x[:, None]
    in_y = (center - box.center_y[:, None]).abs() <= box.half_y[:, None]
    return (mass * in_y[:, :, None] * in_x[:, None, :]).sum(dim=(1, 2))


@given(st.floats(0.2, 5.0), st.floats(0.05, 0.9), st.integers(0, 1000))
@settings(max_examples=40, deadline=None)
def test_the_prior_keeps_its_area_at_any_aspect(aspect: float, low: float, seed: int) -> None:
    uniform = random(50, 2, seed=seed)
    half_x, half_y = prior_half_sides(uniform, (low, 1.0), aspect)
    assert torch.allclose(half_x * half_y, low + uniform[:, 0] * (1 - low))
    assert (half_x <= 1).all()
    assert (half_y <= 1).all()


def test_the_ratio_is_log_uniform_on_square_images() -> None:
    half_x, half_y = prior_half_sides(random(2000, 2), (0.2, 0.5), 1.0)
    log_ratio = (half_x / half_y).log() / torch.tensor(4 / 3).log()
    assert kstest(log_ratio.numpy(), "uniform", args=(-1, 2)).pvalue > 0.01


def test_full_scale_is_exactly_the_whole_image() -> None:
    half_x, half_y = prior_half_sides(random(20, 2), (1.0, 1.0), 0.7)
    assert torch.equal(half_x, torch.ones(20, dtype=torch.float64))
    assert torch.equal(half_y, torch.ones(20, dtype=torch.float64))


@given(st.floats(0.1, 1.0), st.integers(0, 1000))
@settings(max_examples=40, deadline=None)
def test_crops_keep_enough_and_stay_on_the_canvas(keep: float, seed: int) -> None:
    mass = masses(20, seed)
    sides = prior_half_sides(random(20, 2, seed=seed), (0.05, 1.0), 1.0)
    crops = place_keeping(mass, keep, sides, random(20, 3, seed=seed + 1))
    assert crops.feasible.all()
    assert (mass_inside(mass, crops.box) >= keep - 1e-9).all()
    assert (crops.box.center_x.abs() + crops.box.half_x <= 1 + 1e-12).all()
    assert (crops.box.center_y.abs() + crops.box.half_y <= 1 + 1e-12).all()
    as_drawn = ~crops.grown
    assert torch.equal(crops.box.half_x[as_drawn], sides[0][as_drawn])


def test_growth_is_as_little_as_suffices() -> None:
    mass = torch.zeros(1, CELLS, CELLS, dtype=torch.float64)
    mass[0, 4, 4] = mass[0, 4, 15] = 0.5
    half = torch.tensor([0.2], dtype=torch.float64)
    crops = place_keeping(mass, 0.9, (half, half), random(1, 3))
    assert crops.grown.item()
    # 12 cells wide hold both spots; one bisection step may be added.
    assert 12 / CELLS <= crops.box.half_x.item() <= 12 / CELLS + 1 / CELLS + (1 / 2**5)


def test_nothing_to_keep_is_uniform_over_the_canvas() -> None:
    half = 0.3 + 0.4 * random(3000, seed=2)
    anything = torch.zeros(3000, 48, 48, dtype=torch.float64)
    crops = place_keeping(anything, 0.0, (half, half), random(3000, 3))
    # Cells make it slightly lumpy, most at the very edges.
    place = crops.box.center_x / (1 - half)
    assert kstest(place.numpy(), "uniform", args=(-1, 2)).statistic < 0.05


def test_a_canvas_that_lost_too_much_is_infeasible() -> None:
    half = torch.full((1,), 0.5, dtype=torch.float64)
    crops = place_keeping(masses(1) * 0.7, 0.8, (half, half), random(1, 3))
    assert not crops.feasible.item()
    assert not crops.grown.item()


def test_rejection_takes_the_first_that_passes_and_never_a_failing_one() -> None:
    mass = torch.zeros(2, CELLS, CELLS, dtype=torch.float64)
    mass[:, 2, 2] = 1
    half = torch.full((2, 3), 0.5, dtype=torch.float64)
    x = torch.tensor([[0.5, -0.5, -0.4], [0.5, 0.5, 0.5]], dtype=torch.float64) * 0.99
    sides = (half[:, 0], half[:, 0])
    otherwise = place_keeping(mass, 0.8, sides, random(2, 3))
    crops = place_by_rejection(mass, 0.8, Box(x, x, half, half), otherwise)
    assert crops.box.center_x[0].item() == pytest.approx(-0.495)
    assert crops.box.center_x[1].item() == otherwise.box.center_x[1].item()
    assert (mass_inside(mass, crops.box) >= 0.8).all()


def test_matching_moves_the_box_to_where_the_amount_is_the_same() -> None:
    amount = torch.zeros(200, CELLS, CELLS, dtype=torch.float64)
    amount[:, :, 6:18] = 1
    half = torch.full((200,), 0.25, dtype=torch.float64)
    crops = place_keeping(
        amount / amount.sum((1, 2), keepdim=True), 0.2, (half, half), random(200, 3)
    )
    wanted = mass_inside(amount, crops.box)
    moved = place_matching(amount, crops, random(200, 3, seed=9), tolerance=0.0)
    assert (moved.center_y - crops.box.center_y).abs().max() > 0.3
    # A box may hold one more row or column of cell centres than whole cells.
    assert (mass_inside(amount, moved) - wanted).abs().max() <= 7 + 7


def test_uniform_boxes_touch_the_edges_at_most() -> None:
    half = random(50)
    box = place_uniformly(half, half, random(50, 2, seed=1))
    assert (box.center_x.abs() + box.half_x <= 1 + 1e-12).all()
