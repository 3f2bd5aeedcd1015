"""When a reader moved the image: a pan draws the eye along, and that pursuit is no fixation.

A pan lasts from the first frame that shows the image moved to `PURSUIT_TAIL_S` after the last.
Smooth pursuit begins about .1 s after its target and outlives it by as much (Robinson, The
mechanics of human smooth pursuit eye movement, J Physiol 180, 1965; Lisberger, Neuron 66, 2010),
so two moves that are nearer in time than the tail are one pan.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from gazecore.analysis.viewports import ViewportTimeline

Array = npt.NDArray[np.float64]

PURSUIT_TAIL_S = 0.15
"""How long after the image's last move the eye may still follow it."""


def pan_intervals(timeline: ViewportTimeline, viewport: int) -> Array:
    """The pans of one viewport, half-open [start_s, stop_s), (k, 2), in rising time.

    The frame drawn smoothly at rest does not move the image and prolongs none.
    """
    moved_s = np.array(
        [
            from_s
            for from_s, state in zip(timeline.from_s, timeline.states, strict=True)
            if state.viewport == viewport and state.by_pan
        ]
    )
    if not len(moved_s):
        return np.empty((0, 2))
    begins = np.append(True, np.diff(moved_s) > PURSUIT_TAIL_S)
    ends = np.append(begins[1:], True)
    return np.stack([moved_s[begins], moved_s[ends] + PURSUIT_TAIL_S], axis=1)


def during_pan(
    timeline: ViewportTimeline, t_s: Array, state: npt.NDArray[np.intp]
) -> npt.NDArray[np.bool_]:
    """Which times (n,) lie in a pan of the viewport that was looked at.

    Parameters
    ----------
    timeline : ViewportTimeline
        What was shown.
    t_s : (n,)
        Times.
    state : (n,)
        Index of the state looked at, as `History.state_at` gives it; -1 is in no pan.
    """
    viewport_of = np.array([*(shown.viewport for shown in timeline.states), -1])[state]
    inside = np.zeros(len(t_s), dtype=np.bool_)
    for viewport in timeline.viewports:
        pans_s = pan_intervals(timeline, viewport)
        number = np.searchsorted(pans_s[:, 0], t_s, side="right") - 1
        stops_s = np.append(pans_s[:, 1], -np.inf)
        inside |= (viewport_of == viewport) & (t_s < stops_s[number])
    return inside
