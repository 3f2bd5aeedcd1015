"""The small backbone."""

from __future__ import annotations

import torch

from training.networks.small_conv import SmallConv


def test_eight_convolutions_and_features_of_any_size() -> None:
    network = SmallConv(8)
    assert sum(isinstance(m, torch.nn.Conv2d) for m in network.modules()) == 8
    assert network(torch.rand(2, 1, 64, 48)).shape == (2, network.features) == (2, 64)
