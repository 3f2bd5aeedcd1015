"""What part of the image was where on the screen, for formats that say it row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from gazecore.geometry import Screen, Transform
from gazecore.messages import StateRepeated, ViewportChanged

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gazecore.messages import AnyMarker

Array = npt.NDArray[np.float64]
Box = tuple[float, float, float, float]
"""x and y of the top left and of the bottom right corner."""


def states_by_serial(markers: Iterable[AnyMarker]) -> dict[int, ViewportChanged]:
    """Every viewport state of a session; one that a late recorder missed, from its repetition."""
    states: dict[int, ViewportChanged] = {}
    for marker in markers:
        told = marker.viewports if isinstance(marker, StateRepeated) else (marker,)
        for state in told:
            if isinstance(state, ViewportChanged):
                states.setdefault(state.serial, state)
    return states


def shown_boxes(state: ViewportChanged, image_size_px: tuple[int, int]) -> tuple[Box, Box]:
    """The part of the image that a state shows, in image pixels, and where it is on the screen.

    With a rotated image both are the boxes around the part. An image scrolled out of the viewport
    gives a part without area.
    """
    transform = Transform(state.transform)
    x, y, width, height = state.shown_screen_px
    corners = np.array([[x, y], [x + width, y], [x, y + height], [x + width, y + height]])
    in_image = transform.to_image(corners)
    low = np.clip(in_image.min(axis=0), 0, image_size_px)
    high = np.clip(in_image.max(axis=0), 0, image_size_px)
    part = np.array([low, [high[0], low[1]], [low[0], high[1]], high])
    on_screen = transform.to_screen(part)
    return _box(low, high), _box(on_screen.min(axis=0), on_screen.max(axis=0))


def image_px_per_deg(state: ViewportChanged, xy_screen_px: Array, screen: Screen) -> Array:
    """Image pixels per degree of visual angle along the screen's x and y at points, (n, 2).

    Exact for an image that is not rotated, as the formats that ask for it assume.
    """
    return np.asarray(screen.px_per_deg(xy_screen_px) / Transform(state.transform).scale())


def _box(low: Array, high: Array) -> Box:
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])
