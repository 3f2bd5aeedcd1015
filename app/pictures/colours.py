"""Colours of pictures: a perceptually uniform scale, marks told apart without colour vision."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

Image = npt.NDArray[np.uint8]

# Anchors of the perceptually uniform "inferno" map (Smith and van der Walt, CC0), evenly spaced.
_INFERNO = np.array(
    [
        (0, 0, 4), (22, 11, 57), (66, 10, 104), (106, 23, 110), (147, 38, 103), (188, 55, 84),
        (221, 81, 58), (243, 120, 25), (252, 165, 10), (246, 215, 70), (252, 255, 164),
    ],
    dtype=np.float64,
)  # fmt: skip

SKY, ORANGE, GREEN = "#56b4e9", "#e69f00", "#009e73"
VERMILION, YELLOW, PURPLE = "#d55e00", "#f0e442", "#cc79a7"
PALETTE = (SKY, ORANGE, GREEN, PURPLE, YELLOW, VERMILION)
"""Okabe and Ito's colours, told apart by colour-blind readers."""


@lru_cache(maxsize=1)
def attention_colours() -> Image:
    """A colour per level of attention, (256, 3), dark to light for the colour-blind too."""
    at = np.linspace(0, len(_INFERNO) - 1, 256)
    channels = [np.interp(at, np.arange(len(_INFERNO)), _INFERNO[:, c]) for c in range(3)]
    return np.asarray(np.stack(channels, axis=1).round(), dtype=np.uint8)


def attention_pixels(attention: npt.NDArray[Any], opacity: float) -> npt.NDArray[np.uint32]:
    """A map as premultiplied 0xAARRGGBB, its peak as opaque as `opacity`, nothing where 0.

    Parameters
    ----------
    attention : (h, w)
        Not negative; levels are shares of its peak.
    opacity : float
        0..1.
    """
    peak = float(attention.max()) if attention.size else 0.0
    level = attention / peak if peak > 0 else np.zeros(attention.shape)
    alpha = np.sqrt(level) * opacity
    colour = attention_colours()[np.rint(level * 255).astype(np.intp)] * alpha[..., None]
    red, green, blue = (np.rint(colour[..., c]).astype(np.uint32) for c in range(3))
    a = np.rint(alpha * 255).astype(np.uint32)
    return np.ascontiguousarray(a << 24 | red << 16 | green << 8 | blue)
