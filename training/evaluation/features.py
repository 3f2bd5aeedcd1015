"""Features of whole images, in eval mode."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import nn

from training.data.pixels import resize

if TYPE_CHECKING:
    import numpy.typing as npt

_BATCH = 256


@torch.no_grad()
def features_of(
    images: npt.NDArray[np.uint8],
    network: nn.Module,
    size_px: int,
) -> npt.NDArray[np.float64]:
    """What `network` makes of each image, (n, d).

    Parameters
    ----------
    images : ndarray
        uint8 (n, h, w).
    network : nn.Module
        Put into eval mode for this, then back.
    size_px : int
        Side to which images are resized.
    """
    trained = network.training
    network.eval()
    parts = []
    for batch in torch.split(torch.from_numpy(images), _BATCH):
        views = resize(batch[:, None].float() / 255, (size_px, size_px))
        parts.append(network(views).double().numpy())
    network.train(trained)
    return np.concatenate(parts)


@torch.no_grad()
def settle_statistics(images: npt.NDArray[np.uint8], network: nn.Module, size_px: int) -> None:
    """Replace the running statistics of batch norm by those of whole images.

    Views are cropped, cut and masked: their statistics are not those of the images that features
    are taken from, and differ between arms. Done for all arms alike.
    """
    norms = [m for m in network.modules() if isinstance(m, nn.BatchNorm1d | nn.BatchNorm2d)]
    momenta = [norm.momentum for norm in norms]
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None  # a plain mean over all batches
    trained = network.training
    network.train()
    for batch in torch.split(torch.from_numpy(images), _BATCH):
        if len(batch) > 1:
            network(resize(batch[:, None].float() / 255, (size_px, size_px)))
    network.train(trained)
    for norm, momentum in zip(norms, momenta, strict=True):
        norm.momentum = momentum
