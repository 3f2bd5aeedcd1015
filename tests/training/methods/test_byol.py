"""BYOL's distance and its target network."""

from __future__ import annotations

import math

import pytest
import torch
import torch.nn.functional as F  # noqa: N812

from training.methods import BYOL
from training.networks.small_conv import SmallConv


def byol(momentum: float = 0.9) -> BYOL:
    torch.manual_seed(0)
    return BYOL(SmallConv(8), momentum=momentum, hidden=16, out=8)


def test_the_loss_is_the_mean_of_both_directions() -> None:
    method = byol()
    first, second = torch.rand(4, 1, 32, 32), torch.rand(4, 1, 32, 32)
    with torch.no_grad():
        total = 0.0
        for online, other in ((first, second), (second, first)):
            predicted = F.normalize(method.prediction_head(method.embed(online)), dim=1)
            wanted = F.normalize(method.target(other), dim=1)
            total += float((2 - 2 * (predicted * wanted).sum(dim=1)).mean())
    assert method(first, second).item() == pytest.approx(total / 2, rel=1e-4)


def test_the_target_never_gets_a_gradient_but_its_own_statistics() -> None:
    method = byol()
    statistics = dict(method.target.named_buffers())["0.layers.1.running_mean"]
    before = statistics.clone()
    method(torch.rand(4, 1, 32, 32), torch.rand(4, 1, 32, 32)).backward()
    assert all(p.grad is None for p in method.target.parameters())
    assert not torch.equal(statistics, before)
    assert all(p.grad is not None for p in method.prediction_head.parameters())


@pytest.mark.parametrize("done", [0.0, 0.5, 1.0])
def test_momentum_rises_to_one_as_a_cosine(done: float) -> None:
    method = byol(momentum=0.9)
    with torch.no_grad():
        for weight in method.backbone.parameters():
            weight.add_(1.0)
    before = [p.clone() for p in method.target[0].parameters()]
    method.after_step(done)
    moved = 0.1 * (math.cos(math.pi * done) + 1) / 2
    for old, new in zip(before, method.target[0].parameters(), strict=True):
        assert torch.allclose(new - old, torch.full_like(new, moved), atol=1e-6)
