"""Where calibration and validation targets lie; validation uses other places than calibration."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TargetPoint:
    """A place on the tracked screen, 0..1 of the display area from the top left."""

    x_norm: float
    y_norm: float


def _points(*pairs: tuple[float, float]) -> tuple[TargetPoint, ...]:
    return tuple(TargetPoint(x, y) for x, y in pairs)


_CORNERS = ((0.1, 0.1), (0.9, 0.1), (0.9, 0.9), (0.1, 0.9))
_EDGES = ((0.5, 0.1), (0.9, 0.5), (0.5, 0.9), (0.1, 0.5))
_INNER_CORNERS = ((0.25, 0.25), (0.75, 0.25), (0.75, 0.75), (0.25, 0.75))
_INNER_EDGES = ((0.5, 0.3), (0.7, 0.5), (0.5, 0.7), (0.3, 0.5))
_MIDDLE_CORNERS = ((0.36, 0.36), (0.64, 0.36), (0.64, 0.64), (0.36, 0.64))
_OUTER = ((0.3, 0.14), (0.7, 0.14), (0.7, 0.86), (0.3, 0.86))

CALIBRATION_POINTS: dict[int, tuple[TargetPoint, ...]] = {
    5: _points((0.5, 0.5), *_CORNERS),
    9: _points((0.5, 0.5), *_CORNERS, *_EDGES),
    13: _points((0.5, 0.5), *_CORNERS, *_EDGES, *_MIDDLE_CORNERS),
}
"""Targets by their number, the centre first: readers start from a place they already look at."""

VALIDATION_POINTS: dict[int, tuple[TargetPoint, ...]] = {
    4: _points(*_INNER_CORNERS),
    5: _points(*_INNER_CORNERS, (0.5, 0.35)),
    9: _points(*_INNER_CORNERS, *_INNER_EDGES, (0.4, 0.5)),
    13: _points(*_INNER_CORNERS, *_INNER_EDGES, (0.4, 0.5), *_OUTER),
}
"""Targets by their number, none of them near a calibration target."""

DRIFT_POINT = TargetPoint(0.5, 0.5)
"""Where drift is checked: about where the next case will be looked at first."""
