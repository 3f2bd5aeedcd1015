"""ResNet-18 for grayscale images (He et al., "Deep Residual Learning", CVPR 2016)."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import torch.nn.functional as F  # noqa: N812
from torch import nn

if TYPE_CHECKING:
    from torch import Tensor


class _Block(nn.Module):
    """Two 3x3 convolutions around which the input is added."""

    def __init__(self, channels: int, out: int, stride: int) -> None:
        super().__init__()
        self.residual = nn.Sequential(
            nn.Conv2d(channels, out, 3, stride, 1, bias=False),
            nn.BatchNorm2d(out),
            nn.ReLU(inplace=True),
            nn.Conv2d(out, out, 3, 1, 1, bias=False),
            nn.BatchNorm2d(out),
        )
        self.shortcut: nn.Module = nn.Identity()
        if stride != 1 or channels != out:
            self.shortcut = nn.Sequential(
                nn.Conv2d(channels, out, 1, stride, bias=False), nn.BatchNorm2d(out)
            )

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.residual(x) + self.shortcut(x), inplace=True)


class ResNet18(nn.Module):
    """Stem and four stages of two blocks; features (n, 512) of images (n, 1, h, w) in 0..1."""

    def __init__(self) -> None:
        super().__init__()
        self.features = 512
        stem = [nn.Conv2d(1, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64), nn.ReLU(inplace=True)]
        blocks: list[nn.Module] = []
        channels = 64
        for stage, out in enumerate((64, 128, 256, 512)):
            blocks += [_Block(channels, out, 1 if stage == 0 else 2), _Block(out, out, 1)]
            channels = out
        self.layers = nn.Sequential(*stem, nn.MaxPool2d(3, 2, 1), *blocks)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")

    def forward(self, images: Tensor) -> Tensor:
        """Features (n, 512)."""
        return cast("Tensor", self.layers(images * 2 - 1)).mean(dim=(2, 3))
