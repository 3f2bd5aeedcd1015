"""A plain U-Net, four times down and four times up (Ronneberger et al., MICCAI 2015)."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import torch
import torch.nn.functional as F  # noqa: N812
from torch import nn

if TYPE_CHECKING:
    from torch import Tensor

LEVELS = 4


class UNet(nn.Module):
    """Images (n, 1, h, w) to maps (n, 1, h, w) of logits, any size of at least 16 px.

    Parameters
    ----------
    width : int
        Channels of the finest level; doubled at each level down, at most eight times.
    """

    def __init__(self, width: int = 16) -> None:
        super().__init__()
        widths = [width * min(2**level, 8) for level in range(LEVELS + 1)]
        self.down = nn.ModuleList(
            [_double(a, b) for a, b in zip([1, *widths], widths, strict=False)]
        )
        self.up = nn.ModuleList(
            [_double(widths[i + 1] + widths[i], widths[i]) for i in reversed(range(LEVELS))]
        )
        self.head = nn.Conv2d(width, 1, 1)

    def forward(self, images: Tensor) -> Tensor:
        """Logits of attention; a softmax over all pixels makes them a map that sums to one."""
        x = images * 2 - 1
        skipped: list[Tensor] = []
        for level, block in enumerate(self.down):
            x = block(F.max_pool2d(x, 2) if level else x)
            skipped.append(x)
        skipped.pop()
        for block in self.up:
            beside = skipped.pop()
            larger = F.interpolate(x, size=beside.shape[2:], mode="bilinear", align_corners=False)
            x = block(torch.cat((larger, beside), dim=1))
        return cast("Tensor", self.head(x))


def _double(channels: int, out: int) -> nn.Sequential:
    """Two convolutions; group norm, because attention sets are small and so are batches."""
    return nn.Sequential(
        nn.Conv2d(channels, out, 3, padding=1, bias=False),
        nn.GroupNorm(8, out),
        nn.ReLU(inplace=True),
        nn.Conv2d(out, out, 3, padding=1, bias=False),
        nn.GroupNorm(8, out),
        nn.ReLU(inplace=True),
    )
