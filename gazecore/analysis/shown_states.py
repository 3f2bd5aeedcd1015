"""All viewport states of a session as arrays, so that many places are looked up at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from gazecore.analysis.history import History
    from gazecore.geometry import Screen

Array = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class ShownStates:
    """What each of k states shows; the row after the last is NaN, so that -1 means none.

    Attributes
    ----------
    matrices : (k + 1, 3, 3)
        Image px to screen px.
    rectangles_px : (k + 1, 4)
        The viewport on the screen: left, top, right, bottom.
    image_px : (k + 1, 4)
        The part of the image shown: left, top, right, bottom.
    image_on_screen_px : (k + 1, 4)
        Where that part lies on the screen: left, top, right, bottom.
    windows : (k + 1, 2)
        Center and width of the window, in the image's units.
    """

    matrices: Array
    rectangles_px: Array
    image_px: Array
    image_on_screen_px: Array
    windows: Array

    @classmethod
    def of(cls, history: History) -> ShownStates:
        """The states of a session."""
        states = history.timeline.states
        numbers = {reading.reading_id: i for i, reading in enumerate(history.readings)}
        reading = np.array([numbers.get(state.reading_id, -1) for state in states], dtype=np.intp)
        sizes_px = history.image_size_px(reading, np.arange(len(states)))
        matrices = np.array([s.transform.matrix for s in states]).reshape(-1, 3, 3)
        boxes = np.array([s.rectangle_px for s in states], dtype=np.float64).reshape(-1, 4)
        boxes[:, 2:] += boxes[:, :2]
        in_image = np.clip(_apply(np.linalg.inv(matrices), _corners(boxes)), 0, sizes_px[:, None])
        shown = _bounds(in_image)
        windows = np.array([s.window for s in states], dtype=np.float64).reshape(-1, 2)
        return cls(
            _with_none(matrices),
            _with_none(boxes),
            _with_none(shown),
            _with_none(_bounds(_apply(matrices, _corners(shown)))),
            _with_none(windows),
        )

    def to_image(self, state: Ints, xy_screen_px: Array) -> Array:
        """Screen points (n, 2) on the image, each through its own state (n,)."""
        inverse = _with_none(np.asarray(np.linalg.inv(self.matrices[:-1])))
        return _apply(inverse[state], xy_screen_px[:, None])[:, 0]

    def in_viewport(self, state: Ints, xy_screen_px: Array) -> npt.NDArray[np.bool_]:
        """Which screen points (n, 2) lie in the viewport of their state (n,); NaN does not."""
        box = self.rectangles_px[state]
        inside = (xy_screen_px >= box[:, :2]) & (xy_screen_px < box[:, 2:])
        return np.asarray(inside.all(axis=1))

    def px_per_deg(self, state: Ints, xy_image_px: Array, screen: Screen) -> Array:
        """Image pixels per degree along the image's axes (n, 2), NaN where there is no place."""
        per_deg = np.full((len(state), 2), np.nan)
        rows = np.flatnonzero((state >= 0) & np.isfinite(xy_image_px).all(axis=1))
        for axis in (0, 1):
            step = np.zeros(2)
            step[axis] = 0.5
            before, after = (
                _apply(self.matrices[state[rows]], (xy_image_px[rows] + s)[:, None])[:, 0]
                for s in (-step, step)
            )
            per_deg[rows, axis] = 1 / screen.angle_deg(before, after)
        return per_deg


def _apply(matrices: Array, xy: Array) -> Array:
    """Points (n, m, 2) each through the matrix (n, 3, 3) of its row."""
    there = np.einsum("nij,nmj->nmi", matrices[:, :, :2], xy)  # n rows, m points, j from, i to
    there += matrices[:, None, :, 2]
    return np.asarray(there[..., :2] / there[..., 2:])


def _corners(boxes: Array) -> Array:
    """The four corners (n, 4, 2) of boxes (n, 4)."""
    return np.stack([boxes[:, [x, y]] for x in (0, 2) for y in (1, 3)], axis=1)


def _bounds(xy: Array) -> Array:
    """The boxes (n, 4) around points (n, m, 2)."""
    return np.concatenate([xy.min(axis=1), xy.max(axis=1)], axis=1)


def _with_none(rows: Array) -> Array:
    """The rows and one of NaN."""
    return np.concatenate([rows, np.full((1, *rows.shape[1:]), np.nan)])
