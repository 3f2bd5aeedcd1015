"""The arms of an honest comparison: which views, and whose attention.

To add one: a row in `ARMS`; a new kind of attention also needs a case in `attention_of`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import torch

from gazecore.errors import InvalidSettingError
from training.data.pixels import resize

if TYPE_CHECKING:
    import numpy.typing as npt

Source = Literal["given", "oracle", "shuffled", "centre", "inverted"]


@dataclass(frozen=True, slots=True)
class Arm:
    """A preset of views and the attention that it gets.

    Attributes
    ----------
    preset : str
        Of `training.views`.
    source : str
        ``given`` maps, ``oracle`` (the known finding), ``shuffled`` (another image's map),
        ``centre`` (one mean map), ``inverted``.
    """

    preset: str
    source: Source = "given"


ARMS: dict[str, Arm] = {
    "conventional": Arm("conventional"),
    "searched": Arm("searched"),
    "weak": Arm("weak"),
    "area-matched": Arm("area-matched"),
    "focuscontrast": Arm("focuscontrast"),
    "rejection": Arm("rejection"),
    "oracle": Arm("focuscontrast", "oracle"),
    "shuffled": Arm("focuscontrast", "shuffled"),
    "centre-prior": Arm("focuscontrast", "centre"),
    "inverted": Arm("focuscontrast", "inverted"),
}


def find_arm(name: str) -> Arm:
    """The arm of that name.

    Raises
    ------
    InvalidSettingError
        There is none.
    """
    if name not in ARMS:
        raise InvalidSettingError("arm", name, "one of " + ", ".join(ARMS))
    return ARMS[name]


def attention_of(
    arm: Arm,
    maps: npt.NDArray[np.float32] | None,
    finding_masks: npt.NDArray[np.bool_] | None,
    *,
    map_px: int,
    seed: int,
) -> torch.Tensor | None:
    """What the views of an arm get, float32 (n, 1, map_px, map_px), or None.

    Parameters
    ----------
    arm : Arm
        Whose attention.
    maps : ndarray or None
        The given maps of the training images, (n, h, w).
    finding_masks : ndarray or None
        Where the findings are, (n, h, w).
    map_px : int
        Side to which maps are averaged down.
    seed : int
        Of the shuffled arm.

    Raises
    ------
    InvalidSettingError
        The arm needs what is not there.
    """
    if arm.source == "oracle":
        if finding_masks is None:
            raise InvalidSettingError("arm", "oracle", "data with finding_masks")
        return blurred(_small(finding_masks.astype(np.float32), map_px))
    if maps is None:
        if arm.preset in {"conventional", "searched", "weak"}:
            return None
        raise InvalidSettingError("attention", None, "a file of maps for this arm (--attention)")
    small = _small(maps, map_px)
    if arm.source == "shuffled":
        return small[torch.randperm(len(small), generator=torch.Generator().manual_seed(seed))]
    if arm.source == "centre":
        return small.mean(dim=0, keepdim=True).expand_as(small).contiguous()
    if arm.source == "inverted":
        return small.amax(dim=(1, 2, 3), keepdim=True) - small
    return small


def blurred(maps: torch.Tensor) -> torch.Tensor:
    """Maps (n, 1, h, w) after three box means of a sixteenth of their side: nearly a Gaussian."""
    side = max(maps.shape[2] // 16, 1) * 2 + 1
    for _ in range(3):
        maps = torch.nn.functional.avg_pool2d(maps, side, 1, side // 2)
    return maps


def _small(maps: npt.NDArray[np.float32], map_px: int) -> torch.Tensor:
    return resize(torch.from_numpy(maps)[:, None], (map_px, map_px))
