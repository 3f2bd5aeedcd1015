"""How the simulated eye moves fast: saccades on the main sequence, and how they settle.

Duration and peak velocity of a saccade are two published lines. Together they ask for a velocity
that rises, stays and falls (a trapezoid with rounded ramps): its peak is 1 / (1 - ramp) times its
mean. Below some 6 degrees the lines contradict each other, the peak would lie below the mean;
there the duration counts, and the peak is 1.2 times the mean.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

Point = tuple[float, float]

OSCILLATION_S = 0.024
"""Mean duration of post-saccadic movements (Nystrom and Holmqvist 2010, Behav. Res. Methods 42)."""

_OSCILLATION_SHARE = 0.5
_OSCILLATION_OF_AMPLITUDE = 0.05
_LARGEST_OSCILLATION_DEG = 0.3
_SMALLEST_SACCADE_THAT_OSCILLATES_DEG = 1.0
_OSCILLATION_DECAY_S = 0.010
_LEAST_PEAK_OVER_MEAN = 1.2
_DRIFT_DEG_PER_ROOT_S = 0.1
_DRIFT_RETURN_PER_S = 5.0


def saccade_duration_s(amplitude_deg: float) -> float:
    """Duration on the main sequence: 2.2 ms per degree plus 21 ms (Carpenter 1988)."""
    return 0.0022 * amplitude_deg + 0.021


def main_sequence_peak_deg_s(amplitude_deg: float) -> float:
    """Published peak velocity: 500 (1 - exp(-A / 14)) degrees/s (form of Baloh et al. 1975)."""
    return 500.0 * -math.expm1(-amplitude_deg / 14.0)


def peak_over_mean(amplitude_deg: float) -> float:
    """Peak velocity of our saccades over their mean velocity, at least 1.2."""
    if amplitude_deg <= 0:
        return _LEAST_PEAK_OVER_MEAN
    mean_deg_s = amplitude_deg / saccade_duration_s(amplitude_deg)
    return max(main_sequence_peak_deg_s(amplitude_deg) / mean_deg_s, _LEAST_PEAK_OVER_MEAN)


def saccade_peak_deg_s(amplitude_deg: float) -> float:
    """Peak velocity of our saccades: as published from some 16 degrees, above it below that.

    52, 188, 279 and 380 degrees/s at 1, 5, 10 and 20 degrees.
    """
    return peak_over_mean(amplitude_deg) * amplitude_deg / saccade_duration_s(amplitude_deg)


def saccade_progress(share: float, ratio: float = _LEAST_PEAK_OVER_MEAN) -> float:
    """Share of the way covered after a `share` of the duration.

    Velocity rises as a raised cosine to `ratio` times its mean, stays, and falls likewise.
    """
    if share <= 0.0:
        return 0.0
    if share >= 1.0:
        return 1.0
    if share > 0.5:
        return 1.0 - saccade_progress(1.0 - share, ratio)
    ramp = 1.0 - 1.0 / ratio
    if share >= ramp:
        return ratio * (share - ramp / 2)
    return ratio / 2 * (share - ramp / math.pi * math.sin(math.pi * share / ramp))


@dataclass(frozen=True, slots=True)
class Saccade:
    """A straight movement between two points of the screen, [start_s, stop_s).

    `ratio` is its peak velocity over its mean.
    """

    from_px: Point
    to_px: Point
    start_s: float
    stop_s: float
    ratio: float = _LEAST_PEAK_OVER_MEAN

    def at(self, t_s: float) -> Point:
        """Position at a time, in the unit of its ends."""
        share = (t_s - self.start_s) / (self.stop_s - self.start_s)
        done = saccade_progress(share, self.ratio)
        return (
            self.from_px[0] + done * (self.to_px[0] - self.from_px[0]),
            self.from_px[1] + done * (self.to_px[1] - self.from_px[1]),
        )


@dataclass(frozen=True, slots=True)
class Oscillation:
    """The eye settling after a saccade: one damped swing along its direction, [start, stop).

    `swing_px` is the amplitude of the undamped swing as a vector on the screen.
    """

    swing_px: Point
    start_s: float

    @property
    def stop_s(self) -> float:
        """When it is over."""
        return self.start_s + OSCILLATION_S

    def at(self, t_s: float) -> Point:
        """Offset from where the saccade ended, in physical pixels of the screen."""
        elapsed_s = t_s - self.start_s
        if not 0.0 <= elapsed_s < OSCILLATION_S:
            return 0.0, 0.0
        swing = math.exp(-elapsed_s / _OSCILLATION_DECAY_S) * math.sin(
            2 * math.pi * elapsed_s / OSCILLATION_S
        )
        return swing * self.swing_px[0], swing * self.swing_px[1]


def oscillation_after(
    saccade: Saccade, amplitude_deg: float, random: np.random.Generator
) -> Oscillation | None:
    """How a saccade settles: in half of the cases by a swing of 5 % of it, at most .3 degree.

    Nystrom and Holmqvist (2010) found such movements after about half of the saccades; none
    follows a saccade below 1 degree here.
    """
    if amplitude_deg < _SMALLEST_SACCADE_THAT_OSCILLATES_DEG:
        return None
    if random.random() >= _OSCILLATION_SHARE:
        return None
    share = min(_OSCILLATION_OF_AMPLITUDE, _LARGEST_OSCILLATION_DEG / amplitude_deg)
    (x0, y0), (x1, y1) = saccade.from_px, saccade.to_px
    return Oscillation((share * (x1 - x0), share * (y1 - y0)), saccade.stop_s)


class FixationalDrift:
    """A wander about the fixation point that returns: standard deviation .03 degree per axis.

    An Ornstein-Uhlenbeck process with a return of 5 per second and a diffusion of 18 arcmin^2/s,
    of the order published for fixating eyes (Kuang et al. 2012, Curr. Biol. 22). Its power
    density per axis is .01 / (25 + (2 pi f)^2) degree^2/Hz, over positive and negative f.
    """

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
