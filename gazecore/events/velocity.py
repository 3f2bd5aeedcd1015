"""Angular speed of gaze from points on the screen, true at any eccentricity."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from gazecore.geometry import angle_between_deg

if TYPE_CHECKING:
    from gazecore.events.track import Track

Array = npt.NDArray[np.float64]
_BLOCK = 8192
"""Samples taken at once, so that what is between stays in the processor's cache."""


def half_width(interval_s: float, half_window_s: float) -> int:
    """Samples on each side of a window, at least one."""
    return max(1, round(half_window_s / interval_s)) if interval_s > 0 else 1


def smoothed_speed_deg_s(track: Track, half: int) -> Array:
    """Angular speed per sample from sums of `half` samples on both sides, (m,).

    The generalised Engbert-Kliegl slope, sum x[i+j] - sum x[i-j] over sum t[i+j] - sum t[i-j],
    is exact for steady motion at any sampling times. NaN where the window leaves a valid run.
    """
    speed = np.full(len(track.t_s), np.nan)
    for first in range(0, len(speed) - 2 * half, _BLOCK):
        block = slice(first, first + _BLOCK + 2 * half)
        t_s, xy_mm = track.t_s[block], track.xy_mm[block]
        inner = slice(first + half, first + len(t_s) - half)
        duration = _difference_of_sums(t_s, half)
        velocity_x = _difference_of_sums(xy_mm[:, 0], half) / duration
        velocity_y = _difference_of_sums(xy_mm[:, 1], half) / duration
        eye = track.eye_mm if track.eye_mm.ndim == 1 else track.eye_mm[inner].T
        x, y = (track.xy_mm[inner] - eye[:2].T).T
        speed[inner] = _angular(velocity_x, velocity_y, x, y, eye[2])
    for offset in range(-half, half):
        speed[np.clip(track.breaks + offset, 0, len(speed) - 1)] = np.nan
    return speed


def speed_at_deg_s(track: Track, at: npt.NDArray[np.intp]) -> Array:
    """Angular speed at some samples from their two neighbours, one-sided at the ends, (k,)."""
    before, after = np.maximum(at - 1, 0), np.minimum(at + 1, len(track.t_s) - 1)
    eye = track.eye_mm if track.eye_mm.ndim == 1 else track.eye_mm[at].T
    x, y = track.xy_mm[:, 0], track.xy_mm[:, 1]
    duration = track.t_s[after] - track.t_s[before]
    with np.errstate(invalid="ignore"):
        velocity_x, velocity_y = (
            (x[after] - x[before]) / duration,
            (y[after] - y[before]) / duration,
        )
    return _angular(velocity_x, velocity_y, x[at] - eye[0], y[at] - eye[1], eye[2])


def _difference_of_sums(values: Array, half: int) -> Array:
    n = len(values)
    difference = values[2 * half :] - values[: n - 2 * half]
    for j in range(1, half):
        difference += values[half + j : n - half + j]
        difference -= values[half - j : n - half - j]
    return np.asarray(difference)


def _angular(vx: Array, vy: Array, x: Array, y: Array, z: Array) -> Array:
    """|p x v| / |p|^2 in deg/s for the point p = (x, y, -z) from the eye and v in its plane."""
    radial = x * vy - y * vx
    squared = (z * z * (vx * vx + vy * vy) + radial * radial) / (x * x + y * y + z * z) ** 2
    return np.asarray(np.degrees(np.sqrt(squared)), dtype=np.float64)


def window_speed_deg_s(track: Track, half: int) -> Array:
    """Tobii's I-VT velocity: angle between the gaze vectors at the ends of a window over its time.

    (m,) deg/s for the window of `half` samples on both sides of each sample; NaN where it leaves
    a valid run (Olsen 2012, The Tobii I-VT Fixation Filter).
    """
    m = len(track.t_s)
    speed = np.full(m, np.nan)
    if m <= 2 * half:
        return speed
    vectors = gaze_vectors(track)
    angle = angle_between_deg(vectors[2 * half :], vectors[: m - 2 * half])
    speed[half:-half] = angle / (track.t_s[2 * half :] - track.t_s[: m - 2 * half])
    unusable = np.convolve(track.missing, np.ones(2 * half + 1), mode="same") > 0.5
    speed[unusable] = np.nan
    for offset in range(-half, half):
        speed[np.clip(track.breaks + offset, 0, m - 1)] = np.nan
    return speed


def gaze_vectors(track: Track, at: npt.NDArray[np.intp] | slice = slice(None)) -> Array:
    """Vectors from the eye to the gaze point in mm at the samples `at`, (k, 3)."""
    xy_mm = track.xy_mm[at]
    eye = track.eye_mm if track.eye_mm.ndim == 1 else track.eye_mm[at]
    vectors = np.empty((len(xy_mm), 3))
    vectors[:, :2] = xy_mm - eye[..., :2]
    vectors[:, 2] = -eye[..., 2]
    return vectors


def screen_angles_deg(track: Track) -> Array:
    """Horizontal and vertical angle of the gaze vector from the screen's normal, (m, 2)."""
    vectors = gaze_vectors(track)
    return np.asarray(np.degrees(np.arctan2(vectors[:, :2], -vectors[:, 2:])), dtype=np.float64)
