"""Lobes: the single bursts of speed of which saccades and their after-swings are made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view

from gazecore.events.runs import Ints, Mask, members, runs_of
from gazecore.events.velocity import half_width

if TYPE_CHECKING:
    from gazecore.events.track import Track
    from gazecore.events.velocity import Speed

Array = npt.NDArray[np.float64]
_MOST_ROUNDS = 8


@dataclass(frozen=True, slots=True)
class Lobes:
    """k half-open stretches of samples in rising order, with one peak of speed each.

    Attributes
    ----------
    starts, stops : (k,) intp
    peaks_deg_s : (k,) float64
    pause_s : (k,) float64
        Time since the lobe before, 0 where they touch; infinite for the first.
    """

    starts: Ints
    stops: Ints
    peaks_deg_s: Array
    pause_s: Array

    def __len__(self) -> int:
        return len(self.starts)

    def lasting_s(self, track: Track, of: Ints) -> Array:
        """Time from half a sample before some lobes to one sample after them, (j,)."""
        lasting_s = track.t_s[self.stops[of] - 1] - track.t_s[self.starts[of]]
        return np.asarray(lasting_s + 1.5 * track.interval_s)

    def travel_mm(self, track: Track, of: Ints) -> Array:
        """From the last sample before some lobes to the first one after them, (j, 2)."""
        before = np.maximum(self.starts[of] - 1, 0)
        after = np.minimum(self.stops[of], len(track.t_s) - 1)
        x, y = track.xy_mm.T
        return np.stack([x[after] - x[before], y[after] - y[before]], axis=1)


def find_lobes(track: Track, speed: Speed, limit_deg_s: float, dip_share: float) -> Lobes:
    """Stretches faster than a limit, cut behind each dip under a share of both its peaks.

    Parameters
    ----------
    track : Track
        Of m samples.
    speed : (m,) float32
        Degrees per second, NaN where unknown.
    limit_deg_s : float
    dip_share : float
    """
    starts, stops = runs_of(speed > limit_deg_s, track.breaks)
    inside = members(starts, stops)
    own = speed[inside]
    ends = np.cumsum(stops - starts)
    is_cut = np.zeros(len(own), dtype=np.bool_)
    is_cut[_dips(own, ends) + 1] = True
    begins = is_cut.copy()
    begins[ends - (stops - starts)] = True
    first = np.flatnonzero(begins)
    if not len(first):
        return measure_lobes(track, starts, stops, np.empty(0))
    dips = np.where(is_cut[first], own[first - 1], -np.inf)
    stops = np.append(inside[first[1:] - 1], inside[-1]) + 1
    peaks = np.maximum.reduceat(own, first).astype(np.float64)
    return measure_lobes(
        track, *_without_shallow_dips(inside[first], stops, peaks, dips, dip_share)
    )


def _without_shallow_dips(
    starts: Ints, stops: Ints, peaks: Array, dips: Array, dip_share: float
) -> tuple[Ints, Ints, Array]:
    """Starts, stops and peaks when lobes that rise little above a dip have joined over it.

    `dips` is the speed at the cut before each lobe, -inf where there is none. A lobe gives up
    the higher of the two dips beside it, and again until all stand out.
    """
    for _ in range(_MOST_ROUNDS):
        after = np.append(dips[1:], -np.inf)
        flat = np.maximum(dips, after) >= dip_share * peaks
        joined = flat & (dips >= after)
        joined[1:] |= (flat & (dips < after))[:-1]
        if not joined.any():
            break
        starts, stops, peaks = _joined(joined, starts, stops, peaks)
        dips = dips[~joined]
    return starts, stops, peaks


def _joined(joined: Mask, starts: Ints, stops: Ints, peaks: Array) -> tuple[Ints, Ints, Array]:
    """Each lobe marked becomes one with the lobe before it; the first is never marked."""
    kept = np.flatnonzero(~joined)
    return (
        starts[kept],
        stops[np.append(kept[1:], len(stops)) - 1],
        np.maximum.reduceat(peaks, kept),
    )


def measure_lobes(track: Track, starts: Ints, stops: Ints, peaks_deg_s: Array) -> Lobes:
    """The lobes [start, stop) with what they are told apart by."""
    pause_s = np.full(len(starts), np.inf)
    pause_s[1:] = track.t_s[starts[1:]] - track.t_s[stops[:-1] - 1] - track.interval_s
    pause_s[1:][starts[1:] == stops[:-1]] = 0.0
    return Lobes(starts, stops, peaks_deg_s, pause_s)


def join_lobes(track: Track, lobes: Lobes, joined: Mask) -> Lobes:
    """Each lobe marked in `joined` (k,), never the first, becomes one with the lobe before it."""
    if not joined.any():
        return lobes
    return measure_lobes(track, *_joined(joined, lobes.starts, lobes.stops, lobes.peaks_deg_s))


def go_on_forward(track: Track, lobes: Lobes, of: Ints, cosine: float) -> Mask:
    """Which of some lobes move within an angle of the way the lobe before them moved, (j,)."""
    now, before = lobes.travel_mm(track, of), lobes.travel_mm(track, of - 1)
    far = np.sqrt(_dot(now, now) * _dot(before, before))
    return np.asarray(_dot(now, before) > cosine * far)


def _dot(a: Array, b: Array) -> Array:
    return np.asarray(a[:, 0] * b[:, 0] + a[:, 1] * b[:, 1])


def step_shares(track: Track, lobes: Lobes, of: Ints, within_s: float) -> Array:
    """How much of the travel of some lobes is left when gaze around them is averaged, (j,).

    The mean place after a lobe less that before it, over `within_s` each, along its travel:
    near 1 where the eye has gone elsewhere, near 0 where it came back. 1 where the track begins
    or ends within that time.
    """
    width = max(2, half_width(track.interval_s, within_s))
    starts, stops = lobes.starts[of], lobes.stops[of]
    inside = (starts >= width) & (stops + width <= len(track.t_s))
    travel_mm = lobes.travel_mm(track, of[inside])
    along, ones = np.zeros(len(travel_mm)), np.ones(width)
    for axis in (0, 1):
        if len(along):
            windows = sliding_window_view(track.xy_mm[:, axis], width)
            step = windows[stops[inside]] @ ones
            step -= windows[starts[inside] - width] @ ones
            along += step * travel_mm[:, axis]
    shares = np.ones(len(of))
    shares[inside] = along / np.maximum(width * _dot(travel_mm, travel_mm), np.finfo(float).tiny)
    return shares


def _dips(own: Speed, ends: Ints) -> Ints:
    """Local minima in runs laid end to end, never at a run's first or last sample."""
    lowest = np.zeros(len(own), dtype=np.bool_)
    lowest[1:-1] = (own[1:-1] <= own[:-2]) & (own[1:-1] < own[2:])
    lowest[ends - 1] = False
    lowest[ends[:-1]] = False
    return np.flatnonzero(lowest)
