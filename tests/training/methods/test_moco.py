"""MoCo's queue, its slow encoder, and its loss in closed form."""

from __future__ import annotations

import math

import pytest
import torch
import torch.nn.functional as F  # noqa: N812

from gazecore.errors import InvalidSettingError
from training.methods import MoCo
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


def test_keys_go_round_a_queue_that_is_no_multiple_of_the_batch() -> None:
    method = moco(keys=6)
    views = [torch.rand(4, 1, 32, 32) for _ in range(3)]
    pointers, entered = [], []
    for view in views:
        before = method.queue.clone()
        method(view, view)
        entered.append([i for i in range(6) if not torch.equal(before[i], method.queue[i])])
        pointers.append(int(method.pointer))
    assert entered == [[0, 1, 2, 3], [0, 1, 4, 5], [2, 3, 4, 5]]
    assert pointers == [4, 2, 0]


def test_the_oldest_keys_are_replaced_in_order() -> None:
    method = moco(keys=6)
    method(torch.rand(4, 1, 32, 32), torch.rand(4, 1, 32, 32))
    second = torch.rand(4, 1, 32, 32)
    method(second, second)
    with torch.no_grad():
        key = F.normalize(method.key_encoder(second), dim=1)
    assert torch.allclose(method.queue[[4, 5, 0, 1]], key, atol=1e-6)


def test_a_batch_that_the_queue_cannot_hold_is_refused_before_anything_moves() -> None:
    method = moco(keys=3)
    before = {name: value.clone() for name, value in method.state_dict().items()}
    with pytest.raises(InvalidSettingError, match="keys is 3"):
        method(torch.rand(4, 1, 32, 32), torch.rand(4, 1, 32, 32))
    assert all(torch.equal(before[name], value) for name, value in method.state_dict().items())
