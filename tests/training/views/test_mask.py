"""The mask hides exactly its share, the least attended pixels first."""

from __future__ import annotations

import torch

from training.views.mask import BLOB_SIDE, least_attended, random_blobs


def test_the_least_attended_share_is_hidden() -> None:
    score = torch.arange(100.0).view(1, 10, 10)
    hidden = least_attended(score, torch.ones(1, 10, 10, dtype=torch.bool), 0.8)
    assert torch.equal(hidden.flatten(), torch.arange(100) < 80)


def test_pixels_that_show_nothing_are_hidden_first() -> None:
    score = torch.arange(100.0).view(1, 10, 10)
    showable = score < 50
    hidden = least_attended(score, showable, 0.8)
    assert hidden.sum() == 80
    assert (~hidden & showable).sum() == 20


def test_shares_none_and_all() -> None:
    score, all_shown = torch.rand(1, 4, 4), torch.ones(1, 4, 4, dtype=torch.bool)
    assert not least_attended(score, all_shown, 0.0).any()
    assert least_attended(score, all_shown, 1.0).all()


def test_blobs_are_smooth() -> None:
    blobs = random_blobs(torch.rand(3, BLOB_SIDE**2), (40, 60))
    assert blobs.shape == (3, 40, 60)
    assert blobs.diff(dim=2).abs().max() < 0.2
