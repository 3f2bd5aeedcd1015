"""NT-Xent in closed form, and SimCLR learning."""

from __future__ import annotations

import math

import pytest
import torch

from tests.training.methods.reference import FIRST, SECOND
from training.methods import SimCLR, nt_xent
from training.networks.small_conv import SmallConv


@pytest.mark.parametrize("temperature", [0.1, 0.2, 1.0])
@pytest.mark.parametrize("n", [2, 5, 16])
def test_identical_views_and_orthogonal_others(n: int, temperature: float) -> None:
    views = torch.eye(n, dtype=torch.float64) * 3
    expected = math.log(1 + (2 * n - 2) * math.exp(-1 / temperature))
    assert nt_xent(views, views, temperature).item() == pytest.approx(expected, rel=1e-5)


def test_all_alike_is_chance() -> None:
    views = torch.ones(8, 4)
    assert nt_xent(views, views, 0.2).item() == pytest.approx(math.log(15), rel=1e-5)


def test_it_equals_the_sum_over_views_written_out() -> None:
    first, second = torch.randn(4, 6), torch.randn(4, 6)
    views = [v / v.norm() for v in torch.cat((first, second))]
    total = 0.0
    for i in range(8):
        others = [float(views[i] @ views[j]) / 0.3 for j in range(8) if j != i]
        positive = float(views[i] @ views[(i + 4) % 8]) / 0.3
        total += math.log(sum(math.exp(o) for o in others)) - positive
    assert nt_xent(first, second, 0.3).item() == pytest.approx(total / 8, rel=1e-5)


def test_scale_of_embeddings_does_not_matter() -> None:
    first, second = torch.randn(4, 6), torch.randn(4, 6)
    assert torch.allclose(nt_xent(first, second, 0.2), nt_xent(first * 7, second * 0.1, 0.2))


def test_the_loss_falls() -> None:
    torch.manual_seed(0)
    method = SimCLR(SmallConv(8), hidden=32, out=16)
    images = torch.rand(16, 1, 32, 32)
    optimizer = torch.optim.AdamW(method.parameters(), lr=2e-3)
    losses = []
    for _ in range(12):
        loss = method(images, images + 0.05 * torch.randn_like(images))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < losses[0] - 0.5
    assert method.embed(images).shape == (16, 16)


@pytest.mark.parametrize(
    ("temperature", "golden"),
    [(0.1, 2.06426470383422), (0.2, 1.4464807156043948), (0.5, 1.384247721066093)],
)
def test_it_is_what_lightly_computes(temperature: float, golden: float) -> None:
    assert nt_xent(FIRST, SECOND, temperature).item() == pytest.approx(golden, rel=1e-9)
