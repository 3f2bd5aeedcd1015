"""The fixations of a session in pieces as arrays, for many detectors on the same gaze.

The same pieces as in `gazecore.analysis.fixation_table`, without those in pans, at a tenth of the
time: what does not depend on the detector is worked out once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from gazecore.events.tables import fixation_table
from gazecore.events.track import make_track, time_order

if TYPE_CHECKING:
    import polars as pl

    from gazecore.analysis.history import History
    from gazecore.analysis.shown_states import ShownStates
    from gazecore.events.labels import Detector
    from gazecore.geometry import Screen

Array = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Pieces:
    """Pieces of fixations, arrays of one length n in rising time.

    Attributes
    ----------
    fixation, reading : (n,)
        Number of the fixation, index of the reading (-1: between readings).
    duration_s : (n,)
    xy_image_px, sigma_px : (n, 2)
        NaN without a place.
    shown_px : (n, 4)
        The part of the image shown, NaN without a viewport.
    on_image, in_viewport : (n,)
    of_case : (n,)
        Whether the image looked at is that of the reading's case.
    """

    fixation: Ints
    reading: Ints
    duration_s: Array
    xy_image_px: Array
    sigma_px: Array
    shown_px: Array
    on_image: Mask
    in_viewport: Mask
    of_case: Mask


class EyeGaze:
    """The gaze of one eye or both over a session, and what was shown under each sample.

    Parameters
    ----------
    gaze : polars.DataFrame
        From `gazecore.analysis.gaze_on_image`.
    history, states, screen
        Of the same session.
    """

    def __init__(
        self, gaze: pl.DataFrame, history: History, states: ShownStates, screen: Screen
    ) -> None:
        self._states, self._screen = states, screen
        self._t_s = gaze["t_s"].to_numpy()
        xy = gaze.select("x_screen_px", "y_screen_px").to_numpy()
        self._xy_px = np.asarray(xy, dtype=np.float64)
        self._reading = history.reading_at(self._t_s)
        self._serial = gaze["viewport_serial"].fill_null(-1).to_numpy()
        self._during_pan = gaze["during_pan"].to_numpy()
        below = np.stack([self._reading, self._serial, self._during_pan], axis=1)
        self._run = np.append(0, np.cumsum((below[1:] != below[:-1]).any(axis=1)))
        self._history = history
        self._case_of_state = _cases_of_states(history)

    def pieces(self, detector: Detector) -> Pieces:
        """The fixations that a detector finds."""
        onset_s, offset_s = self._fixations(detector)
        number = np.searchsorted(onset_s, self._t_s, side="right") - 1
        rows = np.flatnonzero(self._t_s < np.append(offset_s, -np.inf)[number])
        begins = np.append(True, (np.diff(number[rows]) != 0) | (np.diff(self._run[rows]) != 0))
        starts = np.flatnonzero(begins[: len(rows)])
        first = rows[starts]
        from_s, fixation = self._t_s[first], number[first]
        same_goes_on = np.append(fixation[1:] == fixation[:-1], False)[: len(first)]
        until_s = np.where(same_goes_on, np.append(from_s[1:], 0)[: len(first)], offset_s[fixation])
        still = ~self._during_pan[first]
        xy_px = _means(self._xy_px[rows], starts)
        return self._placed(first[still], fixation[still], (until_s - from_s)[still], xy_px[still])

    def _fixations(self, detector: Detector) -> tuple[Array, Array]:
        order = time_order(self._t_s)
        track = make_track(
            self._t_s[order.chosen],
            self._xy_px[order.chosen],
            self._screen,
            None,
            detector.max_gap_s,
        )
        if not len(track.t_s):
            return np.empty(0), np.empty(0)
        found = fixation_table(detector.label(track), track, self._screen)
        return found["onset_s"].to_numpy(), found["offset_s"].to_numpy()

    def _placed(self, first: Ints, fixation: Ints, duration_s: Array, xy_px: Array) -> Pieces:
        """Pieces by their first sample, on the image under it."""
        states, reading = self._states, self._reading[first]
        state = self._history.states_of(self._serial[first].tolist())
        xy_image_px = states.to_image(state, xy_px)
        size_px = self._history.image_size_px(reading, state)
        case = self._case_of_state[state]
        return Pieces(
            fixation=fixation,
            reading=reading,
            duration_s=duration_s,
            xy_image_px=xy_image_px,
            sigma_px=states.px_per_deg(state, xy_image_px, self._screen),
            shown_px=states.image_px[state],
            on_image=np.asarray(((xy_image_px >= 0) & (xy_image_px < size_px)).all(axis=1)),
            in_viewport=states.in_viewport(state, xy_px),
            of_case=case,
        )


def _cases_of_states(history: History) -> Mask:
    """Which states (k + 1,) show the case of their reading; what is not shown, the last, does."""
    cases = {reading.reading_id: reading.case_id for reading in history.readings}
    own = [
        not state.case_id or cases.get(state.reading_id) == state.case_id
        for state in history.timeline.states
    ]
    return np.array([*own, True])


def _means(xy: Array, starts: Ints) -> Array:
    """Means (k, 2) of the points (n, 2) from each start on, lost ones left out."""
    if not len(starts):
        return np.empty((0, 2))
    seen = np.asarray(np.isfinite(xy).all(axis=1))
    sums = np.add.reduceat(np.where(seen[:, None], xy, 0.0), starts, axis=0)
    counts = np.add.reduceat(seen, starts, dtype=np.float64)
    counts[counts == 0] = np.nan
    return np.asarray(sums / counts[:, None])
