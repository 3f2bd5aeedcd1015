"""The station's own detector: two velocity thresholds that adapt to the noise.

A run of samples faster than the onset threshold is a saccade when its peak reaches the peak
threshold; it ends with the run, or where speed dips first after the peak: what follows is the
eye's ringing when it is weaker, else a saccade of its own. Both thresholds rise with the noise
of the recording. Runs beside missing data are the eyelid's, not the eye's; other fast runs stay
fixation. After Nyström and Holmqvist (2010) and Engbert and Kliegl (2003).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from gazecore.events.labels import Label
from gazecore.events.runs import Ints, Mask, members, paint, reduce_runs, runs_of
from gazecore.events.velocity import half_width, smoothed_speed_deg_s

if TYPE_CHECKING:
    from gazecore.events.track import Track

Array = npt.NDArray[np.float64]
_NOISE_SAMPLES = 50_000
_MAD_TO_STD = 1.4826


@dataclass(frozen=True, slots=True)
class AdaptiveDetector:
    """Two-threshold velocity detector; times in seconds, speeds in degrees per second."""

    max_gap_s: float = 0.030
    half_window_s: float = 0.004
    peak_deg_s: float = 45.0
    onset_deg_s: float = 25.0
    noise_factor: float = 6.0
    onset_share: float = 0.55
    min_saccade_s: float = 0.008
    blink_margin_s: float = 0.040
    oscillation_within_s: float = 0.015
    oscillation_share: float = 0.9
    dip_share: float = 0.2
    min_fixation_s: float = 0.040

    def label(self, track: Track) -> npt.NDArray[np.uint8]:
        """Labels (m,) of a track."""
        labels = np.full(len(track.t_s), Label.FIXATION, dtype=np.uint8)
        speed = smoothed_speed_deg_s(track, half_width(track.interval_s, self.half_window_s))
        peak, onset = self._thresholds(speed)
        starts, stops = runs_of(speed > onset, track.breaks)
        peaks = reduce_runs(np.maximum, speed, starts, stops)
        beside_loss = self._beside_loss(track, starts, stops)
        lasting_s = track.t_s[stops - 1] - track.t_s[starts] + 1.5 * track.interval_s
        accepted = (peaks >= peak) & (lasting_s >= self.min_saccade_s) & ~beside_loss
        self._paint_saccades(labels, speed, starts[accepted], stops[accepted], peaks[accepted])
        self._mark_oscillations(labels, track, (starts, stops), peaks, accepted)
        paint(labels, starts[beside_loss], stops[beside_loss], Label.LOSS)
        labels[track.missing] = Label.LOSS
        self._drop_short_fixations(labels, track)
        return labels

    def _thresholds(self, speed: Array) -> tuple[float, float]:
        """Peak and onset threshold: the fixed floor, or the noise where that is higher."""
        known = speed[np.isfinite(speed)]
        known = known[:: max(1, len(known) // _NOISE_SAMPLES)]
        noise = noise_limit(known, self.peak_deg_s, self.noise_factor)
        peak = max(self.peak_deg_s, noise)
        return peak, max(self.onset_deg_s, self.onset_share * noise)

    def _paint_saccades(
        self, labels: npt.NDArray[np.uint8], speed: Array, starts: Ints, stops: Ints, peaks: Array
    ) -> None:
        """Each run is a saccade up to its landing; a rest as strong is another, else ringing."""
        landings = self._landings(speed, starts, stops, peaks)
        paint(labels, starts, landings, Label.SACCADE)
        paint(labels, landings, stops, Label.POST_SACCADIC_OSCILLATION)
        cut = np.flatnonzero(landings < stops)
        rest_peaks = reduce_runs(np.maximum, speed, landings[cut], stops[cut])
        strong = cut[rest_peaks >= self.oscillation_share * peaks[cut]]
        paint(labels, landings[strong] + 1, stops[strong], Label.SACCADE)

    def _beside_loss(self, track: Track, starts: Ints, stops: Ints) -> Mask:
        """Which runs begin or end within the margin of missing data or of a pause."""
        lost_starts, lost_stops = runs_of(track.missing)
        place = np.append(lost_starts, track.breaks)
        order = np.argsort(place, kind="stable")
        from_s = np.append(track.t_s[lost_starts], track.t_s[track.breaks - 1])[order]
        to_s = np.append(track.t_s[lost_stops - 1], track.t_s[track.breaks])[order]
        following = np.searchsorted(place[order], stops)
        until_s = np.append(from_s, np.inf)[following] - track.t_s[stops - 1]
        since_s = track.t_s[starts] - np.append(-np.inf, to_s)[following]
        return np.asarray(np.minimum(until_s, since_s) <= self.blink_margin_s)

    def _landings(self, speed: Array, starts: Ints, stops: Ints, peaks: Array) -> Ints:
        """Where each saccade ends: at the first dip after its peak, before the eye rings."""
        if not len(starts):
            return stops
        inside, lengths = members(starts, stops), stops - starts
        peak, stop = np.repeat(peaks, lengths), np.repeat(stops, lengths)
        before = np.concatenate([speed[:1], speed[:-1]])[inside]
        after = np.concatenate([speed[1:], speed[-1:]])[inside]
        own = speed[inside]
        first = np.cumsum(lengths) - lengths
        top = np.where(own == peak, inside, stop)
        top = np.repeat(np.minimum.reduceat(top, first), lengths)
        dip = (inside > top) & (own <= before) & (own < after) & (own < self.dip_share * peak)
        return np.asarray(np.minimum.reduceat(np.where(dip, inside, stop), first))

    def _mark_oscillations(
        self,
        labels: npt.NDArray[np.uint8],
        track: Track,
        runs: tuple[Ints, Ints],
        peaks: Array,
        accepted: Mask,
    ) -> None:
        """A weaker lobe right after a saccade is its post-saccadic oscillation."""
        starts, stops = runs
        if len(starts) < 2:
            return
        soon = track.t_s[starts[1:]] - track.t_s[stops[:-1] - 1] <= self.oscillation_within_s
        lobe = accepted[:-1] & soon & (peaks[1:] < self.oscillation_share * peaks[:-1])
        following = np.flatnonzero(lobe)
        paint(labels, stops[following], stops[following + 1], Label.POST_SACCADIC_OSCILLATION)

    def _drop_short_fixations(self, labels: npt.NDArray[np.uint8], track: Track) -> None:
        starts, stops = runs_of(labels == Label.FIXATION, track.breaks)
        lasting_s = track.t_s[stops - 1] - track.t_s[starts] + track.interval_s
        short = lasting_s < self.min_fixation_s
        paint(labels, starts[short], stops[short], Label.UNDEFINED)


def noise_limit(speed: Array, start_deg_s: float, factor: float, rounds: int = 8) -> float:
    """Median + `factor` robust standard deviations of the speed outside saccades.

    Iterated from `start_deg_s` on until it settles (Nyström and Holmqvist 2010); 0 without data.
    """
    limit = start_deg_s
    for _ in range(rounds):
        below = speed[speed < limit]
        if not len(below):
            return 0.0
        centre = float(np.median(below))
        settled = centre + factor * _MAD_TO_STD * float(np.median(np.abs(below - centre)))
        if abs(settled - limit) < 1.0:
            return settled
        limit = max(settled, centre)
    return limit
