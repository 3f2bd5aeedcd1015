"""Saccades as outliers in two-dimensional velocity space (Engbert and Kliegl 2003)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from gazecore.events.labels import Label
from gazecore.events.runs import paint, runs_of
from gazecore.events.velocity import screen_angles_deg

if TYPE_CHECKING:
    from gazecore.events.track import Track

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class EngbertKlieglDetector:
    """Velocities outside an ellipse of `noise_factor` median-based deviations are saccades."""

    noise_factor: float = 6.0
    min_saccade_s: float = 0.010
    max_gap_s: float = 0.030

    def label(self, track: Track) -> npt.NDArray[np.uint8]:
        """Labels (m,) of a track; all that is no saccade counts as fixation."""
        labels = np.full(len(track.t_s), Label.FIXATION, dtype=np.uint8)
        starts, stops = runs_of(self._is_outlier(_velocity_deg_s(track)), track.breaks)
        lasting_s = track.t_s[stops - 1] - track.t_s[starts] + track.interval_s
        kept = lasting_s >= self.min_saccade_s - 1e-9
        paint(labels, starts[kept], stops[kept], Label.SACCADE)
        labels[track.missing] = Label.LOSS
        return labels

    def _is_outlier(self, velocity: Array) -> npt.NDArray[np.bool_]:
        known = velocity[np.isfinite(velocity).all(axis=1)]
        if not len(known):
            return np.zeros(len(velocity), dtype=np.bool_)
        variance = np.median(known**2, axis=0) - np.median(known, axis=0) ** 2
        radius = self.noise_factor * np.sqrt(np.maximum(variance, 0))
        if not (radius > 0).all():
            return np.zeros(len(velocity), dtype=np.bool_)
        return np.asarray(((velocity / radius) ** 2).sum(axis=1) > 1)


def _velocity_deg_s(track: Track) -> Array:
    """Slope over five samples, (m, 2); NaN where they leave a valid run."""
    velocity = np.full((len(track.t_s), 2), np.nan)
    if len(velocity) < 5:
        return velocity
    for axis, angle in enumerate(screen_angles_deg(track).T):
        velocity[2:-2, axis] = _slope(angle) / _slope(track.t_s)
    for offset in range(-2, 2):
        velocity[np.clip(track.breaks + offset, 0, len(velocity) - 1)] = np.nan
    return velocity


def _slope(values: Array) -> Array:
    return np.asarray(values[4:] + values[3:-1] - values[1:-3] - values[:-4])
