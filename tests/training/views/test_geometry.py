"""Frames of views: rotation, crop and flip keep points and pixels together."""

from __future__ import annotations

import math

import pytest
import torch

from training.views.geometry import (
    Box,
    cell_of,
    full_box,
    is_inside,
    rotation,
    sampling_grid,
    source_points,
    to_canvas,
    to_view,
    view_to_source,
    warp,
)


def doubles(*values: float) -> torch.Tensor:
    return torch.tensor(values, dtype=torch.float64)


def test_a_quarter_turn_of_a_wide_image_keeps_pixels_square() -> None:
    # Half as high as wide: a step to the right edge is twice the image's half height.
    turned = rotation(doubles(math.pi / 2), 0.5)[0] @ doubles(1, 0)
    assert torch.allclose(turned, doubles(0, 2), atol=1e-12)


@pytest.mark.parametrize("aspect", [0.4, 1.0, 2.5])
def test_points_in_the_view_map_back_to_where_they_came_from(aspect: float) -> None:
    angle, flip = doubles(0.3, -0.7), doubles(1, -1)
    box = Box(doubles(0.1, -0.2), doubles(0, 0.3), doubles(0.5, 0.6), doubles(0.7, 0.4))
    points = source_points(5, 7, angle)
    in_view = to_view(to_canvas(points, angle, aspect), box, flip)
    theta = view_to_source(angle, box, flip, aspect)
    back = in_view @ theta[:, :, :2].transpose(1, 2) + theta[:, None, :, 2]
    assert torch.allclose(back, points.expand(2, -1, -1), atol=1e-12)


def test_identity_returns_the_image_bit_by_bit() -> None:
    images = torch.rand(2, 1, 11, 7)
    zero = torch.zeros(2)
    theta = view_to_source(zero, full_box(zero), zero + 1, 11 / 7)
    assert torch.equal(
        warp(images, theta, sampling_grid(theta, (11, 7)), zero.view(2, 1, 1, 1)), images
    )


def test_a_flip_mirrors_columns() -> None:
    images = torch.rand(1, 1, 6, 8)
    zero = torch.zeros(1)
    theta = view_to_source(zero, full_box(zero), zero - 1, 6 / 8)
    mirrored = warp(images, theta, sampling_grid(theta, (6, 8)), zero.view(1, 1, 1, 1))
    assert torch.allclose(mirrored, images.flip(3), atol=1e-5)


def test_outside_the_source_the_view_shows_the_fill() -> None:
    images, zero = torch.zeros(1, 1, 8, 8), torch.zeros(1)
    box = Box(zero + 2.5, zero, zero + 0.5, zero + 0.5)
    theta = view_to_source(zero, box, zero + 1, 1.0)
    grid = sampling_grid(theta, (4, 4))
    assert torch.equal(
        warp(images, theta, grid, torch.full((1, 1, 1, 1), 0.25)), torch.full((1, 1, 4, 4), 0.25)
    )
    assert not is_inside(grid).any()


def test_cells_are_row_major_from_the_top_left() -> None:
    points = torch.tensor([[[-0.9, -0.9], [0.9, -0.9], [-0.9, 0.9], [0.1, 0.1]]])
    assert cell_of(points, 2).tolist() == [[0, 1, 2, 3]]


def test_a_box_knows_its_area_and_can_be_replaced() -> None:
    small = Box(doubles(0, 0), doubles(0, 0), doubles(0.5, 0.5), doubles(0.5, 0.5))
    mixed = small.where(torch.tensor([True, False]), full_box(doubles(0, 0)))
    assert mixed.area.tolist() == [0.25, 1.0]
