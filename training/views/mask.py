"""Gaze Mask: only the most attended pixels of a view stay; the rest becomes the image's mean."""

from __future__ import annotations

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor

BLOB_SIDE = 5
"""A random blob grows from BLOB_SIDE x BLOB_SIDE random numbers."""


def least_attended(score: Tensor, showable: Tensor, hide: float) -> Tensor:
    """The pixels to hide: a share `hide` of each view, those with the lowest score.

    Parameters
    ----------
    score : Tensor
        (n, h, w).
    showable : Tensor
        bool (n, h, w); pixels that show nothing of the source anyway are hidden first, so that
        the area left depends on `hide` alone.
    hide : float
        Share of all pixels, 0..1.

    Returns
    -------
    Tensor
        bool (n, h, w).
    """
    flat = score.masked_fill(~showable, float("-inf")).flatten(1)
    keep = flat.shape[1] - round(hide * flat.shape[1])
    hidden = torch.ones_like(flat, dtype=torch.bool)
    hidden.scatter_(1, flat.topk(keep, dim=1, sorted=False).indices, value=False)
    return hidden.view_as(score)


def random_blobs(uniform: Tensor, size: tuple[int, int]) -> Tensor:
    """Smooth random fields (n, *size) from random numbers (n, BLOB_SIDE**2)."""
    seeds = uniform.view(-1, 1, BLOB_SIDE, BLOB_SIDE)
    return F.interpolate(seeds, size=size, mode="bicubic", align_corners=False).squeeze(1)
