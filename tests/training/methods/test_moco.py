"""MoCo's queue, its slow encoder, and its loss in closed form."""

from __future__ import annotations

import math

import pytest
import torch
import torch.nn.functional as F  # noqa: N812

from gazecore.errors import InvalidSettingError
from tests.training.methods.reference import FIRST, QUEUE, SECOND
from training.methods import MoCo
from training.methods.moco import queue_loss
from training.networks.small_conv import SmallConv


def moco(keys: int = 8, momentum: float = 0.9) -> MoCo:
    torch.manual_seed(0)
    return MoCo(SmallConv(8), keys=keys, momentum=momentum, hidden=16, out=8)


def test_the_loss_is_that_of_its_formula() -> None:
    method = moco()
    first, second = torch.rand(4, 1, 32, 32), torch.rand(4, 1, 32, 32)
    with torch.no_grad():
        query = F.normalize(method.embed(first), dim=1)
        key = F.normalize(method.key_encoder(second), dim=1)
    total = 0.0
    for q, k in zip(query, key, strict=True):
        positive = math.exp(float(q @ k) / 0.2)
        negatives = sum(math.exp(float(q @ old) / 0.2) for old in method.queue)
        total -= math.log(positive / (positive + negatives))
    assert method(first, second).item() == pytest.approx(total / 4, rel=1e-4)


def test_keys_enter_the_queue_after_the_loss_and_go_round() -> None:
    method = moco(keys=8)
    before = method.queue.clone()
    views = [torch.rand(4, 1, 32, 32) for _ in range(3)]
    method(views[0], views[0])
    assert int(method.pointer) == 4
    assert torch.equal(method.queue[4:], before[4:])
    assert not torch.equal(method.queue[:4], before[:4])
    method(views[1], views[1])
    assert int(method.pointer) == 0
    assert torch.allclose(method.queue.norm(dim=1), torch.ones(8))


def test_the_key_encoder_moves_by_momentum_and_never_learns() -> None:
    method = moco(momentum=0.75)
    with torch.no_grad():
        for weight in method.backbone.parameters():
            weight.add_(1.0)
    before = [k.clone() for k in method.key_encoder[0].parameters()]
    method(torch.rand(4, 1, 32, 32), torch.rand(4, 1, 32, 32)).backward()
    for old, new in zip(before, method.key_encoder[0].parameters(), strict=True):
        assert torch.allclose(new, old + 0.25, atol=1e-6)
        assert new.grad is None


def test_queue_and_pointer_are_saved() -> None:
    assert {"queue", "pointer"} <= moco().state_dict().keys()


def test_the_oldest_keys_are_replaced_in_order() -> None:
    method = moco(keys=8)
    for _ in range(2):
        method(torch.rand(4, 1, 32, 32), torch.rand(4, 1, 32, 32))
    before = method.queue.clone()
    third = torch.rand(4, 1, 32, 32)
    method(third, third)
    with torch.no_grad():
        key = F.normalize(method.key_encoder(third), dim=1)
    assert torch.allclose(method.queue[:4], key, atol=1e-6)
    assert torch.equal(method.queue[4:], before[4:])


@pytest.mark.parametrize("keys", [3, 6])
def test_a_queue_of_no_whole_batches_is_refused_before_anything_moves(keys: int) -> None:
    method = moco(keys=keys)
    before = {name: value.clone() for name, value in method.state_dict().items()}
    with pytest.raises(InvalidSettingError, match=f"keys is {keys}.*multiple of the batch, 4"):
        method(torch.rand(4, 1, 32, 32), torch.rand(4, 1, 32, 32))
    assert all(torch.equal(before[name], value) for name, value in method.state_dict().items())


def test_only_parameters_move_by_momentum() -> None:
    method = moco(momentum=0.5)
    statistics = dict(method.key_encoder.named_buffers())["0.layers.1.running_mean"]
    online = dict(method.backbone.named_buffers())["layers.1.running_mean"]
    online.fill_(100.0)
    method(torch.rand(4, 1, 32, 32), torch.rand(4, 1, 32, 32))
    assert statistics.abs().max() < 10


def test_the_loss_is_what_lightly_computes_with_its_bank() -> None:
    query, key, queue = (F.normalize(rows, dim=1) for rows in (FIRST, SECOND, QUEUE))
    assert queue_loss(query, key, queue, 0.2).item() == pytest.approx(2.920290851187416, rel=1e-9)
