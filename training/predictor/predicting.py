"""Predicted attention for images."""

from __future__ import annotations

from typing import TYPE_CHECKING, overload

import numpy as np
import torch
from torch import Tensor, nn

from training.data.pixels import resize
from training.networks.loading import load_predictor

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

_BATCH = 64


@overload
def predict_attention(model: nn.Module | Path | str, images: Tensor) -> Tensor: ...


@overload
def predict_attention(
    model: nn.Module | Path | str, images: npt.NDArray[np.uint8]
) -> npt.NDArray[np.float32]: ...


def predict_attention(
    model: nn.Module | Path | str, images: Tensor | npt.NDArray[np.uint8]
) -> Tensor | npt.NDArray[np.float32]:
    """Where readers are predicted to look.

    Parameters
    ----------
    model : nn.Module, Path or str
        A trained predictor, its file, or the folder of its run. A module sees the images at
        their own size, a file's at the size that it was trained on.
    images : Tensor or ndarray
        (n, 1, h, w) in 0..1, or uint8 (n, h, w).

    Returns
    -------
    Tensor or ndarray
        float32 maps, (n, 1, h, w) or (n, h, w) as the images are; each sums to one.
    """
    if isinstance(images, Tensor):
        return _predict(model, images)
    gray = torch.from_numpy(np.ascontiguousarray(images))[:, None]
    return np.asarray(_predict(model, gray.float() / 255)[:, 0].numpy(), dtype=np.float32)


@torch.no_grad()
def _predict(model: nn.Module | Path | str, images: Tensor) -> Tensor:
    if isinstance(model, nn.Module):
        network, size = model, (images.shape[2], images.shape[3])
    else:
        network, side = load_predictor(model)
        size = (side, side)
    trained = network.training
    network.eval()
    maps = [_one_batch(network, batch, size) for batch in torch.split(images, _BATCH)]
    network.train(trained)
    return torch.cat(maps) if maps else images.new_zeros(images.shape)


def _one_batch(network: nn.Module, images: Tensor, size: tuple[int, int]) -> Tensor:
    logits = network(resize(images, size))
    maps = logits.flatten(1).softmax(dim=1).view_as(logits)
    maps = resize(maps, (images.shape[2], images.shape[3]))
    return maps / maps.sum(dim=(1, 2, 3), keepdim=True)
