"""Contrastive methods, one page each.

To add one: a module with an `nn.Module` that has ``embed(images) -> Tensor``,
``forward(first, second) -> loss`` and ``after_step(done)``, and a row in `METHODS`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from training.methods.byol import BYOL
from training.methods.moco import MoCo
from training.methods.protocol import ContrastiveMethod
from training.methods.simclr import SimCLR, nt_xent

if TYPE_CHECKING:
    from collections.abc import Callable

METHODS: dict[str, Callable[..., ContrastiveMethod]] = {
    "simclr": SimCLR,
    "moco": MoCo,
    "byol": BYOL,
}

__all__ = ["BYOL", "METHODS", "ContrastiveMethod", "MoCo", "SimCLR", "nt_xent"]
