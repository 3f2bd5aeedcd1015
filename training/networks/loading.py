"""Trained backbones and predictors, ready to use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from training.networks.backbones import make_backbone
from training.networks.saved import find_network, load_weights, read_card
from training.networks.unet import UNet

if TYPE_CHECKING:
    from pathlib import Path

    from torch import nn


def load_backbone(path: Path | str) -> nn.Module:
    """The backbone saved by a pre-training run, in eval mode on the CPU.

    Parameters
    ----------
    path : Path or str
        A run's folder, or its ``backbone.safetensors``.

    Returns
    -------
    nn.Module
        Images (n, 1, h, w) in 0..1 to features (n, ``module.features``).
    """
    weights = find_network(path, "backbone")
    backbone = make_backbone(read_card(weights, "backbone").network)
    load_weights(backbone, weights)
    return backbone.eval()


def load_predictor(path: Path | str) -> tuple[UNet, int]:
    """The attention predictor of a run, in eval mode on the CPU, and the side of its images."""
    weights = find_network(path, "predictor")
    card = read_card(weights, "predictor")
    network = UNet(int(card.trained_with.get("width", 16)))
    load_weights(network, weights)
    return network.eval(), card.size_px
