"""The predictor's loss in closed form."""

from __future__ import annotations

import math

import pytest
import torch

from training.predictor.loss import attention_loss, correlation


def test_a_perfect_map_costs_nothing() -> None:
    maps = torch.rand(2, 1, 8, 8)
    maps /= maps.sum(dim=(2, 3), keepdim=True)
    assert attention_loss(maps.log(), maps).item() == pytest.approx(0, abs=1e-5)


def test_a_flat_prediction_of_one_spot() -> None:
    maps = torch.zeros(1, 1, 4, 4)
    maps[0, 0, 1, 2] = 1
    # Divergence log 16, correlation 0.
    assert attention_loss(torch.zeros(1, 1, 4, 4), maps).item() == pytest.approx(math.log(16) + 1)


def test_correlation_is_that_of_pearson() -> None:
    a, b = torch.rand(3, 50), torch.rand(3, 50)
    for i in range(3):
        expected = torch.corrcoef(torch.stack((a[i], b[i])))[0, 1]
        assert correlation(a, b)[i].item() == pytest.approx(expected.item(), abs=1e-5)
    assert correlation(torch.ones(1, 9), torch.rand(1, 9)).item() == pytest.approx(0, abs=1e-5)
