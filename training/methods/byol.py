"""BYOL: one network predicts what its slowly moving average says of the other view.

Grill et al., "Bootstrap Your Own Latent", NeurIPS 2020.
"""

from __future__ import annotations

import copy
import math
from typing import TYPE_CHECKING, cast

import torch
import torch.nn.functional as F  # noqa: N812
from torch import nn

from training.methods.protocol import ContrastiveMethod, mlp, projector

if TYPE_CHECKING:
    from torch import Tensor


def cosine_distance(predicted: Tensor, wanted: Tensor) -> Tensor:
    """Mean of ``2 - 2 cos`` over the rows of two (n, d): 0 where alike, 4 where opposed."""
    return (2 - 2 * F.cosine_similarity(predicted, wanted, dim=1)).mean()


class BYOL(ContrastiveMethod):
    """BYOL around any backbone; no negatives.

    Parameters
    ----------
    backbone : nn.Module
        With an attribute ``features``.
    momentum : float
        Of the target network at the start; rises to 1 as a cosine.
    hidden, out : int
        Widths of projector and prediction head.
    """

    def __init__(
        self, backbone: nn.Module, *, momentum: float = 0.99, hidden: int = 128, out: int = 64
    ) -> None:
        super().__init__()
        self.backbone = backbone
        self.projector = projector(cast("int", backbone.features), hidden, out)
        self.prediction_head = mlp(out, hidden, out)
        self.target = copy.deepcopy(nn.Sequential(self.backbone, self.projector))
        self.target.requires_grad_(requires_grad=False)
        self.momentum = momentum

    def embed(self, images: Tensor) -> Tensor:
        """Projections (n, out) of the online network."""
        return cast("Tensor", self.projector(self.backbone(images)))

    def forward(self, first: Tensor, second: Tensor) -> Tensor:
        """Mean of ``2 - 2 cos`` over both directions."""
        return (self._distance(first, second) + self._distance(second, first)) / 2

    def _distance(self, online: Tensor, other: Tensor) -> Tensor:
        predicted = self.prediction_head(self.embed(online))
        with torch.no_grad():
            wanted = self.target(other)
        return cosine_distance(predicted, wanted)

    @torch.no_grad()
    def after_step(self, done: float) -> None:
        """Move the target towards the online network, less and less."""
        momentum = 1 - (1 - self.momentum) * (math.cos(math.pi * done) + 1) / 2
        online = nn.Sequential(self.backbone, self.projector).parameters()
        for target, source in zip(self.target.parameters(), online, strict=True):
            target.lerp_(source, 1 - momentum)
