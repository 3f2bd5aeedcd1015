"""Fixations, saccades and blinks as tables, from labels.

Columns (times in s on the samples' clock, half-open [onset_s, offset_s); positions in px of
the tracked screen; angles in degrees between gaze vectors):

- fixations: onset_s, offset_s, duration_s, x_px, y_px (mean of the samples that were not lost),
  rms_deviation_deg (their dispersion: of those samples from that mean), samples, samples_lost
- saccades: onset_s, offset_s, duration_s, start_x_px, start_y_px, end_x_px, end_y_px,
  amplitude_deg, peak_velocity_deg_s (between neighbouring samples), samples, samples_lost
- blinks: onset_s, offset_s, duration_s, for each loss of 50 to 500 ms
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import polars as pl

from gazecore.events.labels import Label
from gazecore.events.runs import Ints, reduce_runs, runs_of
from gazecore.events.track import SHORTEST_BLINK_S, offset_times, time_rounding_s
from gazecore.events.velocity import gaze_vectors, peak_speed_deg_s
from gazecore.geometry import angle_between_deg

if TYPE_CHECKING:
    from gazecore.events.track import Track
    from gazecore.geometry import Screen

Array = npt.NDArray[np.float64]
_LONGEST_BLINK_S = 0.500


def fixation_table(labels: npt.NDArray[np.uint8], track: Track, screen: Screen) -> pl.DataFrame:
    """One row per fixation."""
    starts, stops = runs_of(labels == Label.FIXATION, track.breaks)
    samples = stops - starts
    lost = _lost_within(track, starts, stops)
    kept = lost < samples
    starts, stops, samples, lost = starts[kept], stops[kept], samples[kept], lost[kept]
    means_mm, deviation_deg = _centres(track, starts, stops, samples - lost)
    xy_px = _to_px(means_mm, screen)
    return pl.DataFrame(
        {
            **_times(track, starts, stops),
            "x_px": xy_px[:, 0],
            "y_px": xy_px[:, 1],
            "rms_deviation_deg": deviation_deg,
            "samples": samples.astype(np.int64),
            "samples_lost": lost.astype(np.int64),
        }
    )


def _centres(track: Track, starts: Ints, stops: Ints, seen: Ints) -> tuple[Array, Array]:
    """Mean (k, 2) in mm of the samples that were seen, and their RMS distance from it in degrees.

    The distance is turned into an angle at the eye's distance from the mean.
    """
    means_mm, variance = np.empty((len(starts), 2)), np.zeros(len(starts))
    lost, inside = _lost_inside(track, starts, stops)
    for axis in (0, 1):
        values = track.xy_mm[:, axis]
        filled = values[lost]
        sums = reduce_runs(np.add, values, starts, stops)
        squares = reduce_runs(np.add, values * values, starts, stops)
        sums -= np.bincount(inside, filled, len(starts))
        squares -= np.bincount(inside, filled * filled, len(starts))
        means_mm[:, axis] = sums / seen
        variance += np.maximum(squares / seen - means_mm[:, axis] ** 2, 0.0)
    eye = track.eye_mm if track.eye_mm.ndim == 1 else track.eye_mm[starts]
    off_eye = means_mm - eye[..., :2]
    distance_mm = np.sqrt((off_eye**2).sum(axis=1) + eye[..., 2] ** 2)
    return means_mm, np.asarray(np.degrees(np.arctan2(np.sqrt(variance), distance_mm)))


def _lost_within(track: Track, starts: Ints, stops: Ints) -> Ints:
    """How many samples of each run were lost, (k,)."""
    lost = np.flatnonzero(track.lost)
    return np.asarray(np.searchsorted(lost, stops) - np.searchsorted(lost, starts))


def _lost_inside(track: Track, starts: Ints, stops: Ints) -> tuple[Ints, Ints]:
    """The lost samples inside runs, and the run each is in."""
    lost = np.flatnonzero(track.lost)
    run = np.searchsorted(starts, lost, side="right") - 1
    inside = (run >= 0) & (lost < np.append(stops, 0)[run])
    return lost[inside], run[inside]


def saccade_table(labels: npt.NDArray[np.uint8], track: Track, screen: Screen) -> pl.DataFrame:
    """One row per saccade; it starts and ends at the gaze points of its first and last sample."""
    starts, stops = runs_of(labels == Label.SACCADE, track.breaks)
    start_px, end_px = (_to_px(track.xy_mm[i], screen) for i in (starts, stops - 1))
    return pl.DataFrame(
        {
            **_times(track, starts, stops),
            "start_x_px": start_px[:, 0],
            "start_y_px": start_px[:, 1],
            "end_x_px": end_px[:, 0],
            "end_y_px": end_px[:, 1],
            "amplitude_deg": angle_between_deg(
                gaze_vectors(track, starts), gaze_vectors(track, stops - 1)
            ),
            "peak_velocity_deg_s": peak_speed_deg_s(track, starts, stops),
            "samples": (stops - starts).astype(np.int64),
            "samples_lost": _lost_within(track, starts, stops).astype(np.int64),
        }
    )


def blink_table(track: Track) -> pl.DataFrame:
    """One row per loss of 50 to 500 ms; a pause without any sample is none."""
    starts, stops = runs_of(track.lost, track.breaks)
    table = pl.DataFrame(_times(track, starts, stops))
    rounding_s = time_rounding_s(track.t_s)
    return table.filter(
        pl.col("duration_s").is_between(
            SHORTEST_BLINK_S - rounding_s, _LONGEST_BLINK_S + rounding_s
        )
    )


def _times(track: Track, starts: Ints, stops: Ints) -> dict[str, Array]:
    onset_s, offset_s = track.t_s[starts], offset_times(track.t_s, stops - 1, track.breaks)
    return {"onset_s": onset_s, "offset_s": offset_s, "duration_s": offset_s - onset_s}


def _to_px(xy_mm: Array, screen: Screen) -> Array:
    size_px = np.array([screen.width_px, screen.height_px])
    size_mm = np.array([screen.width_mm, screen.height_mm])
    return np.asarray((xy_mm / size_mm + 0.5) * size_px, dtype=np.float64)
