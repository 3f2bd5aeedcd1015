"""Views as pictures: what each arm shows of the same images, for eyes instead of losses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from training.config import PretrainConfig
from training.evaluation.arms import attention_of, find_arm
from training.evaluation.runs import limited
from training.views import FocusContrastViews
from training.views.presets import find_preset

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from training.evaluation.runs import RunData


def view_sheet(
    data: RunData, arms: Sequence[str], *, count: int, size_px: int, seed: int = 0
) -> dict[str, npt.NDArray[np.uint8]]:
    """Two views of the first `count` test images (or of all) under each arm, from one seed.

    Rotation and intensity are those of a run with default settings.

    Returns
    -------
    dict
        ``<arm>_first`` and ``<arm>_second``, uint8 (count, size_px, size_px), and ``images``.

    Raises
    ------
    InvalidSettingError
        An arm is unknown or needs attention that `data` lacks.
    """
    chosen = data.examples.indices("test")[:count]
    if not len(chosen):
        chosen = np.arange(min(count, len(data.examples.images)))
    images = torch.from_numpy(data.examples.images[chosen])[:, None].float() / 255
    masks = data.examples.finding_masks
    sheet = {"images": data.examples.images[chosen]}
    for name in arms:
        arm = find_arm(name)
        attention = attention_of(
            arm,
            None if data.maps is None else data.maps[chosen],
            None if masks is None else masks[chosen],
            map_px=max(32, size_px // 4),
            seed=seed,
        )
        preset = limited(find_preset(arm.preset), PretrainConfig())
        views = FocusContrastViews(size_px, preset=preset)
        shown = views(images, attention, torch.Generator().manual_seed(seed))
        for side, view in (("first", shown.first), ("second", shown.second)):
            grey = (view[:, 0].clamp(0, 1) * 255).round().to(torch.uint8)
            sheet[f"{name}_{side}"] = grey.numpy()
    return sheet
