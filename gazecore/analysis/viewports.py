"""What was on the screen at any time: the viewport last shown, from the station's markers."""

from __future__ import annotations

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
    """A viewport state and its place on the screen."""

    serial: int
    reading_id: str
    transform: Transform
    rectangle_px: tuple[float, float, float, float]

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

    def index_at(self, t_s: npt.ArrayLike) -> npt.NDArray[np.intp]:
        """Index of the state valid at each time, -1 before the first."""
        return np.asarray(np.searchsorted(self.from_s, t_s, side="right") - 1)


def viewport_timeline(markers: Iterable[AnyMarker]) -> ViewportTimeline:
    """States by the frames that showed them, each valid from its first `frame_shown` on.

    To the time of a frame (the end of painting) the session's display latency is added. A state
    known only from the repeated whole state, because the recorder came late, is valid from there.
    """
    known: dict[int, ViewportChanged] = {}
    announced: set[int] = set()
    latency_s = 0.0
    shown: list[tuple[float, ViewportChanged]] = []
    for marker in sorted(markers, key=lambda m: m.t_s):
        state: ViewportChanged | None = None
        if isinstance(marker, SessionStarted):
            latency_s = marker.display_latency_s
        elif isinstance(marker, ViewportChanged):
            known[marker.serial] = marker
            announced.add(marker.serial)
        elif isinstance(marker, FrameShown):
            state = known.get(marker.serial)
        elif isinstance(marker, StateRepeated):
            if marker.session is not None:
                latency_s = marker.session.display_latency_s
            if marker.viewport is not None and marker.viewport.serial not in announced:
                state = known[marker.viewport.serial] = marker.viewport
        if state is not None and (not shown or shown[-1][1] != state):
            shown.append((marker.t_s + latency_s, state))
    return ViewportTimeline(
        np.array([from_s for from_s, _ in shown]), tuple(_shown(state) for _, state in shown)
    )


def _shown(state: ViewportChanged) -> ShownViewport:
    return ShownViewport(
        state.serial, state.reading_id, Transform(state.transform), state.shown_screen_px
    )
