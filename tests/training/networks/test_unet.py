"""The U-Net keeps the size of its input."""

from __future__ import annotations

import pytest
import torch

from training.networks.unet import UNet


@pytest.mark.parametrize("size", [(16, 16), (64, 48), (33, 50)])
def test_output_has_the_size_of_the_input(size: tuple[int, int]) -> None:
    assert UNet(8)(torch.rand(1, 1, *size)).shape == (1, 1, *size)


def test_four_levels_down_and_up() -> None:
    network = UNet(8)
    assert (len(network.down), len(network.up)) == (5, 4)


def test_every_weight_learns() -> None:
    network = UNet(8)
    network(torch.rand(1, 1, 32, 32)).square().mean().backward()
    assert all(p.grad is not None for p in network.parameters())
