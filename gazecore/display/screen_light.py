"""How bright a picture is on a screen, and to what white it is dimmed where that is too bright.

What drives the pupil is light, not grey levels: the measure is the mean luminance of a picture as
a share of the screen's white. A grey of 168 gives 40 % of white's light on an ordinary screen.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from gazecore.display.correction import dimmed_levels

if TYPE_CHECKING:
    from gazecore.display.correction import DisplayCorrection

Float = npt.NDArray[np.float64]

GAMMA = 2.2
"""From driving levels to light on an ordinary screen, where none was measured."""
AIM = 0.97
"""How much of the limit dimming aims at: pictures are measured at some of their pixels."""


class ScreenLight:
    """What a screen makes of grey levels: its correction, its light, and the limit on it.

    Parameters
    ----------
    limit : float
        Largest mean luminance of a picture as a share of white; 1 is no limit.
    correction : DisplayCorrection, optional
        How the screen is driven.
    driving_light : (256,) float, optional
        Light of each driving level as a share of white, as measured
        (`DisplayCurve.light`); by default gamma 2.2.
    """

    def __init__(
        self,
        limit: float = 1.0,
        correction: DisplayCorrection | None = None,
        driving_light: Float | None = None,
    ) -> None:
        self.limit = limit
        self.correction = correction
        ordinary = (np.arange(256) / 255) ** GAMMA
        light = np.asarray(ordinary if driving_light is None else driving_light, dtype=np.float64)
        self._driving: Float = light
        driven = np.arange(256) if correction is None else correction.driving_levels
        dimmed = np.stack([dimmed_levels(white) for white in range(256)])
        self._light: Float = np.asarray(light[driven[dimmed]], dtype=np.float64)

    @property
    def shown(self) -> Float:
        """The light of each grey level as a share of white, through the correction, (256,)."""
        return np.asarray(self._light[255], dtype=np.float64)

    @property
    def digest(self) -> str:
        """Tells one screen's light and limit from another's."""
        return hashlib.sha256(self.shown.tobytes() + str(self.limit).encode()).hexdigest()

    def mean(self, shares: Float, white_level: int = 255) -> float:
        """The mean luminance of a picture, 0 to 1.

        Parameters
        ----------
        shares : (256,) float
            Which part of the picture each grey level takes; they sum to 1.
        white_level : int
            The level that white is shown at.
        """
        return float(self._light[white_level] @ shares)

    def white_level(self, shares: Float) -> int:
        """The highest level to show white at that keeps a picture under the limit.

        255 unless the picture is too bright.
        """
        if self.limit >= 1 or self.mean(shares) <= AIM * self.limit:
            return 255
        means = self._light @ shares  # rises with the level of white
        return max(0, int(np.searchsorted(means, AIM * self.limit, side="right")) - 1)

    def driving_level(self, luminance: float) -> float:
        """The driving level 0..255, not corrected, whose light is a share of white's."""
        return float(np.interp(luminance, self._driving, np.arange(256)))
