"""Brightness and contrast stay within their range and leave 0 strength alone."""

from __future__ import annotations

import torch

from training.views.intensity import change_intensity


def test_no_strength_changes_nothing() -> None:
    views = torch.rand(2, 1, 5, 5)
    assert change_intensity(views, torch.rand(2, 2), brightness=0, contrast=0) is views


def test_brightness_scales_about_zero() -> None:
    views = torch.full((1, 1, 2, 2), 0.5)
    brighter = change_intensity(views, torch.tensor([[1.0, 0.5]]), brightness=0.2, contrast=0.8)
    assert torch.allclose(brighter, torch.full_like(views, 0.6))


def test_contrast_scales_about_the_mean() -> None:
    views = torch.tensor([0.4, 0.6]).view(1, 1, 1, 2)
    flat = change_intensity(views, torch.tensor([[0.5, 0.0]]), brightness=0.2, contrast=0.5)
    assert torch.allclose(flat.flatten(), torch.tensor([0.45, 0.55]))


def test_results_stay_in_range() -> None:
    changed = change_intensity(
        torch.rand(50, 1, 4, 4), torch.rand(50, 2), brightness=0.9, contrast=0.9
    )
    assert changed.min() >= 0
    assert changed.max() <= 1
