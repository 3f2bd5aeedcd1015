"""BYOL's distance and its target network."""

from __future__ import annotations

import math

import pytest
import torch
import torch.nn.functional as F  # noqa: N812

from tests.training.methods.reference import FIRST, SECOND
from training.methods import BYOL
from training.methods.byol import cosine_distance
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


def test_the_distance_is_what_lightly_computes() -> None:
    golden = 2 + 2 * -0.6844082250674768
    assert cosine_distance(FIRST, SECOND).item() == pytest.approx(golden, rel=1e-9)


def test_the_target_moves_as_in_lightly_and_its_statistics_do_not() -> None:
    method = byol(momentum=0.99).double()
    source = dict(method.named_parameters())["projector.0.weight"]
    moved = dict(method.target.named_parameters())["1.0.weight"]
    with torch.no_grad():
        source[:5, :6], moved[:5, :6] = FIRST, SECOND
    statistics = {name: b.clone() for name, b in method.target.named_buffers()}
    method.after_step(0.0)
    golden = [0.8852504885274344, 0.3407312429226029, -0.973053177897531]
    assert moved[0, :3].tolist() == pytest.approx(golden, rel=1e-9)
    for name, buffer in method.target.named_buffers():
        assert torch.equal(buffer, statistics[name])


def test_the_target_stands_still_until_after_the_optimiser() -> None:
    method = byol()
    before = [p.clone() for p in method.target.parameters()]
    optimizer = torch.optim.SGD((p for p in method.parameters() if p.requires_grad), lr=0.5)
    method(torch.rand(4, 1, 32, 32), torch.rand(4, 1, 32, 32)).backward()
    optimizer.step()
    pairs = list(zip(before, method.target.parameters(), strict=True))
    assert all(torch.equal(old, new) for old, new in pairs)
    method.after_step(0.0)
    assert not all(torch.equal(old, new) for old, new in pairs)
    assert method.target.training
