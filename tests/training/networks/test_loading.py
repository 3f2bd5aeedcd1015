"""Trained networks by path."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import torch

import training
from gazecore.errors import MissingPathError
from training.networks.loading import load_predictor
from training.networks.saved import Card, save_network
from training.networks.small_conv import SmallConv
from training.networks.unet import UNet

if TYPE_CHECKING:
    from pathlib import Path


def test_a_backbone_computes_the_same_features_again(tmp_path: Path) -> None:
    network, images = SmallConv(8).eval(), torch.rand(2, 1, 32, 32)
    save_network(network, Card("backbone", "tiny", 32, False), tmp_path / "backbone.safetensors")
    loaded = training.load_backbone(tmp_path)
    assert not loaded.training
    assert torch.equal(loaded(images), network(images))


def test_a_predictor_knows_its_width_and_size(tmp_path: Path) -> None:
    card = Card("predictor", "unet", 48, True, {"width": 8})
    save_network(UNet(8), card, tmp_path / "predictor.safetensors")
    network, size = load_predictor(tmp_path / "predictor.safetensors")
    assert size == 48
    assert network(torch.rand(1, 1, 48, 48)).shape == (1, 1, 48, 48)


def test_nothing_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(MissingPathError, match="backbone"):
        training.load_backbone(tmp_path)


def test_the_package_has_no_other_names() -> None:
    with pytest.raises(AttributeError, match="train_everything"):
        training.__getattr__("train_everything")
