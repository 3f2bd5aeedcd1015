"""Dispersion threshold, I-DT (Salvucci and Goldberg 2000)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from gazecore.events.labels import Label
from gazecore.events.runs import runs_of
from gazecore.events.velocity import screen_angles_deg

if TYPE_CHECKING:
    from gazecore.events.track import Track

Array = npt.NDArray[np.float64]
_CHUNK = 64


@dataclass(frozen=True, slots=True)
class DispersionDetector:
    """Gaze is a fixation while (max x - min x) + (max y - min y) stays within the limit."""

    max_dispersion_deg: float = 1.0
    min_fixation_s: float = 0.100
    max_gap_s: float = 0.030

    def label(self, track: Track) -> npt.NDArray[np.uint8]:
        """Labels (m,) of a track.

        What is no fixation counts as saccade, as published, except in a stretch between losses
        that is too short for any fixation: that stays undefined.
        """
        labels = np.full(len(track.t_s), Label.SACCADE, dtype=np.uint8)
        angles = screen_angles_deg(track)
        for start, stop in zip(*runs_of(~track.missing, track.breaks), strict=True):
            self._label_run(
                labels[start:stop], angles[start:stop], track.t_s[start:stop], track.interval_s
            )
        labels[track.missing] = Label.LOSS
        return labels

    def _label_run(
        self, labels: npt.NDArray[np.uint8], angles: Array, t_s: Array, interval_s: float
    ) -> None:
        """Grow a fixation from each place where the shortest one fits, in place."""
        at_least = np.searchsorted(t_s, t_s + self.min_fixation_s - interval_s - 1e-9)
        at_least = np.maximum(at_least, np.arange(len(t_s)))
        if at_least[0] == len(t_s):
            labels[:] = Label.UNDEFINED
            return
        fitting = _fits(angles, at_least, self.max_dispersion_deg)
        start = 0
        while (later := np.searchsorted(fitting, start)) < len(fitting):
            start = int(fitting[later])
            stop = _grown(angles, start, int(at_least[start]) + 1, self.max_dispersion_deg)
            labels[start:stop] = Label.FIXATION
            start = stop


def _fits(angles: Array, last: npt.NDArray[np.intp], limit_deg: float) -> npt.NDArray[np.intp]:
    """Where the samples from i up to and with last[i] stay within the limit."""
    inside = np.flatnonzero(last < len(angles))
    if not len(inside):
        return inside
    extent = _range_by_doubling(angles, inside, last[inside])
    return np.asarray(inside[extent.sum(axis=1) <= limit_deg])


def _range_by_doubling(
    angles: Array, first: npt.NDArray[np.intp], last: npt.NDArray[np.intp]
) -> Array:
    """Range of each closed stretch [first, last] per axis: two overlapping powers of two."""
    lengths = last - first + 1
    level = np.floor(np.log2(lengths)).astype(np.intp)
    extent = np.zeros((len(first), angles.shape[1]))
    high, low = angles, angles
    for power in range(int(level.max()) + 1):
        mine = np.flatnonzero(level == power)
        a, b = first[mine], last[mine] - (1 << power) + 1
        extent[mine] = np.maximum(high[a], high[b]) - np.minimum(low[a], low[b])
        step = 1 << power
        high = np.maximum(high[:-step], high[step:])
        low = np.minimum(low[:-step], low[step:])
    return extent


def _grown(angles: Array, start: int, stop: int, limit_deg: float) -> int:
    """One past the last sample that can join the fixation [start, stop)."""
    high, low = angles[start:stop].max(axis=0), angles[start:stop].min(axis=0)
    while stop < len(angles):
        chunk = angles[stop : stop + _CHUNK]
        highs = np.maximum(np.maximum.accumulate(chunk), high)
        lows = np.minimum(np.minimum.accumulate(chunk), low)
        beyond = np.flatnonzero((highs - lows).sum(axis=1) > limit_deg)
        if len(beyond):
            return stop + int(beyond[0])
        high, low = highs[-1], lows[-1]
        stop += len(chunk)
    return stop
