"""How bright an image is: by its default window, and as a viewport shows it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from gazecore.dicom.hidden import hidden_pixels
from gazecore.dicom.levels import display_table
from gazecore.display.screen_light import GAMMA, ScreenLight

if TYPE_CHECKING:
    from gazecore.dicom.image import Colors, Stored, XrayImage
    from gazecore.dicom.levels import Table
    from gazecore.geometry import Transform

Shares = npt.NDArray[np.float64]

_MOST_PIXELS_A_SIDE = 512
_SAMPLES_A_SIDE = 128
_GOLDEN = (math.sqrt(5) - 1) / 2
_PLACES = (np.arange(_SAMPLES_A_SIDE) + np.arange(_SAMPLES_A_SIDE) * _GOLDEN % 1) / _SAMPLES_A_SIDE
"""Shares of a length at which samples are taken: one in each part, in step with no pattern."""
_RED_GREEN_BLUE = np.array([0.2126, 0.7152, 0.0722])
"""Their shares of white's light (ITU-R BT.709, sRGB)."""


def mean_luminance(image: XrayImage, screen: ScreenLight | None = None) -> float:
    """Mean luminance of `image` through its default window, 0 (black) to 1 (white).

    On `screen`, by default an ordinary one, and before anything is dimmed.

    Taken over every k-th row and column, so that a large radiograph costs milliseconds.
    """
    step = max(1, max(image.stored.shape) // _MOST_PIXELS_A_SIDE)
    table = display_table(image, image.default_window)
    some = np.ascontiguousarray(image.stored[::step, ::step])
    light = (screen or ScreenLight()).shown[table[some.view(np.uint16)]]
    hidden = hidden_pixels(image)
    if hidden is not None:
        light[hidden[::step, ::step]] = 0
    return float(light.mean())


def shown_shares(
    stored: Stored | Colors,
    hidden: npt.NDArray[np.bool_] | None,
    table: Table,
    image_to_viewport: Transform,
    shape: tuple[int, int],
) -> Shares:
    """Which part of a viewport each grey level takes, (256,), from some 16,000 of its pixels.

    Parameters
    ----------
    stored : (rows, columns) 16-bit, or (rows, columns, 3) uint8
        The image; a colour counts as the grey of as much light.
    hidden : bool, optional
        Its pixels that are shown black.
    table : (65536,) uint8
        Grey level by the stored value's pattern; of colours that of each channel.
    image_to_viewport : Transform
        Image px to physical px of the viewport, of quarter turns, flips, scale and shift.
    shape : (int, int)
        Rows and columns of the viewport; what of it shows no image is black.
    """
    rows, columns = shape
    corners = image_to_viewport.to_image([(0.0, 0.0), (float(columns), float(rows))])
    height, width = stored.shape[:2]
    low = np.clip(corners.min(axis=0), 0.0, (width, height))
    high = np.clip(corners.max(axis=0), 0.0, (width, height))
    whole = np.abs(corners[1] - corners[0]).prod()
    covered = float((high - low).prod() / whole)
    shares = np.zeros(256)
    if covered > 0:
        x, y = ((low[k] + (high[k] - low[k]) * _PLACES).astype(np.intp) for k in (0, 1))
        at = np.ix_(y.clip(0, height - 1), x.clip(0, width - 1))
        values = stored[at]
        is_color = stored.ndim == 3
        levels = _as_bright(table[values]) if is_color else table[values.view(np.uint16)]
        if hidden is not None:
            levels[hidden[at]] = 0
        shares = covered * np.bincount(levels.ravel(), minlength=256) / levels.size
    shares[0] += 1.0 - covered
    return shares


def _as_bright(levels: Table) -> Table:
    """The grey levels with as much light as some colours, (..., 3), on an ordinary screen."""
    light = ((levels / 255) ** GAMMA) @ _RED_GREEN_BLUE
    grey: Table = np.rint(255 * light ** (1 / GAMMA)).astype(np.uint8)
    return grey
