"""Microsaccades of the simulated eye: small jumps within a fixation that bring it back."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from gazecore.synthetic.kinematics import Saccade, peak_over_mean, saccade_duration_s

if TYPE_CHECKING:
    import numpy as np

Point = tuple[float, float]

_REST_S = 0.1
"""None follows a saccade or another one sooner."""

_MEDIAN_DEG = 0.25
_LOG_SPREAD = 0.4
_RANGE_DEG = (0.08, 0.7)
_DIRECTION_SPREAD = 0.5
_HORIZONTAL_SHARE = 0.8
_FAR_DEG = 0.12


class Microsaccades:
    """One to two a second while the eye fixates, of a quarter degree, on the main sequence.

    Rate and size as reviewed by Martinez-Conde, Otero-Millan and Macknik (2013, Nat. Rev.
    Neurosci. 14): 1-2 per second, nearly all below 1 degree. An eye that is off its point is
    brought back, one that is on it goes sideways rather than up or down.

    Parameters
    ----------
    random : numpy.random.Generator
    per_s : float
        How many a second of fixation, beyond the tenth of a second of rest; 0 for none.
    """

    def __init__(self, random: np.random.Generator, per_s: float) -> None:
        self._random = random
        self._per_s = per_s
        self._rested: Point = (0.0, 0.0)
        self._move: Saccade | None = None
        self._next_s = math.inf

    def restart(self, t_s: float) -> None:
        """A new fixation begins at its point."""
        self._rested, self._move = (0.0, 0.0), None
        self._plan(t_s)

    def at(self, t_s: float, drift_deg: Point) -> Point:
        """Offset in degrees at a time that never falls, with the eye `drift_deg` off besides."""
        if self._move is not None:
            if t_s < self._move.stop_s:
                return self._move.at(t_s)
            self._rested = self._move.to_px
            self._plan(self._move.stop_s)
            self._move = None
        if t_s < self._next_s:
            return self._rested
        self._move = self._jump(t_s, drift_deg)
        return self._move.at(t_s)

    def _plan(self, after_s: float) -> None:
        if self._per_s > 0:
            self._next_s = after_s + _REST_S + float(self._random.exponential(1.0 / self._per_s))

    def _jump(self, t_s: float, drift_deg: Point) -> Saccade:
        random = self._random
        size = float(random.lognormal(math.log(_MEDIAN_DEG), _LOG_SPREAD))
        size = min(max(size, _RANGE_DEG[0]), _RANGE_DEG[1])
        x, y = self._rested
        off_x, off_y = x + drift_deg[0], y + drift_deg[1]
        if math.hypot(off_x, off_y) > _FAR_DEG:
            angle = math.atan2(-off_y, -off_x)
        else:
            angle = 0.0 if random.random() < 0.5 else math.pi
            if random.random() > _HORIZONTAL_SHARE:
                angle += math.pi / 2
        angle += float(random.normal(0.0, _DIRECTION_SPREAD))
        target = (x + size * math.cos(angle), y + size * math.sin(angle))
        return Saccade(
            self._rested, target, t_s, t_s + saccade_duration_s(size), peak_over_mean(size)
        )
