"""Blinks of the simulated eye, and what the lid does to a tracker on its way."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

CLOSING_S = 0.03
OPENING_S = 0.05
"""The lid covers the pupil within these times before and after the eye is lost; it opens slower
than it closes (VanderWerf et al. 2003, J. Neurophysiol. 89)."""

DRAG_DEG = 2.0
"""Gaze is dragged down so far, because what is left of the pupil is its lower part."""

_EVERY_S = (3.0, 5.0)
_LASTS_S = (0.1, 0.3)


class Blinks:
    """Blinks lose the eyes for .1-.3 s; the next loss starts 3-5 s after the last ended.

    Parameters
    ----------
    random : numpy.random.Generator
    start_s : float
        The eyes are open from here on.
    has_flanks : bool
        Whether the lid is seen to close and to open before and after the loss.
    """

    def __init__(
        self, random: np.random.Generator, start_s: float, *, has_flanks: bool = False
    ) -> None:
        self._random = random
        self._has_flanks = has_flanks
        self._opened_s = -math.inf
        self._start_s = self._stop_s = start_s
        self._plan(start_s)

    def _plan(self, after_s: float) -> None:
        self._start_s = after_s + float(self._random.uniform(*_EVERY_S))
        self._stop_s = self._start_s + float(self._random.uniform(*_LASTS_S))

    def closure(self, t_s: float) -> float:
        """How far the lid covers the pupil at a time that never falls: 0 open, 1 eye lost."""
        while t_s >= self._stop_s:
            self._opened_s = self._stop_s
            self._plan(self._stop_s)
        if t_s >= self._start_s:
            return 1.0
        if not self._has_flanks:
            return 0.0
        closing = 1.0 - (self._start_s - t_s) / CLOSING_S
        opening = 1.0 - (t_s - self._opened_s) / OPENING_S
        return max(closing, opening, 0.0)

    def is_closed(self, t_s: float) -> bool:
        """Whether the eyes are lost at a time that never falls."""
        return self.closure(t_s) >= 1.0
