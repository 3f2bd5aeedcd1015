"""Backbones by name: images (n, 1, h, w) in 0..1 to features (n, features)."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from gazecore.errors import InvalidSettingError
from training.networks.resnet import ResNet18
from training.networks.small_conv import SmallConv

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import nn

BACKBONES: dict[str, Callable[[], nn.Module]] = {
    "tiny": partial(SmallConv, 8),
    "small": SmallConv,
    "resnet18": ResNet18,
}


def make_backbone(name: str) -> nn.Module:
    """A freshly initialised backbone; its attribute ``features`` is the width of its output.

    Raises
    ------
    InvalidSettingError
        No backbone has that name.
    """
    if name not in BACKBONES:
        raise InvalidSettingError("backbone", name, "one of " + ", ".join(BACKBONES))
    return BACKBONES[name]()
