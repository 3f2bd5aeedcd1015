"""MoCo v2: a view finds its partner among a queue of keys from a slowly moving encoder.

He et al., "Momentum Contrast", CVPR 2020; Chen et al., arXiv 2003.04297.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, cast

import torch
import torch.nn.functional as F  # noqa: N812
from torch import nn

from gazecore.errors import InvalidSettingError
from training.methods.protocol import ContrastiveMethod, projector

if TYPE_CHECKING:
    from torch import Tensor


def queue_loss(query: Tensor, key: Tensor, queue: Tensor, temperature: float) -> Tensor:
    """Cross entropy of finding each query's key before all keys of a queue.

    Parameters
    ----------
    query, key : Tensor
        Normalised embeddings of the two views, (n, d).
    queue : Tensor
        Normalised keys of other images, (k, d).
    temperature : float
        Divides the cosines.

    Returns
    -------
    Tensor
        Scalar, the mean over the queries.
    """
    positive = (query * key).sum(dim=1, keepdim=True)
    logits = torch.cat((positive, query @ queue.T), dim=1) / temperature
    return F.cross_entropy(logits, torch.zeros_like(logits[:, 0], dtype=torch.long))


class MoCo(ContrastiveMethod):
    """MoCo around any backbone.

    Parameters
    ----------
    backbone : nn.Module
        With an attribute ``features``.
    keys : int
        Length of the queue: whole batches, well under the number of images (else an image
        meets its own key as a negative).
    momentum : float
        Of the key encoder; .999 in the paper, lower for runs of few steps.
    temperature : float
        Of the loss.
    hidden, out : int
        Widths of the projector.
    """

    queue: Tensor
    pointer: Tensor

    def __init__(
        self,
        backbone: nn.Module,
        *,
        keys: int = 512,
        momentum: float = 0.999,
        temperature: float = 0.2,
        hidden: int = 128,
        out: int = 64,
    ) -> None:
        super().__init__()
        self.backbone = backbone
        self.projector = projector(cast("int", backbone.features), hidden, out)
        self.key_encoder = copy.deepcopy(nn.Sequential(self.backbone, self.projector))
        self.key_encoder.requires_grad_(requires_grad=False)
        self.momentum, self.temperature = momentum, temperature
        self.register_buffer("queue", F.normalize(torch.randn(keys, out), dim=1))
        self.register_buffer("pointer", torch.zeros((), dtype=torch.long))

    def embed(self, images: Tensor) -> Tensor:
        """Projections (n, out) of the query encoder."""
        return cast("Tensor", self.projector(self.backbone(images)))

    def forward(self, first: Tensor, second: Tensor) -> Tensor:
        """Cross entropy of each query over its key and the queue; then the keys are queued."""
        if len(self.queue) % len(first):
            wanted = f"a multiple of the batch, {len(first)}"
            raise InvalidSettingError("keys", len(self.queue), wanted)
        query = F.normalize(self.embed(first), dim=1)
        with torch.no_grad():
            self._move_key_encoder()
            key = F.normalize(self.key_encoder(second), dim=1)
        # A copy: the loss is derived after the queue has changed.
        loss = queue_loss(query, key, self.queue.clone(), self.temperature)
        self._enqueue(key)
        return loss

    @torch.no_grad()
    def _move_key_encoder(self) -> None:
        """Move parameters by momentum; batch statistics are the key encoder's own."""
        online = nn.Sequential(self.backbone, self.projector).parameters()
        for key, query in zip(self.key_encoder.parameters(), online, strict=True):
            key.lerp_(query, 1 - self.momentum)

    @torch.no_grad()
    def _enqueue(self, key: Tensor) -> None:
        places = self.pointer + torch.arange(len(key), device=key.device)
        self.queue[places] = key
        self.pointer.copy_((self.pointer + len(key)) % len(self.queue))
