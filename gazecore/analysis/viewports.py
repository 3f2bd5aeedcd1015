"""What was on the screen at any time: the viewport last shown, from the station's markers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from gazecore.geometry import Transform
from gazecore.messages import FrameShown, SessionStarted, StateRepeated, ViewportChanged

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gazecore.messages import AnyMarker

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ShownViewport:
    """A viewport state and its place on the screen.

    Attributes
    ----------
    viewport : int
        Which viewport of the page, from 0.
    case_id : str
        The case it shows; empty: not known, that of the reading.
    image_size_px : (int, int), optional
        Width and height of its image; None: that of the reading's case.
    by_pan : bool
        The image was moved by a pan since the frame shown before.
    frame : int
        Which frame of a multi-frame image it shows, from 0.
    window : (float, float)
        Center and width of its window, in the units of the image.
    """

    serial: int
    reading_id: str
    transform: Transform
    rectangle_px: tuple[float, float, float, float]
    viewport: int = 0
    case_id: str = ""
    image_size_px: tuple[int, int] | None = None
    by_pan: bool = False
    frame: int = 0
    window: tuple[float, float] = (math.nan, math.nan)

    @property
    def is_gone(self) -> bool:
        """The viewport is not on the page any more."""
        return min(self.rectangle_px[2:]) <= 0

    def distance_px(self, xy_screen_px: npt.ArrayLike) -> Array:
        """How far points (n, 2) lie from the viewport, 0 inside; NaN stays NaN."""
        x, y, width, height = self.rectangle_px
        xy = np.asarray(xy_screen_px, dtype=np.float64)
        nearest = np.clip(xy, (x, y), (x + width, y + height))
        return np.asarray(np.linalg.norm(xy - nearest, axis=-1))

    def shown_image_px(self, width_px: float, height_px: float) -> tuple[float, ...]:
        """The part of the image that is shown: left, top, right, bottom in image pixels.

        Exact for turns by right angles, else the smallest rectangle around it.
        """
        x, y, width, height = self.rectangle_px
        corners = [(x, y), (x + width, y), (x, y + height), (x + width, y + height)]
        in_image = np.clip(self.transform.to_image(corners), 0.0, [width_px, height_px])
        (left, top), (right, bottom) = in_image.min(axis=0), in_image.max(axis=0)
        return float(left), float(top), float(right), float(bottom)

    def contains(self, xy_screen_px: npt.ArrayLike) -> npt.NDArray[np.bool_]:
        """Which screen points lie in the viewport; NaN does not."""
        x, y, width, height = self.rectangle_px
        inside = np.asarray(xy_screen_px, dtype=np.float64) - (x, y)
        return np.asarray(((inside >= 0) & (inside < (width, height))).all(axis=-1))


@dataclass(frozen=True, slots=True)
class ViewportTimeline:
    """Viewport states in the order they were shown; `from_s` (k,) is when each came up."""

    from_s: Array
    states: tuple[ShownViewport, ...]

    @property
    def viewports(self) -> tuple[int, ...]:
        """The viewports that were ever shown, rising."""
        return tuple(sorted({state.viewport for state in self.states}))

    def index_at(self, t_s: npt.ArrayLike, viewport: int | None = None) -> npt.NDArray[np.intp]:
        """Index of the state valid at each time, of one viewport or of any; -1 before its first."""
        if viewport is None:
            return np.asarray(np.searchsorted(self.from_s, t_s, side="right") - 1)
        rows = np.flatnonzero([state.viewport == viewport for state in self.states])
        found = np.searchsorted(self.from_s[rows], t_s, side="right")
        return np.asarray(np.append(-1, rows)[found])


def viewport_timeline(markers: Iterable[AnyMarker]) -> ViewportTimeline:
    """States by the frames that showed them, each valid from its first `frame_shown` on.

    To the time of a frame (the end of painting) the session's display latency is added. A state
    known only from the repeated whole state, because the recorder came late, is valid from there.
    """
    seen = _Seen()
    for marker in sorted(markers, key=lambda m: m.t_s):
        if isinstance(marker, SessionStarted):
            seen.latency_s = marker.display_latency_s
        elif isinstance(marker, ViewportChanged):
            seen.announce(marker)
        elif isinstance(marker, FrameShown):
            seen.show(marker.t_s, seen.known.get(marker.serial))
        elif isinstance(marker, StateRepeated):
            if marker.session is not None:
                seen.latency_s = marker.session.display_latency_s
            for state in marker.viewports:
                if state.serial not in seen.announced:
                    seen.known[state.serial] = state
                    seen.show(marker.t_s, state)
    return ViewportTimeline(
        np.array([from_s for from_s, _ in seen.shown]), tuple(state for _, state in seen.shown)
    )


class _Seen:
    """What the markers told so far."""

    def __init__(self) -> None:
        self.known: dict[int, ViewportChanged] = {}
        self.announced: set[int] = set()
        self.latency_s = 0.0
        self.shown: list[tuple[float, ShownViewport]] = []
        self._last: dict[int, ViewportChanged] = {}
        self._panned: set[int] = set()

    def announce(self, state: ViewportChanged) -> None:
        """A state that will be painted; one that a later state overtakes may never be."""
        self.known[state.serial] = state
        self.announced.add(state.serial)
        if state.cause == "pan":
            self._panned.add(state.viewport)

    def show(self, t_s: float, state: ViewportChanged | None) -> None:
        """A frame of a state; a further one of the same state changes nothing."""
        if state is None or self._last.get(state.viewport) == state:
            return
        self._last[state.viewport] = state
        by_pan = state.viewport in self._panned
        self._panned.discard(state.viewport)
        self.shown.append((t_s + self.latency_s, _shown(state, by_pan=by_pan)))


def _shown(state: ViewportChanged, *, by_pan: bool) -> ShownViewport:
    size_px = (state.image_width_px, state.image_height_px)
    return ShownViewport(
        state.serial,
        state.reading_id,
        Transform(state.transform),
        state.shown_screen_px,
        state.viewport,
        state.case_id,
        size_px if min(size_px) > 0 else None,
        by_pan,
        state.window.frame,
        (state.window.center, state.window.width),
    )
