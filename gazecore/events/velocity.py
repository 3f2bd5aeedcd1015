"""Angular speed of gaze from points on the screen, true at any eccentricity."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from gazecore.events.runs import Ints, members
from gazecore.geometry import angle_between_deg

if TYPE_CHECKING:
    from gazecore.events.track import Track

Array = npt.NDArray[np.float64]
Speed = npt.NDArray[np.float32]
NDArray = npt.NDArray[Any]
_BLOCK = 32_768
"""Samples taken at once, so that what is between stays in the processor's cache."""
_STRETCH = 2048
_DEGREES = 180 / math.pi


def half_width(interval_s: float, half_window_s: float) -> int:
    """Samples on each side of a window, at least one; a thousand where times hardly rise."""
    return max(1, round(min(half_window_s / interval_s, 1000))) if interval_s > 0 else 1


def smoothed_speed_deg_s(track: Track, half: int) -> Speed:
    """Angular speed per sample from sums of `half` samples on both sides, (m,) float32.

    The generalised Engbert-Kliegl slope, sum x[i+j] - sum x[i-j] over sum t[i+j] - sum t[i-j],
    is exact for steady motion at any sampling times. NaN where the window leaves a valid run.
    """
    m = len(track.t_s)
    speed = np.full(m, np.nan, dtype=np.float32)
    for first in range(half, m - half, _BLOCK):
        block = slice(first, min(first + _BLOCK, m - half))
        speed[block] = _speed_of_block(track, half, block)
    for offset in range(-half, half):
        speed[np.clip(track.breaks + offset, 0, m - 1)] = np.nan
    return speed


def sampled_speed_deg_s(track: Track, half: int, samples: int) -> Speed:
    """Finite speeds as `smoothed_speed_deg_s` at about so many samples, in stretches all over.

    Windows across a pause count too; they are too few for a median.
    """
    stop = len(track.t_s) - half
    stride = max(_STRETCH, _STRETCH * (stop - half) // samples)
    stretches = [
        _speed_of_block(track, half, slice(first, min(first + _STRETCH, stop)))
        for first in range(half, stop, stride)
    ]
    speed = np.concatenate([np.empty(0, np.float32), *stretches])
    return np.asarray(speed[np.isfinite(speed)])


def _speed_of_block(track: Track, half: int, block: slice) -> Speed:
    """Speeds at the samples `block`, at least `half` away from both ends of the track.

    Differences of time are taken in float64, all else in float32: the tracks are in mm.
    """
    wide = slice(block.start - half, block.stop + half)
    duration = _difference_of_sums(track.t_s[wide], half).astype(np.float32)
    velocity, place = [], []
    for axis in (0, 1):
        at_mm = track.xy_mm[wide, axis].astype(np.float32)
        velocity.append(_difference_of_sums(at_mm, half))
        place.append(at_mm[half:-half])
    if track.eye_mm.ndim == 1:
        x0, y0, z = track.eye_mm.astype(np.float32)
    else:
        x0, y0, z = track.eye_mm[block].T.astype(np.float32)
    travel = _angular(velocity[0], velocity[1], place[0] - x0, place[1] - y0, z)
    return np.asarray(np.divide(travel, duration, out=travel), dtype=np.float32)


def peak_speed_deg_s(track: Track, starts: Ints, stops: Ints) -> Array:
    """Highest angular speed between the two neighbours of a sample, in each half-open run, (k,).

    One-sided at the ends of the track; samples beside missing ones have no speed.
    """
    if not len(starts):
        return np.empty(0)
    first, stop = starts - 1, stops + 1
    at = members(first, stop)
    t_s, x, y = (values.take(at, mode="clip") for values in (track.t_s, *track.xy_mm.T))
    duration = np.maximum(t_s[2:] - t_s[:-2], np.finfo(float).tiny)
    eye = track.eye_mm if track.eye_mm.ndim == 1 else track.eye_mm.take(at[1:-1], 0, mode="clip").T
    place_x, place_y = x[1:-1] - eye[0], y[1:-1] - eye[1]
    speed = _angular(x[2:] - x[:-2], y[2:] - y[:-2], place_x, place_y, eye[2]) / duration
    begins = np.cumsum(stop - first) - (stop - first)
    edges = np.column_stack([begins, begins + stops - starts]).ravel()[:-1]
    return np.asarray(np.fmax.reduceat(speed, edges)[::2], dtype=np.float64)


def _difference_of_sums(values: NDArray, half: int) -> NDArray:
    n = len(values)
    difference = values[2 * half :] - values[: n - 2 * half]
    for j in range(1, half):
        difference += values[half + j : n - half + j]
        difference -= values[half - j : n - half - j]
    return np.asarray(difference)


def _angular(dx: NDArray, dy: NDArray, x: NDArray, y: NDArray, z: NDArray) -> NDArray:
    """|p x d| / |p|^2 in degrees for the point p = (x, y, -z) from the eye and a step d.

    In place of `x` and `y`, which must be the caller's own.
    """
    cross = x * dy
    cross -= y * dx
    cross *= cross
    along = dx * dx
    along += dy * dy
    z_squared = z * z
    along *= z_squared
    along += cross
    np.sqrt(along, out=along)
    x *= x
    y *= y
    x += y
    x += z_squared
    along /= x
    along *= _DEGREES
    return np.asarray(along)


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
    for first in range(half, m - half, _BLOCK):
        stop = min(first + _BLOCK, m - half)
        ends = slice(first - half, stop - half), slice(first + half, stop + half)
        angle = angle_between_deg(vectors[ends[1]], vectors[ends[0]])
        speed[first:stop] = angle / (track.t_s[ends[1]] - track.t_s[ends[0]])
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
