"""Backbones by name."""

from __future__ import annotations

import pytest
import torch

from gazecore.errors import InvalidSettingError
from training.networks.backbones import BACKBONES, make_backbone


@pytest.mark.parametrize("name", sorted(BACKBONES))
def test_features_are_as_wide_as_announced(name: str) -> None:
    backbone = make_backbone(name).eval()
    assert backbone(torch.rand(1, 1, 32, 32)).shape == (1, backbone.features)


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(InvalidSettingError, match="resnet18"):
        make_backbone("vgg")
