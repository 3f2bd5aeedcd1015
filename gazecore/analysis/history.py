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

    def state_at(self, t_s: Array, xy_screen_px: Array | None = None) -> Ints:
        """Index of the viewport state shown at each time, -1 where none of the reading is.

        The last state of a case stays the last one shown until the next case is painted, but
        then it is not what is being read. Of several viewports it is the one that a point
        (n, 2) lies in, beside all of them the nearest; a lost point is where the last one was.
        """
        if xy_screen_px is None or len(self.timeline.viewports) < 2:
            return self._of_reading(self.timeline.index_at(t_s), t_s)
        states = np.stack(
            [
                self._of_reading(self.timeline.index_at(t_s, viewport), t_s)
                for viewport in self.timeline.viewports
            ]
        )
        nearest = _kept_while_lost(self._distances_px(states, xy_screen_px))
        return np.asarray(states[nearest, np.arange(len(t_s))])

    def _of_reading(self, state: Ints, t_s: Array) -> Ints:
        """The state where it is one of the reading at its time, else -1."""
        reading = self.reading_at(t_s)
        of_state = np.array([*(s.reading_id for s in self.timeline.states), ""])
        of_reading = np.array([*(r.reading_id for r in self.readings), "-"])
        return np.asarray(np.where(of_state[state] == of_reading[reading], state, -1))

    def _distances_px(self, states: Ints, xy_screen_px: Array) -> Array:
        """Of each viewport (k, n) how far a point lies from it; infinite where it is not shown."""
        distances = np.full(states.shape, np.inf)
        for index in np.unique(states[states >= 0]):
            viewport, row = np.nonzero(states == index)
            if not self.timeline.states[index].is_gone:
                far_px = self.timeline.states[index].distance_px(xy_screen_px[row])
                distances[viewport, row] = far_px
        return distances

    def states_of(self, serials: Iterable[int | None]) -> Ints:
        """Index of the first state of each serial, -1 for none."""
        first: dict[int | None, int] = {}
        for index, state in enumerate(self.timeline.states):
            first.setdefault(state.serial, index)
        return np.array([first.get(serial, -1) for serial in serials], dtype=np.intp)

    def image_size_px(self, reading: Ints, state: Ints) -> Array:
        """Width and height (n, 2) of the image shown, 0 without a reading."""
        of_reading = [(r.image_width_px, r.image_height_px) for r in self.readings]
        size_px = np.array([*of_reading, (0, 0)], dtype=np.float64)[reading]
        own = [s.image_size_px or (np.nan, np.nan) for s in self.timeline.states]
        own_px = np.array([*own, (np.nan, np.nan)], dtype=np.float64)[state]
        return np.asarray(np.where(np.isnan(own_px), size_px, own_px))

    def case_ids(self, reading: Ints, state: Ints) -> list[str | None]:
        """The case looked at: the viewport's, else the reading's; None between readings."""
        of_reading = [*(r.case_id for r in self.readings), None]
        of_state = [*(s.case_id for s in self.timeline.states), ""]
        return [of_state[s] or of_reading[r] for r, s in zip(reading, state, strict=True)]

    def to_image(self, t_s: Array, xy_screen_px: Array, state: Ints | None = None) -> OnImage:
        """Screen points (n, 2) on the image through the viewport valid at each time (n,).

        `state` (n,) are the states to take, by default those of `state_at`.
        """
        state = self.state_at(t_s, xy_screen_px) if state is None else state
        xy_image = np.full_like(xy_screen_px, np.nan)
        in_viewport = np.zeros(len(t_s), dtype=np.bool_)
        for index in np.unique(state[state >= 0]):
            rows = np.flatnonzero(state == index)
            shown = self.timeline.states[index]
            xy_image[rows] = shown.transform.to_image(xy_screen_px[rows])
            in_viewport[rows] = shown.contains(xy_screen_px[rows])
        size_px = self.image_size_px(self.reading_at(t_s), state)
        on_image = np.all((xy_image >= 0) & (xy_image < size_px), axis=1)
        return OnImage(xy_image, np.asarray(on_image), in_viewport)


def _kept_while_lost(distances_px: Array) -> Ints:
    """The viewport (n,) nearest to each point; where the point is lost, that of the last one."""
    lost = np.isnan(distances_px).any(axis=0)
    nearest = np.argmin(np.where(np.isnan(distances_px), np.inf, distances_px), axis=0)
    last = np.maximum.accumulate(np.where(lost, 0, np.arange(lost.size)))
    return np.asarray(nearest[last])


def session_history(markers: Iterable[AnyMarker]) -> History:
    """Readings and viewports from a session's markers."""
    known = tuple(markers)
    return History(reading_intervals(known), viewport_timeline(known))
