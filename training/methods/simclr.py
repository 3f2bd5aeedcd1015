"""SimCLR: two views of an image attract, all other views of the batch repel.

Chen et al., "A Simple Framework for Contrastive Learning of Visual Representations", ICML 2020.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import torch
import torch.nn.functional as F  # noqa: N812

from training.methods.protocol import ContrastiveMethod, projector

if TYPE_CHECKING:
    from torch import Tensor, nn


def nt_xent(first: Tensor, second: Tensor, temperature: float) -> Tensor:
    """The normalised temperature-scaled cross entropy, mean over all 2n views.

    Parameters
    ----------
    first, second : Tensor
        Embeddings of the two views, (n, d); normalised here.
    temperature : float
        Divides the cosines.

    Returns
    -------
    Tensor
        Scalar. Identical views and orthogonal others give
        ``log(1 + (2n - 2) exp(-1 / temperature))``.
    """
    n = len(first)
    views = F.normalize(torch.cat((first, second)), dim=1)
    logits = views @ views.T / temperature
    itself = torch.eye(2 * n, dtype=torch.bool, device=logits.device)
    logits = logits.masked_fill(itself, float("-inf"))
    partner = torch.arange(2 * n, device=logits.device).roll(n)
    return F.cross_entropy(logits, partner)


class SimCLR(ContrastiveMethod):
    """SimCLR around any backbone.

    Parameters
    ----------
    backbone : nn.Module
        With an attribute ``features``.
    temperature : float
        Of the loss.
    hidden, out : int
        Widths of the projector.
    """

    def __init__(
        self, backbone: nn.Module, *, temperature: float = 0.2, hidden: int = 128, out: int = 64
    ) -> None:
        super().__init__()
        self.backbone = backbone
        self.projector = projector(cast("int", backbone.features), hidden, out)
        self.temperature = temperature

    def embed(self, images: Tensor) -> Tensor:
        """Projections (n, out)."""
        return cast("Tensor", self.projector(self.backbone(images)))

    def forward(self, first: Tensor, second: Tensor) -> Tensor:
        """NT-Xent of the two views' projections."""
        both = self.embed(torch.cat((first, second)))
        one, other = both.chunk(2)
        return nt_xent(one, other, self.temperature)
