"""All presets take the same numbers from a generator."""

from __future__ import annotations

import torch

from training.views.draws import TRIES, draw


def test_draws_are_named_and_repeatable() -> None:
    first = draw(3, torch.Generator().manual_seed(1), torch.device("cpu"))
    again = draw(3, torch.Generator().manual_seed(1), torch.device("cpu"))
    assert first.candidates.shape == (3, TRIES * 4)
    assert torch.equal(first.blob, again.blob)
    assert first.angle.dtype == torch.float64


def test_without_a_generator_the_global_one_is_used() -> None:
    torch.manual_seed(5)
    first = draw(2, None, torch.device("cpu"))
    torch.manual_seed(5)
    assert torch.equal(first.angle, draw(2, None, torch.device("cpu")).angle)
