"""How the simulated eye moves: saccades on the main sequence, drift during fixation, blinks."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

Point = tuple[float, float]

_DRIFT_DEG_PER_ROOT_S = 0.1
_DRIFT_RETURN_PER_S = 5.0
_BLINK_EVERY_S = (3.0, 5.0)
_BLINK_LASTS_S = (0.1, 0.3)


def saccade_duration_s(amplitude_deg: float) -> float:
    """Duration on the main sequence: 2.2 ms per degree plus 21 ms (Carpenter 1988)."""
    return 0.0022 * amplitude_deg + 0.021


def saccade_peak_deg_s(amplitude_deg: float) -> float:
    """Peak velocity of our saccades: pi/2 of the mean, as of a raised-cosine velocity profile.

    With `saccade_duration_s` this gives 68, 245, 365 and 482 degrees/s at 1, 5, 10 and 20
    degrees.
    """
    return math.pi / 2 * amplitude_deg / saccade_duration_s(amplitude_deg)


def saccade_progress(share: float) -> float:
    """Share of the way covered after a `share` of the duration; velocity is a half sine."""
    if share <= 0.0:
        return 0.0
    return 1.0 if share >= 1.0 else 0.5 * (1.0 - math.cos(math.pi * share))


@dataclass(frozen=True, slots=True)
class Saccade:
    """A straight movement between two points of the screen, [start_s, stop_s)."""

    from_px: Point
    to_px: Point
    start_s: float
    stop_s: float

    def at(self, t_s: float) -> Point:
        """Position at a time, in physical pixels of the screen."""
        done = saccade_progress((t_s - self.start_s) / (self.stop_s - self.start_s))
        return (
            self.from_px[0] + done * (self.to_px[0] - self.from_px[0]),
            self.from_px[1] + done * (self.to_px[1] - self.from_px[1]),
        )


class FixationalDrift:
    """A wander about the fixation point that returns: standard deviation .03 degree per axis."""

    def __init__(self, random: np.random.Generator) -> None:
        self._random = random
        self._offset_deg = (0.0, 0.0)
        self._at_s = -math.inf

    def restart(self, t_s: float) -> None:
        """A new fixation begins exactly at its point."""
        self._offset_deg = (0.0, 0.0)
        self._at_s = t_s

    def at(self, t_s: float) -> Point:
        """Offset from the fixation point in degrees at a time that never falls."""
        step_s = t_s - self._at_s
        if step_s > 0:
            keep = math.exp(-_DRIFT_RETURN_PER_S * step_s)
            spread = _DRIFT_DEG_PER_ROOT_S * math.sqrt(
                (1.0 - keep * keep) / (2.0 * _DRIFT_RETURN_PER_S)
            )
            dx, dy = self._random.standard_normal(2)
            x, y = self._offset_deg
            self._offset_deg = (keep * x + spread * float(dx), keep * y + spread * float(dy))
            self._at_s = t_s
        return self._offset_deg


class Blinks:
    """Blinks of .1-.3 s, the next one starts 3-5 s after the last ended."""

    def __init__(self, random: np.random.Generator, start_s: float) -> None:
        self._random = random
        self._start_s = self._stop_s = start_s
        self._plan(start_s)

    def _plan(self, after_s: float) -> None:
        self._start_s = after_s + float(self._random.uniform(*_BLINK_EVERY_S))
        self._stop_s = self._start_s + float(self._random.uniform(*_BLINK_LASTS_S))

    def is_closed(self, t_s: float) -> bool:
        """Whether the eyes are closed at a time that never falls."""
        while t_s >= self._stop_s:
            self._plan(self._stop_s)
        return t_s >= self._start_s
