"""From the sender's clock to the recorder's: a robust line through the clock offsets.

The recording's `t_s` must be what other readers of XDF compute (within 50 µs), so the line is
theirs: least Huber loss, in units of 100 µs, by the alternating direction method of multipliers
(Boyd et al. 2011, Foundations and Trends in Machine Learning 3(1), section 6.1.1). A restarted
sender clock splits the recording into segments, each with a line of its own.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

_HUBER_S = 1e-4
_ITERATIONS = 1000
_CONVERGED = 1e-11
_RESET_STEP_S, _RESET_STEP_MADS = 5.0, 5.0
_RESET_OFFSET_S, _RESET_OFFSET_MADS = 1.0, 10.0


@dataclass(frozen=True, slots=True)
class ClockLine:
    """A correction offset(t) = intercept_s + slope * t, to be added to sender's times."""

    intercept_s: float
    slope: float

    def corrected(self, t_sender_s: Array) -> Array:
        """Return times on the recorder's clock, in seconds."""
        correction_s: Array = self.intercept_s + self.slope * t_sender_s
        return t_sender_s + correction_s


def corrected_times(t_sender_s: Array, collected_s: Array, offset_s: Array) -> Array:
    """Times on the recorder's clock.

    Parameters
    ----------
    t_sender_s : (n,) float64
        Sender's clock, in the order of recording.
    collected_s, offset_s : (m,) float64
        When (sender's clock) an offset was measured, and the offset. None measured: unchanged.

    Returns
    -------
    (n,) float64
    """
    t_s: Array = t_sender_s.copy()
    if not len(collected_s) or not len(t_sender_s):
        return t_s
    first = 0
    for start, stop in _segment_bounds(collected_s, offset_s):
        last = len(t_s)
        if stop < len(collected_s):
            last = first + _nearer_to_first(
                t_sender_s[first:], collected_s[stop - 1], collected_s[stop]
            )
        line = fit_line(collected_s[start:stop], offset_s[start:stop])
        t_s[first:last] = line.corrected(t_sender_s[first:last])
        first = last
    return t_s


def fit_line(collected_s: Array, offset_s: Array) -> ClockLine:
    """The line of least Huber loss through clock offsets; one offset alone is a constant."""
    if len(collected_s) == 1:
        return ClockLine(float(offset_s[0]), 0.0)
    start_s, span_s = float(collected_s.min()), float(np.ptp(collected_s))
    if span_s == 0:
        return ClockLine(float(np.median(offset_s)), 0.0)
    x = (collected_s - start_s) / span_s
    intercept, rise = _HUBER_S * _least_huber(
        np.stack([np.ones_like(x), x], axis=1), offset_s / _HUBER_S
    )
    slope = rise / span_s
    return ClockLine(float(intercept - slope * start_s), float(slope))


def _least_huber(design: Array, y: Array) -> Array:
    """Minimise sum huber(design x - y) with penalty parameter 1 (Boyd et al. 2011, 6.1.1)."""
    projector = np.linalg.solve(design.T @ design, design.T)
    x = np.zeros(design.shape[1])
    z, u = np.zeros_like(y), np.zeros_like(y)
    for _ in range(_ITERATIONS):
        x = np.asarray(projector @ (y + z - u))
        residual = design @ x - y + u
        shrunk = np.sign(residual) * np.maximum(np.abs(residual) - 2, 0)
        z_before, u_before = z, u
        z = (residual + shrunk) / 2
        u = residual - z
        if max(_step(z, z_before), _step(u, u_before)) < _CONVERGED:
            break
    return x


def _step(after: Array, before: Array) -> float:
    return float(np.abs(after - before).max())


def _segment_bounds(collected_s: Array, offset_s: Array) -> list[tuple[int, int]]:
    """Half-open ranges of offsets between resets of the sender's clock."""
    if len(collected_s) == 1:
        return [(0, 1)]
    step_s = np.diff(collected_s)
    reset = (step_s < 0) | (
        _is_outlier(step_s, _RESET_STEP_MADS, _RESET_STEP_S)
        & _is_outlier(np.diff(offset_s), _RESET_OFFSET_MADS, _RESET_OFFSET_S)
    )
    cuts = [0, *(np.flatnonzero(reset) + 1).tolist(), len(collected_s)]
    return list(itertools.pairwise(cuts))


def _is_outlier(values: Array, mads: float, at_least: float) -> npt.NDArray[np.bool_]:
    shift = values - np.median(values)
    mad = np.median(np.abs(shift)) + np.finfo(np.float64).eps
    return np.asarray((np.abs(shift) > mads * mad) & (np.abs(shift) > at_least))


def _nearer_to_first(t_s: Array, end_s: float, next_start_s: float) -> int:
    """How many leading times are nearer to the end of a segment than to the next one's start."""
    nearer = np.abs(t_s - end_s) < np.abs(t_s - next_start_s)
    return len(t_s) if nearer.all() else int(np.argmin(nearer))
