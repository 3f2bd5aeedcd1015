"""Features and embeddings of whole images, in eval mode."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from training.data.pixels import resize

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt
    from torch import Tensor, nn

_BATCH = 256


@torch.no_grad()
def features_of(
    images: npt.NDArray[np.uint8],
    network: nn.Module,
    size_px: int,
    through: Callable[[Tensor], Tensor] | None = None,
) -> npt.NDArray[np.float64]:
    """What `network` (or a method of it) makes of each image, (n, d).

    Parameters
    ----------
    images : ndarray
        uint8 (n, h, w).
    network : nn.Module
        Put into eval mode for this, then back.
    size_px : int
        Side to which images are resized.
    through : callable, optional
        What to call instead of the network itself.
    """
    call = through or network
    trained = network.training
    network.eval()
    parts = []
    for batch in torch.split(torch.from_numpy(images), _BATCH):
        views = resize(batch[:, None].float() / 255, (size_px, size_px))
        parts.append(call(views).double().numpy())
    network.train(trained)
    return np.concatenate(parts)
