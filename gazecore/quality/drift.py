"""Drift of a calibration: gaze against a target between cases, or against where readers click.

Readers look at what they click, so each click is a drift check that costs them nothing (REFLACX
averages it over four cases). One click says little: gaze may have left already, so a rolling mean
counts, and clicks far from gaze do not.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gazecore.messages import DriftChecked
from gazecore.quality.measures import Accuracy, EyeName, EyePosition, accuracy, xy_of_eye

if TYPE_CHECKING:
    from gazecore.geometry import Screen
    from gazecore.messages import Pair
    from gazecore.samples import GazeSamples

CLICKS = 4
"""Clicks in the rolling mean."""

ELSEWHERE_DEG = 6.0
"""Farther from gaze a click was made without looking: no tracker drifts so far in a session."""


def drift_at_target(
    t_s: float,
    samples: GazeSamples,
    target_norm: Pair,
    screen: Screen,
    max_drift_deg: float,
    *,
    eye: EyeName = "both",
    eye_mm: EyePosition = None,
) -> DriftChecked:
    """Offset of the mean gaze point from a known target; not passed without valid gaze."""
    found = _offset(samples, target_norm, screen, eye, eye_mm)
    distance_deg = _distance_deg(found)
    return DriftChecked(
        t_s=t_s,
        offset_x_deg=found.offset_x_deg,
        offset_y_deg=found.offset_y_deg,
        passed=distance_deg is not None and distance_deg <= max_drift_deg,
        x_norm=target_norm[0],
        y_norm=target_norm[1],
        distance_deg=distance_deg,
    )


@dataclass(frozen=True, slots=True)
class Click:
    """A click of the reader on something to look at, in 0..1 of the display area."""

    t_s: float
    x_norm: float
    y_norm: float


class ClickDrift:
    """The rolling mean of the distance between gaze and clicks.

    Parameters
    ----------
    screen : Screen
    max_distance_deg : float
        What the mean may at most be.
    eye : {"both", "left", "right"}
    """

    def __init__(self, screen: Screen, max_distance_deg: float, *, eye: EyeName = "both") -> None:
        self._screen = screen
        self._limit_deg = max_distance_deg
        self._eye: EyeName = eye
        self._distances_deg: deque[float] = deque(maxlen=CLICKS)

    @property
    def mean_deg(self) -> float | None:
        """Mean over the last `CLICKS` clicks that count; None before there are as many."""
        if len(self._distances_deg) < CLICKS:
            return None
        return float(np.mean(self._distances_deg))

    @property
    def is_beyond(self) -> bool:
        """Whether the mean is over its limit."""
        return self.mean_deg is not None and self.mean_deg > self._limit_deg

    def forget(self) -> None:
        """Start anew, after a calibration or a drift check."""
        self._distances_deg.clear()

    def take(self, click: Click, samples: GazeSamples) -> DriftChecked:
        """The click as a marker; `samples` are those of the moment just before it."""
        place = (click.x_norm, click.y_norm)
        found = _offset(samples, place, self._screen, self._eye, None)
        distance_deg = _distance_deg(found)
        counts = distance_deg is not None and distance_deg <= ELSEWHERE_DEG
        if distance_deg is not None and counts:
            self._distances_deg.append(distance_deg)
        return DriftChecked(
            t_s=click.t_s,
            offset_x_deg=found.offset_x_deg,
            offset_y_deg=found.offset_y_deg,
            passed=not self.is_beyond,
            check="click",
            x_norm=click.x_norm,
            y_norm=click.y_norm,
            distance_deg=distance_deg,
            mean_distance_deg=self.mean_deg,
            counts=counts,
        )


def _offset(
    samples: GazeSamples, place_norm: Pair, screen: Screen, eye: EyeName, eye_mm: EyePosition
) -> Accuracy:
    xy_px = screen.from_norm(xy_of_eye(samples, eye))
    return accuracy(xy_px, screen.from_norm(place_norm), screen, eye_mm)


def _distance_deg(found: Accuracy) -> float | None:
    if found.offset_x_deg is None or found.offset_y_deg is None:
        return None
    return float(np.hypot(found.offset_x_deg, found.offset_y_deg))
