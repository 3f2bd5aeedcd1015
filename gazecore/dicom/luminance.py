"""How bright an image is: by its default window, and as a viewport shows it."""

from __future__ import annotations

from dataclasses import dataclass
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
_CELLS_A_SIDE = 128
_JITTER = np.random.default_rng(1).random((2, _CELLS_A_SIDE, _CELLS_A_SIDE))
_X_PLACES, _Y_PLACES = (
    (np.indices((_CELLS_A_SIDE, _CELLS_A_SIDE))[::-1] + _JITTER) / _CELLS_A_SIDE
).reshape(2, -1)
"""Shares of width and height at which samples are taken: one at random in each cell of a grid,
so that neither large shapes nor stripes of any direction deceive; the same ones every time."""
_RED_GREEN_BLUE = np.array([0.2126, 0.7152, 0.0722])
"""Their shares of white's light (ITU-R BT.709, sRGB)."""


@dataclass(frozen=True, slots=True, eq=False)
class SampledViewport:
    """Some 16,000 pixels of what a viewport shows of an image, through whatever window.

    Attributes
    ----------
    values : (n,) 16-bit, or (n, 3) uint8
        Stored values, or colours.
    hidden : (n,) bool, optional
        Which of them are shown black.
    covered : float
        The share of the viewport that shows image; the rest is black.
    """

    values: Stored | Colors
    hidden: npt.NDArray[np.bool_] | None
    covered: float

    def shares(self, table: Table) -> Shares:
        """Which part of the viewport each grey level takes, (256,).

        A colour counts as the grey of as much light. `table` (65536,) uint8 is the grey level by
        the stored value's pattern; of colours that of each channel.
        """
        is_color = self.values.ndim == 2
        levels = _as_bright(table[self.values]) if is_color else table[self.values.view(np.uint16)]
        if self.hidden is not None:
            levels[self.hidden] = 0
        shares: Shares = self.covered * np.bincount(levels, minlength=256) / max(levels.size, 1)
        shares[0] += 1.0 - self.covered
        return shares


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


def sample_viewport(
    stored: Stored | Colors,
    hidden: npt.NDArray[np.bool_] | None,
    image_to_viewport: Transform,
    shape: tuple[int, int],
) -> SampledViewport:
    """Take samples of what a viewport shows of an image.

    Parameters
    ----------
    stored : (rows, columns) 16-bit, or (rows, columns, 3) uint8
        The image.
    hidden : bool, optional
        Its pixels that are shown black.
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
    covered = float((high - low).prod() / np.abs(corners[1] - corners[0]).prod())
    x = (low[0] + (high[0] - low[0]) * _X_PLACES).astype(np.intp).clip(0, width - 1)
    y = (low[1] + (high[1] - low[1]) * _Y_PLACES).astype(np.intp).clip(0, height - 1)
    return SampledViewport(stored[y, x], None if hidden is None else hidden[y, x], covered)


def _as_bright(levels: Table) -> Table:
    """The grey levels with as much light as some colours, (..., 3), on an ordinary screen."""
    light = ((levels / 255) ** GAMMA) @ _RED_GREEN_BLUE
    grey: Table = np.rint(255 * light ** (1 / GAMMA)).astype(np.uint8)
    return grey
