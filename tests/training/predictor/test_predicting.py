"""Predicted maps have the images' shape and sum to one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch

import training
from gazecore.errors import InvalidSettingError
from training.networks.saved import Card, save_network
from training.networks.unet import UNet

if TYPE_CHECKING:
    from pathlib import Path

    from torch import Tensor


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
    assert training.predict_attention(model, np.zeros((0, 32, 32), np.uint8)).shape == (0, 32, 32)


def test_floating_arrays_are_taken_as_they_are(model: Path) -> None:
    gray = (np.random.default_rng(0).random((2, 40, 40)) * 255).astype(np.uint8)
    expected = training.predict_attention(model, gray)
    scaled = gray.astype(np.float32) / np.float32(255)
    for kind in (np.float32, np.float64, np.dtype(">f4")):
        maps: Any = training.predict_attention(model, scaled.astype(kind))
        assert maps.dtype == np.float32
        assert np.allclose(maps, expected, atol=1e-8)
    tensors = training.predict_attention(model, torch.from_numpy(gray)[:, None])
    assert np.allclose(tensors[:, 0].numpy(), expected, atol=1e-8)


@pytest.mark.parametrize(
    "images",
    [
        np.zeros((2, 32, 32), np.uint16),
        np.zeros((2, 32, 32), np.int64),
        np.zeros((2, 32, 32), np.bool_),
        np.zeros((32, 32), np.uint8),
        np.zeros((2, 1, 32, 32), np.float32),
        np.zeros((2, 0, 32), np.float32),
        torch.zeros(2, 32, 32),
        torch.zeros(2, 3, 32, 32),
        torch.zeros(2, 1, 32, 32, dtype=torch.long),
    ],
    ids=lambda images: f"{type(images).__name__} {images.dtype} {tuple(images.shape)}",
)
def test_other_images_are_refused_in_one_way(model: Path, images: Any) -> None:
    with pytest.raises(InvalidSettingError, match=r"array \(n, h, w\) or a tensor \(n, 1, h, w\)"):
        training.predict_attention(model, images)


class Elsewhere(torch.nn.Module):
    """Has its weights on another device, and answers from the CPU."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = torch.nn.Parameter(torch.zeros(1, device="meta"))
        self.devices: list[torch.device] = []

    def forward(self, images: Tensor) -> Tensor:
        self.devices.append(images.device)
        return torch.zeros(images.shape)


def test_batches_go_to_the_networks_device_and_maps_come_back() -> None:
    network = Elsewhere()
    maps = training.predict_attention(network, torch.rand(70, 1, 16, 16))
    assert network.devices == [torch.device("meta")] * 2
    assert maps.device == torch.device("cpu")
    assert torch.allclose(maps, torch.full_like(maps, 1 / 256))
