"""What a tracker made of one calibration target, and whether it should be tried again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.calibration.points import TargetPoint
from gazecore.messages import CalibratedTarget, EyeAtPoint

if TYPE_CHECKING:
    from collections.abc import Mapping

POOR_OFFSET_DEG = 1.5
"""A calibration point whose own samples lie further off is offered for another try."""


@dataclass(frozen=True, slots=True)
class CalibratedPoint:
    """One calibration target: samples the tracker used, and how far they lie off.

    `offset_deg` is None where the tracker does not say; `left` and `right` where it does not tell
    the eyes apart.
    """

    point: TargetPoint
    samples: int
    offset_deg: float | None
    left: EyeAtPoint | None = None
    right: EyeAtPoint | None = None

    @property
    def is_poor(self) -> bool:
        """Whether the point should be collected again."""
        blind = [eye for eye in (self.left, self.right) if eye is not None and not eye.samples_used]
        return (
            self.samples == 0
            or bool(blind)
            or (self.offset_deg is not None and self.offset_deg > POOR_OFFSET_DEG)
        )

    def target(self) -> CalibratedTarget:
        """The same as markers carry it."""
        return CalibratedTarget(
            x_norm=self.point.x_norm,
            y_norm=self.point.y_norm,
            samples=self.samples,
            offset_deg=self.offset_deg,
            left=self.left,
            right=self.right,
        )


def computed_points(answer: Mapping[str, Any]) -> tuple[CalibratedPoint, ...]:
    """The points in the tracker's answer to ``calibration_compute``."""
    return tuple(
        CalibratedPoint(
            TargetPoint(float(point["x_norm"]), float(point["y_norm"])),
            int(point["samples"]),
            _angle(point.get("offset_deg")),
            _eye(point.get("left")),
            _eye(point.get("right")),
        )
        for point in answer.get("points", ())
    )


def _eye(eye: Mapping[str, Any] | None) -> EyeAtPoint | None:
    if eye is None:
        return None
    return EyeAtPoint(
        samples_used=int(eye["samples_used"]),
        samples=int(eye["samples"]),
        offset_deg=_angle(eye.get("offset_deg")),
    )


def _angle(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None
