"""What all methods share."""

from __future__ import annotations

import pytest
import torch

from training.methods import METHODS, ContrastiveMethod
from training.methods.protocol import projector
from training.networks.small_conv import SmallConv


@pytest.mark.parametrize("name", sorted(METHODS))
def test_every_method_takes_any_views_and_backbone(name: str) -> None:
    method = METHODS[name](SmallConv(8))
    loss = method(torch.rand(4, 1, 32, 24), torch.rand(4, 1, 32, 24))
    loss.backward()
    method.after_step(0.5)
    assert loss.dim() == 0
    assert method.embed(torch.rand(3, 1, 32, 24)).shape == (3, 64)


def test_a_projector_standardises_its_output() -> None:
    out = projector(6, 12, 4)(torch.randn(64, 6) + 5)
    assert torch.allclose(out.mean(dim=0), torch.zeros(4), atol=1e-5)
    assert torch.allclose(out.std(dim=0, correction=0), torch.ones(4), atol=1e-3)


def test_the_bare_protocol_says_so() -> None:
    bare = ContrastiveMethod()
    with pytest.raises(NotImplementedError):
        bare.embed(torch.zeros(1))
    with pytest.raises(NotImplementedError):
        bare(torch.zeros(1), torch.zeros(1))
    bare.after_step(0.0)
