"""A gaze track ready for detection: time rises, short gaps are filled, long ones are marked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view

from gazecore.errors import InvalidSettingError
from gazecore.events.runs import Ints, Mask, members, runs_of

if TYPE_CHECKING:
    from gazecore.geometry import Screen

Array = npt.NDArray[np.float64]
SHORTEST_BLINK_S = 0.050
"""A loss this long is never filled."""
_FARTHEST_MM = 1e6
"""A kilometre beside the screen there is no gaze point, only a number gone wrong."""
_STEPS_FOR_MEDIAN = 50_000
_AROUND = 5


@dataclass(frozen=True, slots=True)
class Track:
    """Gaze at m rising times.

    Attributes
    ----------
    t_s : (m,) float64
        Strictly rising.
    xy_mm : (m, 2) float64
        Gaze point from the screen's centre; NaN where lost and not filled.
    eye_mm : (3,) or (m, 3) float64
        Eye relative to the screen's centre, z towards the reader, always finite.
    lost : (m,) bool
        True where no gaze came, or none that can be; filled or not.
    missing : (m,) bool
        True where lost and not filled.
    interval_s : float
        Median time between samples.
    breaks : (k,) intp
        Indices i where more time than the longest gap to fill lies between samples i - 1 and i.
    """

    t_s: Array
    xy_mm: Array
    eye_mm: Array
    lost: Mask
    missing: Mask
    interval_s: float
    breaks: Ints


@dataclass(frozen=True, slots=True)
class TimeOrder:
    """Where the samples with usable times went: `chosen` into the input, `place` back.

    `chosen` (m,) picks one input sample per distinct time, in rising order; `place` (n,) gives
    each input sample's index among them, -1 where its time is not finite. Slices where the
    order is as given, so that nothing is copied.
    """

    chosen: Ints | slice
    place: Ints | slice


def time_order(t_s: Array) -> TimeOrder:
    """Sort by time; of samples with the same time the first counts, NaN times are left out."""
    n = len(t_s)
    if n and np.isfinite(t_s[0]) and np.isfinite(t_s[-1]) and bool(np.all(t_s[1:] > t_s[:-1])):
        return TimeOrder(slice(n), slice(n))
    usable = np.flatnonzero(np.isfinite(t_s))
    _, first, inverse = np.unique(t_s[usable], return_index=True, return_inverse=True)
    place = np.full(n, -1, dtype=np.intp)
    place[usable] = inverse
    return TimeOrder(usable[first], place)


def check_gaze(
    t_s: npt.ArrayLike, xy_px: npt.ArrayLike, eye_mm: npt.ArrayLike | None
) -> tuple[Array, Array, Array | None]:
    """The three inputs as float64 arrays of fitting shapes, or an `InvalidSettingError`."""
    t = np.asarray(t_s, dtype=np.float64)
    xy = np.asarray(xy_px, dtype=np.float64)
    if t.ndim != 1:
        raise InvalidSettingError("shape of t_s", t.shape, "(n,)")
    if xy.shape != (len(t), 2):
        raise InvalidSettingError("shape of xy_px", xy.shape, f"({len(t)}, 2)")
    if eye_mm is None:
        return t, xy, None
    eye = np.asarray(eye_mm, dtype=np.float64)
    if eye.shape not in ((3,), (len(t), 3)):
        raise InvalidSettingError("shape of eye_mm", eye.shape, f"({len(t)}, 3)")
    return t, xy, eye


def make_track(
    t_s: Array, xy_px: Array, screen: Screen, eye_mm: Array | None, max_gap_s: float
) -> Track:
    """Prepare gaze at strictly rising times; gaps up to `max_gap_s` are filled linearly.

    A loss as long as a blink stays a loss, whatever `max_gap_s`.
    """
    xy_mm = _to_mm(xy_px, screen)
    lost = ~(np.abs(xy_mm[:, 0] + xy_mm[:, 1]) < _FARTHEST_MM)
    steps = np.diff(t_s)
    stride = max(1, len(steps) // _STEPS_FOR_MEDIAN)
    interval_s = float(np.median(steps[::stride])) if len(steps) else 0.0
    longest_step_s = max_gap_s + 1.5 * interval_s
    breaks = np.flatnonzero(steps > longest_step_s) + 1
    missing = lost
    if lost.any():
        xy_mm.T[:, np.flatnonzero(lost)] = np.nan
        missing = _fill(t_s, xy_mm, lost, longest_step_s, breaks)
    return Track(t_s, xy_mm, _eye(eye_mm, screen), lost, missing, interval_s, breaks)


def _to_mm(xy_px: Array, screen: Screen) -> Array:
    """As `Screen.to_mm`, with each axis contiguous in memory: what follows goes axis by axis."""
    by_axis = np.empty((2, len(xy_px)))
    sizes = ((screen.width_px, screen.width_mm), (screen.height_px, screen.height_mm))
    for axis, (size_px, size_mm) in enumerate(sizes):
        np.multiply(xy_px[:, axis], size_mm / size_px, out=by_axis[axis])
        by_axis[axis] -= size_mm / 2
    return np.asarray(by_axis.T)


def offset_times(t_s: Array, last: Ints, breaks: Ints) -> Array:
    """Time at which each sample `last` ends: the local median interval on, at most the next time.

    The median is over the ten intervals nearest the sample, none from beyond a pause; zero for
    a sample that stands alone.
    """
    n = len(t_s)
    if n < 2 or not len(last):
        return t_s[last]
    edges = np.concatenate([[0], breaks, [n]])
    stretch = np.searchsorted(breaks, last, side="right")
    width = min(2 * _AROUND + 1, n)
    from_ = np.clip(last - _AROUND, 0, n - width)
    near_s = np.diff(sliding_window_view(t_s, width)[from_], axis=1)
    interval = from_[:, None] + np.arange(width - 1)
    usable = (interval >= edges[stretch, None]) & (interval < edges[stretch + 1, None] - 1)
    following = t_s[np.minimum(last + 1, n - 1)]
    following[last == n - 1] = np.inf
    return np.asarray(np.minimum(t_s[last] + _median_of(near_s, usable), following))


def _median_of(values: Array, usable: Mask) -> Array:
    """Median of the usable values of each row, 0 where a row has none."""
    count = usable.sum(axis=1)
    ordered = np.sort(np.where(usable, values, np.inf), axis=1)
    rows = np.arange(len(values))
    middle = (
        ordered[rows, np.maximum(count - 1, 0) // 2] + ordered[rows, count // 2 % values.shape[1]]
    ) / 2
    return np.asarray(np.where(count > 0, middle, 0.0))


def time_rounding_s(t_s: Array) -> float:
    """How far a duration may be off by rounding: seconds since 1970 are told to 0.24 us only."""
    return float(1e-9 + 2 * np.spacing(np.abs(t_s).max(initial=0.0)))


def _fill(t_s: Array, xy_mm: Array, lost: Mask, longest_step_s: float, breaks: Ints) -> Mask:
    """Fill inner gaps that are short enough, in place; return what stays missing."""
    starts, stops = runs_of(lost)
    inner = (starts > 0) & (stops < len(t_s))
    starts, stops = starts[inner], stops[inner]
    short = t_s[stops] - t_s[starts - 1] <= longest_step_s
    lasting_s = offset_times(t_s, stops - 1, breaks) - t_s[starts]
    short &= lasting_s < SHORTEST_BLINK_S - time_rounding_s(t_s)
    starts, stops = starts[short], stops[short]
    if not len(starts):
        return lost
    filled = members(starts, stops)
    before, after = (np.repeat(ends, stops - starts) for ends in (starts - 1, stops))
    share = (t_s[filled] - t_s[before]) / (t_s[after] - t_s[before])
    for axis in (0, 1):
        place = xy_mm[:, axis]
        place[filled] = place[before] + share * (place[after] - place[before])
    missing: Mask = lost.copy()
    missing[filled] = False
    return missing


def _eye(eye_mm: Array | None, screen: Screen) -> Array:
    """Eye positions without holes: the screen's distance where the tracker gave none."""
    default = np.array([0.0, 0.0, screen.distance_mm])
    if eye_mm is None:
        return default
    known = np.isfinite(eye_mm).all(axis=-1, keepdims=True)
    return np.asarray(np.where(known, eye_mm, default), dtype=np.float64)
