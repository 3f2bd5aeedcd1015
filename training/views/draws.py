"""All random numbers of a batch of views, drawn at once and the same for every preset.

Because each preset takes the same numbers from the generator, arms of a comparison that share a
seed see the same zooms, angles, flips and intensities, step by step.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from training.views.mask import BLOB_SIDE

TRIES = 32
"""Random crops tried by the rejection preset."""

_FIELDS = {
    "angle": 1,
    "flip": 1,
    "crop_size": 2,
    "crop_anywhere": 2,
    "crop_keeping": 3,
    "crop_matching": 3,
    "cutout_size": 2,
    "cutout_sparing": 1,
    "cutout_matching": 1,
    "intensity": 2,
    "blob": BLOB_SIDE**2,
    "candidates": TRIES * 4,
}


@dataclass(frozen=True, slots=True)
class Draws:
    """Random numbers in [0, 1), one row per view, named by what they decide."""

    angle: Tensor
    flip: Tensor
    crop_size: Tensor
    crop_anywhere: Tensor
    crop_keeping: Tensor
    crop_matching: Tensor
    cutout_size: Tensor
    cutout_sparing: Tensor
    cutout_matching: Tensor
    intensity: Tensor
    blob: Tensor
    candidates: Tensor


def draw(views: int, generator: torch.Generator | None, device: torch.device) -> Draws:
    """Draw for that many views; float64, on `device` whatever device the generator is on."""
    source = generator.device if generator is not None else torch.device("cpu")
    numbers = torch.rand(
        (views, sum(_FIELDS.values())), generator=generator, device=source, dtype=torch.float64
    ).to(device)
    parts = torch.split(numbers, list(_FIELDS.values()), dim=1)
    return Draws(**dict(zip(_FIELDS, parts, strict=True)))
