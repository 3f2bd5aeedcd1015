"""Predicted attention for images."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, overload

import numpy as np
import torch
from torch import Tensor, nn

from gazecore.errors import InvalidSettingError
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
    model: nn.Module | Path | str, images: npt.NDArray[Any]
) -> npt.NDArray[np.float32]: ...


def predict_attention(
    model: nn.Module | Path | str, images: Tensor | npt.NDArray[Any]
) -> Tensor | npt.NDArray[np.float32]:
    """Where readers are predicted to look.

    Parameters
    ----------
    model : nn.Module, Path or str
        A trained predictor, its file, or the folder of its run. A module sees the images at
        their own size, on its own device; a file's at the size that it was trained on.
    images : Tensor or ndarray
        Tensor (n, 1, h, w) or array (n, h, w): floating in 0..1, or uint8 in 0..255.

    Returns
    -------
    Tensor or ndarray
        float32 maps, (n, 1, h, w) or (n, h, w) as the images are, on their device; each
        sums to one.

    Raises
    ------
    InvalidSettingError
        Images of another shape or of other numbers.
    """
    if isinstance(images, Tensor):
        known = images.is_floating_point() or images.dtype == torch.uint8
        fits = images.ndim == 4 and images.shape[1] == 1
    else:
        known = np.issubdtype(images.dtype, np.floating) or images.dtype == np.uint8
        fits = images.ndim == 3
    if not (known and fits) or 0 in images.shape[-2:]:
        raise InvalidSettingError(
            "images",
            f"{images.dtype} {tuple(images.shape)}",
            "an array (n, h, w) or a tensor (n, 1, h, w), floating in 0..1 or uint8",
        )
    if isinstance(images, Tensor):
        return _predict(model, images)
    # Of NumPy's floats and byte orders torch knows only some; float32 is what networks take.
    kind = np.uint8 if images.dtype == np.uint8 else np.float32
    gray = torch.from_numpy(np.ascontiguousarray(images, dtype=kind))[:, None]
    return np.asarray(_predict(model, gray)[:, 0].numpy(), dtype=np.float32)


@torch.no_grad()
def _predict(model: nn.Module | Path | str, images: Tensor) -> Tensor:
    if isinstance(model, nn.Module):
        network, size = model, (images.shape[2], images.shape[3])
    else:
        network, side = load_predictor(model)
        size = (side, side)
    trained = network.training
    network.eval()
    weight = next(network.parameters(), images.new_zeros((), dtype=torch.float32))
    maps = [images.new_zeros((0, *images.shape[1:]), dtype=torch.float32)]
    for batch in torch.split(images, _BATCH) if len(images) else ():
        moved = batch.to(weight) / (255 if images.dtype == torch.uint8 else 1)
        maps.append(_one_batch(network, moved, size).to(maps[0]))
    network.train(trained)
    return torch.cat(maps)


def _one_batch(network: nn.Module, images: Tensor, size: tuple[int, int]) -> Tensor:
    logits = network(resize(images, size))
    maps = logits.flatten(1).softmax(dim=1).view_as(logits)
    maps = resize(maps, (images.shape[2], images.shape[3]))
    return maps / maps.sum(dim=(1, 2, 3), keepdim=True)
