"""Pixels of images and maps at the size networks see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt


def read_gray(path: Path) -> npt.NDArray[np.uint8]:
    """An image file as readers see it, through its default window, uint8 (h, w).

    What a shutter hides from readers is black for networks too.
    """
    from gazecore.dicom import open_image
    from gazecore.dicom.hidden import seen_levels

    image = open_image(path)
    return seen_levels(image, image.default_window)


def resized(gray: npt.NDArray[np.uint8], size_px: int) -> npt.NDArray[np.uint8]:
    """A gray image averaged down (or interpolated up) to a square; the aspect is not kept."""
    if gray.shape == (size_px, size_px):
        return gray
    shrunk = resize(torch.from_numpy(gray.astype(np.float32))[None, None], (size_px, size_px))
    result: npt.NDArray[np.uint8] = shrunk[0, 0].round().clamp(0, 255).byte().numpy()
    return result


def resized_map(attention: npt.NDArray[np.float32], size_px: int) -> npt.NDArray[np.float32]:
    """A map at another size, still summing to one (or zero everywhere)."""
    result = resize(torch.from_numpy(attention)[None, None], (size_px, size_px))[0, 0]
    total = result.sum()
    return np.asarray(result / total if total > 0 else result, dtype=np.float32)


def resize(images: torch.Tensor, size: tuple[int, int]) -> torch.Tensor:
    """Resize (n, c, h, w): area means where it shrinks, bilinear where it grows."""
    if size[0] <= images.shape[2] and size[1] <= images.shape[3]:
        return F.interpolate(images, size=size, mode="area")
    return F.interpolate(images, size=size, mode="bilinear", align_corners=False)
