"""What the training loop asks of a contrastive method."""

from __future__ import annotations

from typing import TYPE_CHECKING

from torch import nn

if TYPE_CHECKING:
    from torch import Tensor


class ContrastiveMethod(nn.Module):
    """A backbone and what is learnt with it; all state that matters is in its state_dict."""

    backbone: nn.Module

    def embed(self, images: Tensor) -> Tensor:
        """Embeddings (n, d) on which the loss acts."""
        raise NotImplementedError

    def forward(self, first: Tensor, second: Tensor) -> Tensor:
        """The loss of a batch of two views (n, c, h, w), a scalar."""
        raise NotImplementedError

    def after_step(self, done: float) -> None:
        """Called after each optimiser step; `done` is the share of all steps, 0..1."""


def projector(features: int, hidden: int, out: int) -> nn.Sequential:
    """The two-layer head behind a backbone.

    Its output is standardised over the batch, as in SimCLR's own code and in SimSiam: without
    that, embeddings of similar images all point one way and short runs never leave this state.
    """
    return nn.Sequential(*mlp(features, hidden, out), nn.BatchNorm1d(out, affine=False))


def mlp(features: int, hidden: int, out: int) -> nn.Sequential:
    """Two layers with batch norm between them."""
    return nn.Sequential(
        nn.Linear(features, hidden, bias=False),
        nn.BatchNorm1d(hidden),
        nn.ReLU(inplace=True),
        nn.Linear(hidden, out),
    )
