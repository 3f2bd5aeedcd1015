"""Features of whole images."""

from __future__ import annotations

import numpy as np
import torch

from training.evaluation.features import features_of, settle_statistics
from training.networks.small_conv import SmallConv

IMAGES = (np.random.default_rng(0).random((300, 24, 24)) * 255).astype(np.uint8)


def test_features_do_not_depend_on_the_batch_and_leave_the_network_alone() -> None:
    network = SmallConv(8).train()
    before = {name: value.clone() for name, value in network.state_dict().items()}
    features = features_of(IMAGES, network, 32)
    assert features.shape == (300, 64)
    assert np.allclose(features[290:], features_of(IMAGES[290:], network, 32), atol=1e-5)
    assert network.training
    assert all(torch.equal(before[n], v) for n, v in network.state_dict().items())


def test_settled_statistics_are_those_of_the_images() -> None:
    network = SmallConv(8)
    settle_statistics(IMAGES[:64], network, 24)
    first = network.layers[0](torch.from_numpy(IMAGES[:64])[:, None].float() / 255 * 2 - 1)
    statistics = dict(network.named_buffers())
    assert torch.allclose(statistics["layers.1.running_mean"], first.mean(dim=(0, 2, 3)), atol=1e-5)
    momenta = [m.momentum for m in network.modules() if isinstance(m, torch.nn.BatchNorm2d)]
    assert momenta == [0.1] * 8
