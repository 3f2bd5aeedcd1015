"""Display latency from a photodiode on the screen: light edges against the times of painting.

A patch in a corner turns light and dark at known times (the end of painting it); a photodiode
stuck on it is recorded as any other LSL stream. The latency is the median time from painting to
the light's edge, so that it holds for the rows of the patch: a display is lit from top to bottom.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gazecore.errors import NoLightError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Array = npt.NDArray[np.float64]

LEAST_S, MOST_S = -0.002, 0.2
"""An edge belongs to a painting if it came so long after it."""
LEAST_EDGES = 10
LEAST_SHARE = 0.6
_LEAST_CONTRAST = 6.0
"""Between light and dark, in standard deviations of the dark level's noise."""


@dataclass(frozen=True, slots=True)
class Toggle:
    """The patch turned light or dark; `t_s` is the end of painting on the LSL clock."""

    t_s: float
    is_light: bool


@dataclass(frozen=True, slots=True)
class Latency:
    """Time from painting to light.

    `latency_s` is the median, `spread_s` the median absolute deviation from it, over `edges`
    that were matched of `toggles` shown; `rise_s` and `fall_s` are the medians of each kind (NaN
    without any).
    """

    latency_s: float
    spread_s: float
    edges: int
    toggles: int
    rise_s: float
    fall_s: float


def display_latency(
    toggles: Sequence[Toggle], t_s: npt.ArrayLike, level: npt.ArrayLike, *, sensor: str = "sensor"
) -> Latency:
    """The display's latency.

    Parameters
    ----------
    toggles : sequence of Toggle
        In the order shown, further apart than `MOST_S`.
    t_s : (n,)
        Times of the sensor's samples on the same clock.
    level : (n,)
        What the sensor gave; it may rise or fall with light.
    sensor : str
        Its name, for errors.

    Raises
    ------
    NoLightError
        Too few samples, no contrast, or too few edges that belong to a toggle.
    """
    times, levels = np.asarray(t_s, np.float64), np.asarray(level, np.float64)
    known = np.isfinite(times) & np.isfinite(levels)
    times, levels = times[known], levels[known]
    if len(times) < LEAST_EDGES:
        raise NoLightError(sensor, f"only {len(times)} samples came")
    edge_s, rises = light_edges(times, levels, sensor)
    delays = max(
        (_delays(toggles, edge_s, rises == polarity) for polarity in (True, False)),
        key=lambda found: int(np.isfinite(found).sum()),
    )
    matched = delays[np.isfinite(delays)]
    if len(matched) < max(LEAST_EDGES, LEAST_SHARE * len(toggles)):
        raise NoLightError(sensor, f"{len(matched)} of {len(toggles)} changes were seen")
    median = float(np.median(matched))
    light = np.array([toggle.is_light for toggle in toggles])
    return Latency(
        latency_s=median,
        spread_s=float(np.median(np.abs(matched - median))),
        edges=len(matched),
        toggles=len(toggles),
        rise_s=_median(delays[light]),
        fall_s=_median(delays[~light]),
    )


def light_edges(
    t_s: Array, level: Array, sensor: str = "sensor"
) -> tuple[Array, npt.NDArray[np.bool_]]:
    """Where the level crosses the middle between dark and light, interpolated between samples.

    Returns the times (m,) and whether the level rose (m,). Crossings of noise around the middle
    do not count: the level must come from one quarter of the range into the opposite one.
    """
    low, high = np.percentile(level, (5, 95))
    noise = np.median(np.abs(np.diff(level))) / 0.954  # of Gaussian noise, from its differences
    if not high - low > _LEAST_CONTRAST * noise or high <= low:
        raise NoLightError(sensor, f"its level only goes from {low:g} to {high:g}")
    middle = (low + high) / 2
    side = np.zeros(len(level), dtype=np.int8)
    side[level > low + 0.75 * (high - low)] = 1
    side[level < low + 0.25 * (high - low)] = -1
    sure = np.flatnonzero(side)
    changes = np.flatnonzero(np.diff(side[sure]) != 0)
    edges = [
        _crossing_s(t_s, level, int(sure[k]), int(sure[k + 1]), float(middle)) for k in changes
    ]
    rises = np.array([side[sure[k + 1]] > 0 for k in changes], dtype=bool)
    return np.array(edges, dtype=np.float64), rises


def _crossing_s(t_s: Array, level: Array, first: int, last: int, middle: float) -> float:
    """When the level went through the middle between two samples surely on its two sides."""
    above = level[first : last + 1] > middle
    k = first + int(np.flatnonzero(above != above[0])[0])
    share = (middle - level[k - 1]) / (level[k] - level[k - 1])
    return float(t_s[k - 1] + share * (t_s[k] - t_s[k - 1]))


def _delays(toggles: Sequence[Toggle], edge_s: Array, is_light: npt.NDArray[np.bool_]) -> Array:
    """From each toggle to its first edge of the same kind, NaN where there is none in time."""
    delays = np.full(len(toggles), np.nan)
    for k, toggle in enumerate(toggles):
        after = edge_s[is_light == toggle.is_light] - toggle.t_s
        inside = after[(after >= LEAST_S) & (after <= MOST_S)]
        if len(inside):
            delays[k] = inside[0]
    return delays


def _median(values: Array) -> float:
    known = values[np.isfinite(values)]
    return float(np.median(known)) if len(known) else float("nan")
