"""The station's own detector: bursts of speed, told apart by where they take the eye.

Gaze faster than the onset threshold is cut into lobes of one peak each. Touching lobes that go
the same way are one movement. A movement is a saccade when its peak reaches the peak threshold
and it leaves the eye elsewhere; weaker lobes right behind it are the eye ringing; lobes beside
missing data, or faster than any eye, are the lid's. All other fast gaze stays fixation. Both
thresholds rise with the noise of the recording. After Engbert and Kliegl (2003) and Nyström and
Holmqvist (2010).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from gazecore.events.labels import Label
from gazecore.events.lobes import (
    Lobes,
    find_lobes,
    go_on_forward,
    join_lobes,
    step_shares,
)
from gazecore.events.runs import Ints, Mask, paint, runs_of
from gazecore.events.velocity import half_width, sampled_speed_deg_s, smoothed_speed_deg_s

if TYPE_CHECKING:
    from gazecore.events.track import Track

_NOISE_SAMPLES = 50_000
_MAD_TO_STD = 1.4826


@dataclass(frozen=True, slots=True)
class AdaptiveDetector:
    """Detector by lobes of speed; times in seconds, speeds in degrees per second.

    Attributes
    ----------
    max_gap_s : float
        Longest gap that is filled.
    half_windows_s, most_noise : tuple of float, float
        Speed is a slope over this time on both sides: the first that keeps the limit of noise
        under this multiple of the peak threshold, else the last.
    peak_deg_s, onset_deg_s : float
        Least peak of a saccade, and the speed that delimits it.
    noise_factor, onset_share : float
        Robust deviations of speed that the peak threshold keeps above its median, and the share
        of that limit which the onset threshold keeps.
    fastest_deg_s, blink_margin_s : float
        No eye is faster; the lid moves so long before and after missing data.
    min_saccade_s : float
    dip_share : float
        A lobe ends where speed dips under this share of the peaks on both sides.
    touching_s, forward_cosine, join_share : float
        Lobes closer than this, within this angle of each other, the weaker with this share of
        the stronger's peak, are one saccade.
    step_within_s, step_share : float
        The mean of gaze over this time after a saccade differs from that before it by at least
        this share of its travel.
    oscillation_within_s, oscillation_share, oscillation_lobes : float, float, int
        So many lobes, each so soon after the last one, under this share of the saccade's peak,
        are its post-saccadic oscillation.
    min_fixation_s : float
    """

    max_gap_s: float = 0.030
    half_windows_s: tuple[float, ...] = (0.004, 0.006, 0.008, 0.012)
    most_noise: float = 1.4
    peak_deg_s: float = 45.0
    onset_deg_s: float = 25.0
    noise_factor: float = 7.0
    onset_share: float = 0.55
    fastest_deg_s: float = 1000.0
    blink_margin_s: float = 0.040
    min_saccade_s: float = 0.008
    dip_share: float = 0.9
    touching_s: float = 0.005
    forward_cosine: float = 0.5
    join_share: float = 0.3
    step_within_s: float = 0.020
    step_share: float = 0.5
    oscillation_within_s: float = 0.015
    oscillation_share: float = 0.9
    oscillation_lobes: int = 4
    min_fixation_s: float = 0.040

    def label(self, track: Track) -> npt.NDArray[np.uint8]:
        """Labels (m,) of a track."""
        labels = np.full(len(track.t_s), Label.FIXATION, dtype=np.uint8)
        half, noise_deg_s = self._window(track)
        peak_deg_s = max(self.peak_deg_s, noise_deg_s)
        onset_deg_s = max(self.onset_deg_s, self.onset_share * noise_deg_s)
        speed = smoothed_speed_deg_s(track, half)
        lobes = self._join(track, find_lobes(track, speed, onset_deg_s, self.dip_share))
        if len(lobes):
            self._paint(labels, track, lobes, peak_deg_s)
        labels[track.missing] = Label.LOSS
        self._drop_short_fixations(labels, track)
        return labels

    def _window(self, track: Track) -> tuple[int, float]:
        """Samples on each side over which speed is taken, and the limit of its noise.

        The shortest window in which noise hardly reaches the peak threshold.
        """
        half, noise_deg_s = 1, 0.0
        for half_s in self.half_windows_s:
            half = half_width(track.interval_s, half_s)
            speed = sampled_speed_deg_s(track, half, _NOISE_SAMPLES)
            noise_deg_s = noise_limit(speed, self.peak_deg_s, self.noise_factor)
            if noise_deg_s <= self.most_noise * self.peak_deg_s:
                break
        return half, noise_deg_s

    def _join(self, track: Track, lobes: Lobes) -> Lobes:
        """Lobes that carry on a movement become part of it."""
        now, before = lobes.peaks_deg_s[1:], lobes.peaks_deg_s[:-1]
        alike = np.minimum(now, before) >= self.join_share * np.maximum(now, before)
        near = np.flatnonzero(alike & (lobes.pause_s[1:] <= self.touching_s)) + 1
        joined = np.zeros(len(lobes), dtype=np.bool_)
        joined[near] = go_on_forward(track, lobes, near, self.forward_cosine)
        return join_lobes(track, lobes, joined)

    def _paint(
        self, labels: npt.NDArray[np.uint8], track: Track, lobes: Lobes, peak_deg_s: float
    ) -> None:
        """Label saccades, what rings after them, and the lid's movements."""
        is_lid = self._is_lid(track, lobes)
        is_saccade = self._is_saccade(track, lobes, peak_deg_s, is_lid)
        head = self._heads(lobes, is_saccade | is_lid)
        rings = np.flatnonzero(head != np.arange(len(lobes)))
        is_saccade[rings] = False
        paint(labels, lobes.starts[is_saccade], lobes.stops[is_saccade], Label.SACCADE)
        paint(labels, lobes.starts[is_lid], lobes.stops[is_lid], Label.LOSS)
        for of_lid, label in ((False, Label.POST_SACCADIC_OSCILLATION), (True, Label.LOSS)):
            chosen = rings[is_lid[head[rings]] == of_lid]
            paint(labels, lobes.stops[chosen - 1], lobes.stops[chosen], label)
        twin = is_saccade[1:] & is_saccade[:-1] & (lobes.starts[1:] == lobes.stops[:-1])
        labels[lobes.starts[1:][twin]] = Label.POST_SACCADIC_OSCILLATION

    def _is_saccade(self, track: Track, lobes: Lobes, peak_deg_s: float, is_lid: Mask) -> Mask:
        """Fast and long enough, no run-up to a stronger lobe, and the eye is elsewhere after."""
        runs_up = np.zeros(len(lobes), dtype=np.bool_)
        runs_up[:-1] = self._weaker(lobes.peaks_deg_s[:-1], lobes.peaks_deg_s[1:])
        runs_up[:-1] &= lobes.pause_s[1:] <= self.touching_s
        fast = np.flatnonzero((lobes.peaks_deg_s >= peak_deg_s) & ~runs_up & ~is_lid)
        fast = fast[lobes.lasting_s(track, fast) >= self.min_saccade_s]
        shares = step_shares(track, lobes, fast, self.step_within_s)
        is_saccade = np.zeros(len(lobes), dtype=np.bool_)
        is_saccade[fast[shares >= self.step_share]] = True
        return is_saccade

    def _is_lid(self, track: Track, lobes: Lobes) -> Mask:
        """Beside missing data or too fast for an eye, or weaker and right beside such a lobe."""
        is_lid = self._beside_loss(track, lobes) | (lobes.peaks_deg_s > self.fastest_deg_s)
        soon = lobes.pause_s[1:] <= self.oscillation_within_s
        peaks = lobes.peaks_deg_s
        after = is_lid[:-1] & soon & (peaks[1:] < peaks[:-1])
        before = is_lid[1:] & soon & (peaks[:-1] < peaks[1:])
        is_lid[1:] |= after
        is_lid[:-1] |= before
        return is_lid

    def _beside_loss(self, track: Track, lobes: Lobes) -> Mask:
        """Which lobes begin or end within the margin of missing data or of a pause."""
        lost_starts, lost_stops = runs_of(track.missing)
        place = np.append(lost_starts, track.breaks)
        order = np.argsort(place, kind="stable")
        from_s = np.append(track.t_s[lost_starts], track.t_s[track.breaks - 1])[order]
        to_s = np.append(track.t_s[lost_stops - 1], track.t_s[track.breaks])[order]
        following = np.searchsorted(place[order], lobes.stops)
        until_s = np.append(from_s, np.inf)[following] - track.t_s[lobes.stops - 1]
        since_s = track.t_s[lobes.starts] - np.append(-np.inf, to_s)[following]
        return np.asarray(np.minimum(until_s, since_s) <= self.blink_margin_s)

    def _heads(self, lobes: Lobes, can_ring: Mask) -> Ints:
        """The movement each lobe rings after, (k,); a lobe that rings after none is its own."""
        own = np.arange(len(lobes))
        head = own
        soon = lobes.pause_s <= self.oscillation_within_s
        for _ in range(self.oscillation_lobes):
            before = np.concatenate([own[:1], head[:-1]])
            weaker = self._weaker(lobes.peaks_deg_s, lobes.peaks_deg_s[before])
            head = np.where(soon & can_ring[before] & weaker, before, own)
        return head

    def _weaker(self, peaks: npt.NDArray[np.float64], others: npt.NDArray[np.float64]) -> Mask:
        return np.asarray(peaks < self.oscillation_share * others)

    def _drop_short_fixations(self, labels: npt.NDArray[np.uint8], track: Track) -> None:
        starts, stops = runs_of(labels == Label.FIXATION, track.breaks)
        lasting_s = track.t_s[stops - 1] - track.t_s[starts] + track.interval_s
        short = lasting_s < self.min_fixation_s
        paint(labels, starts[short], stops[short], Label.UNDEFINED)


def noise_limit(
    speed: npt.NDArray[np.floating], start_deg_s: float, factor: float, rounds: int = 8
) -> float:
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
