"""ResNet-18 has the size of the published one, less colour and classes."""

from __future__ import annotations

import torch

from training.networks.resnet import ResNet18


def test_parameters_and_features() -> None:
    network = ResNet18().eval()
    # 11,689,512 of the published network, less 1,000 classes and two input channels.
    expected = 11_689_512 - 513_000 - 2 * 64 * 49
    assert sum(p.numel() for p in network.parameters()) == expected
    assert network(torch.rand(1, 1, 64, 64)).shape == (1, 512)
