"""Predicted maps have the images' shape and sum to one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch

import training
from training.networks.saved import Card, save_network
from training.networks.unet import UNet

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def model(tmp_path: Path) -> Path:
    card = Card("predictor", "unet", 32, True, {"width": 8})
    save_network(UNet(8), card, tmp_path / "predictor.safetensors")
    return tmp_path


def test_arrays_and_tensors_of_any_size(model: Path) -> None:
    gray = (np.random.default_rng(0).random((3, 50, 40)) * 255).astype(np.uint8)
    maps = training.predict_attention(model, gray)
    assert maps.shape == (3, 50, 40)
    assert maps.dtype == np.float32
    assert np.allclose(maps.sum(axis=(1, 2)), 1, atol=1e-4)
    tensors = training.predict_attention(model, torch.from_numpy(gray)[:, None] / 255)
    assert torch.allclose(tensors[:, 0], torch.from_numpy(maps), atol=1e-7)


def test_a_module_is_used_as_it_is_and_left_as_it_was() -> None:
    network = UNet(8).train()
    maps = training.predict_attention(network, torch.rand(2, 1, 48, 32))
    assert maps.shape == (2, 1, 48, 32)
    assert network.training


def test_no_images_give_no_maps(model: Path) -> None:
    assert training.predict_attention(model, torch.zeros(0, 1, 32, 32)).shape == (0, 1, 32, 32)
