"""The named kinds of views: one row each, so that arms of a comparison differ in one thing only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from gazecore.errors import InvalidSettingError

Placement = Literal["attention", "rejection", "uniform", "area-matched"]


@dataclass(frozen=True, slots=True)
class Preset:
    """How views are drawn; sizes are fractions.

    Attributes
    ----------
    placement : str
        Where a crop may lie: ``attention`` (uniformly among the positions that keep enough
        attention, for the zoom drawn), ``rejection`` (the first of 32 random crops that keeps
        enough, as published), ``uniform`` (anywhere), ``area-matched`` (size, angle and cutout
        of ``attention``, but anywhere).
    scale : tuple of float, optional
        Area of the crop as a share of the image; None takes that of the views.
    cutout_side : tuple of float, optional
        Range of the cutout's sides as a share of the view's; None cuts nothing out.
    masked : bool
        Whether the least attended pixels are hidden.
    degrees, flip, brightness, contrast : float
        Largest rotation, probability of a mirrored view, strength of the intensity changes.
        Defaults are those of the authors' published augmentation code.
    """

    placement: Placement
    scale: tuple[float, float] | None = None
    cutout_side: tuple[float, float] | None = None
    masked: bool = False
    degrees: float = 45.0
    flip: float = 0.5
    brightness: float = 0.2
    contrast: float = 0.8

    @property
    def attends(self) -> bool:
        """Whether attention shapes the views, be it only their sizes."""
        return self.placement != "uniform"


# 48 px of a 224 px view is the smallest cutout of the published code.
_CUTOUT = (48 / 224, 0.4)

PRESETS: dict[str, Preset] = {
    "focuscontrast": Preset("attention", cutout_side=_CUTOUT, masked=True),
    "rejection": Preset("rejection", cutout_side=_CUTOUT, masked=True),
    "area-matched": Preset("area-matched", cutout_side=_CUTOUT, masked=True),
    "conventional": Preset("uniform"),
    "searched": Preset("uniform", scale=(1 / 1.2**2, 1.0), cutout_side=(48 / 224, 48 / 224)),
    "weak": Preset("uniform", scale=(0.7, 1.0), degrees=10.0, brightness=0.1, contrast=0.2),
    "identity": Preset(
        "uniform", scale=(1.0, 1.0), degrees=0.0, flip=0.0, brightness=0.0, contrast=0.0
    ),
}


def find_preset(name: str | Preset | None) -> Preset:
    """The preset of that name; None is ``focuscontrast``.

    Raises
    ------
    InvalidSettingError
        No preset has that name.
    """
    if isinstance(name, Preset):
        return name
    preset = PRESETS.get(name or "focuscontrast")
    if preset is None:
        raise InvalidSettingError("preset", name, "one of " + ", ".join(PRESETS))
    return preset
