"""What was read and shown in a session at any time: its readings and viewports together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from gazecore.analysis.readings import ReadingInterval, reading_at, reading_intervals
from gazecore.analysis.viewports import ViewportTimeline, viewport_timeline

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gazecore.messages import AnyMarker

Array = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class OnImage:
    """Screen points on the image: xy_px (n, 2) NaN without a viewport, and two flags (n,)."""

    xy_px: Array
    on_image: npt.NDArray[np.bool_]
    in_viewport: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class History:
    """The readings and the viewport states of one session."""

    readings: tuple[ReadingInterval, ...]
    timeline: ViewportTimeline

    def reading_at(self, t_s: Array) -> Ints:
        """Index of the reading at each time, -1 between readings."""
        return reading_at(self.readings, t_s)

    def state_at(self, t_s: Array) -> Ints:
        """Index of the viewport state shown at each time, -1 where none of the reading is.

        The last state of a case stays the last one shown until the next case is painted, but
        then it is not what is being read.
        """
        state, reading = self.timeline.index_at(t_s), self.reading_at(t_s)
        of_state = np.array([*(s.reading_id for s in self.timeline.states), ""])
        of_reading = np.array([*(r.reading_id for r in self.readings), "-"])
        return np.asarray(np.where(of_state[state] == of_reading[reading], state, -1))

    def image_size_px(self, reading: Ints) -> Array:
        """Width and height (n, 2) of each reading's image, 0 for index -1."""
        sizes = [(r.image_width_px, r.image_height_px) for r in self.readings]
        return np.array([*sizes, (0, 0)], dtype=np.float64)[reading]

    def to_image(self, t_s: Array, xy_screen_px: Array) -> OnImage:
        """Screen points (n, 2) on the image through the viewport valid at each time (n,)."""
        state = self.state_at(t_s)
        xy_image = np.full_like(xy_screen_px, np.nan)
        in_viewport = np.zeros(len(t_s), dtype=np.bool_)
        for index in np.unique(state[state >= 0]):
            rows = np.flatnonzero(state == index)
            shown = self.timeline.states[index]
            xy_image[rows] = shown.transform.to_image(xy_screen_px[rows])
            in_viewport[rows] = shown.contains(xy_screen_px[rows])
        size_px = self.image_size_px(self.reading_at(t_s))
        on_image = np.all((xy_image >= 0) & (xy_image < size_px), axis=1)
        return OnImage(xy_image, np.asarray(on_image), in_viewport)


def session_history(markers: Iterable[AnyMarker]) -> History:
    """Readings and viewports from a session's markers."""
    known = tuple(markers)
    return History(reading_intervals(known), viewport_timeline(known))
