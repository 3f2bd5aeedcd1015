"""Where the reader sits before the tracker: nearer, farther, to one side; told while it is calm.

From the tracker's own position guide (0..1 of its head box, the middle is ideal, y down, z away
from the tracker), else from the eye positions of its gaze, else not at all. Devices differ in
which way x grows, so the eyes themselves tell: the left one lies to the reader's left.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gazecore.samples import GazeSamples

Source = Literal["guide", "gaze", "none"]

NEAR_MIDDLE = 0.18
STILL_NEAR = 0.12
"""Advice begins at the first distance from the middle and ends at the second: no flicker."""
REACH_MM = 350.0
"""From eye positions, the box spans so much about the reading distance."""


@dataclass(frozen=True, slots=True)
class EyePlace:
    """One eye in the head box as the reader sees it: x to the right, y down, z away; 0..1."""

    x: float
    y: float
    z: float


@dataclass(frozen=True, slots=True)
class HeadPosition:
    """Both eyes in the head box, None where not seen, and one line of advice, empty when good."""

    source: Source = "none"
    left: EyePlace | None = None
    right: EyePlace | None = None
    advice: str = ""

    @property
    def is_known(self) -> bool:
        """Whether any eye is seen by something that tells its place."""
        return self.left is not None or self.right is not None


class PositionReader:
    """Turns what a tracker tells into places and calm advice; remembers what it said last."""

    def __init__(self) -> None:
        self._is_mirrored = False
        self._last = HeadPosition()

    def from_guide(self, answer: Mapping[str, Any]) -> HeadPosition | None:
        """From the tracker's answer to ``eye_positions``; None where it has no guide."""
        if not answer.get("available", "left" in answer):
            return None
        left, right = _in_box(answer.get("left")), _in_box(answer.get("right"))
        return self._told("guide", left, right)

    def from_gaze(self, samples: GazeSamples, distance_mm: float) -> HeadPosition:
        """From eye positions in gaze; only the distance is told, nobody knows the ideal height."""
        left, right = (
            _place(origin_mm, distance_mm)
            for origin_mm in (samples.left_origin_mm, samples.right_origin_mm)
        )
        return self._told("gaze" if left or right else "none", left, right)

    def _told(self, source: Source, left: EyePlace | None, right: EyePlace | None) -> HeadPosition:
        if left and right and abs(left.x - right.x) > 0.02:
            self._is_mirrored = left.x > right.x
        if self._is_mirrored:
            left, right = _mirrored(left), _mirrored(right)
        self._last = HeadPosition(source, left, right, self._advice(left, right))
        return self._last

    def _advice(self, left: EyePlace | None, right: EyePlace | None) -> str:
        seen = [eye for eye in (left, right) if eye is not None]
        if not seen:
            return ""
        z = float(np.mean([eye.z for eye in seen]))
        wishes = [(z - 0.5, "Move a little closer", "Move a little back")]
        if len(seen) == 2:
            x, y = (float(np.mean([getattr(eye, axis) for eye in seen])) for axis in "xy")
            wishes += [
                (x - 0.5, "Move a little to the left", "Move a little to the right"),
                (y - 0.5, "Sit a little higher", "Sit a little lower"),
            ]
        off, over, under = max(wishes, key=lambda wish: abs(wish[0]))
        text = over if off > 0 else under
        limit = STILL_NEAR if text == self._last.advice else NEAR_MIDDLE
        return text if abs(off) > limit else ""


def _in_box(eye: Any) -> EyePlace | None:
    if not isinstance(eye, dict) or not eye.get("valid"):
        return None
    place = [float(v) for v in (eye.get(axis) for axis in "xyz") if isinstance(v, int | float)]
    if len(place) < 3 or not all(math.isfinite(v) for v in place):
        return None
    return EyePlace(*place)


def _place(origin_mm: np.ndarray[Any, np.dtype[np.float64]], distance_mm: float) -> EyePlace | None:
    known = origin_mm[np.isfinite(origin_mm).all(axis=1)]
    if not len(known):
        return None
    x_mm, _, _ = np.median(known, axis=0)
    away_mm = float(np.median(np.linalg.norm(known, axis=1))) - distance_mm
    return EyePlace(0.5 + float(x_mm) / REACH_MM, 0.5, 0.5 + away_mm / REACH_MM)


def _mirrored(eye: EyePlace | None) -> EyePlace | None:
    return None if eye is None else EyePlace(1 - eye.x, eye.y, eye.z)
