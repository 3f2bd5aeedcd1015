"""Velocity threshold as in Tobii Pro Lab (Olsen 2012, The Tobii I-VT Fixation Filter)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from gazecore.events.labels import Label
from gazecore.events.runs import Ints, paint, reduce_runs, runs_of
from gazecore.events.velocity import gaze_vectors, half_width, window_speed_deg_s

if TYPE_CHECKING:
    from gazecore.events.track import Track

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class TobiiDetector:
    """I-VT: slower than the threshold is fixation, then neighbours merge, then short ones go."""

    threshold_deg_s: float = 30.0
    max_gap_s: float = 0.075
    window_s: float = 0.020
    merge_within_s: float = 0.075
    merge_within_deg: float = 0.5
    min_fixation_s: float = 0.060

    def label(self, track: Track) -> npt.NDArray[np.uint8]:
        """Labels (m,) of a track; without a velocity a sample stays undefined."""
        speed = window_speed_deg_s(track, half_width(track.interval_s, self.window_s / 2))
        labels = np.full(len(speed), Label.UNDEFINED, dtype=np.uint8)
        labels[speed >= self.threshold_deg_s] = Label.SACCADE
        starts, stops = runs_of(speed < self.threshold_deg_s, track.breaks)
        starts, stops = self._merge(track, starts, stops)
        lasting_s = track.t_s[stops - 1] - track.t_s[starts] + track.interval_s
        kept = lasting_s >= self.min_fixation_s - 1e-9
        paint(labels, starts, stops, Label.UNDEFINED)
        paint(labels, starts[kept], stops[kept], Label.FIXATION)
        labels[track.missing] = Label.LOSS
        return labels

    def _merge(self, track: Track, starts: Ints, stops: Ints) -> tuple[Ints, Ints]:
        """Join neighbours near in time and angle; the joined centroid meets the next one."""
        if len(starts) < 2:
            return starts, stops
        close = self._close_in_time(track, starts, stops).tolist()
        sums = reduce_runs(np.add, gaze_vectors(track), starts, stops).tolist()
        first, total = [0], sums[0]
        for i in range(1, len(starts)):
            if close[i - 1] and _angle_deg(total, sums[i]) <= self.merge_within_deg:
                total = [a + b for a, b in zip(total, sums[i], strict=True)]
            else:
                first.append(i)
                total = sums[i]
        last = np.append(np.array(first[1:], dtype=np.intp), len(starts)) - 1
        return starts[np.array(first, dtype=np.intp)], stops[last]

    def _close_in_time(self, track: Track, starts: Ints, stops: Ints) -> npt.NDArray[np.bool_]:
        """Which neighbours lie near in time, with neither missing data nor a break between."""
        near = track.t_s[starts[1:]] - track.t_s[stops[:-1] - 1] <= self.merge_within_s
        missing = np.concatenate([np.zeros(1, np.intp), np.cumsum(track.missing)])
        whole = missing[starts[1:]] == missing[stops[:-1]]
        unbroken = np.searchsorted(track.breaks, stops[:-1]) == np.searchsorted(
            track.breaks, starts[1:], side="right"
        )
        return np.asarray(near & whole & unbroken)


def _angle_deg(a: list[float], b: list[float]) -> float:
    """Angle between two sums of gaze vectors, which point where their means do."""
    cross = (
        a[1] * b[2] - a[2] * b[1],
        a[2] * b[0] - a[0] * b[2],
        a[0] * b[1] - a[1] * b[0],
    )
    along = a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
    return math.degrees(math.atan2(math.hypot(*cross), along))
