"""What is known about a calibration: its phase, each point's result, the validation's figures."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from app.calibration.points import TargetPoint

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gazecore.messages import ValidationDone

Phase = Literal["ready", "calibrating", "calibrated", "validating", "validated", "failed"]

POOR_OFFSET_DEG = 1.5
"""A calibration point whose own samples lie further off is offered for another try."""


@dataclass(frozen=True, slots=True)
class CalibratedPoint:
    """One calibration target: samples the tracker used, and how far they lie off.

    `offset_deg` is None where the tracker does not say.
    """

    point: TargetPoint
    samples: int
    offset_deg: float | None

    @property
    def is_poor(self) -> bool:
        """Whether the point should be collected again."""
        return self.samples == 0 or (
            self.offset_deg is not None and self.offset_deg > POOR_OFFSET_DEG
        )


@dataclass(frozen=True, slots=True)
class GazeOffset:
    """Where gaze lay while a validation target was looked at, mean of the eyes; None if lost."""

    target: TargetPoint
    gaze: TargetPoint | None


@dataclass(frozen=True, slots=True)
class CalibrationState:
    """Everything the calibration page shows; methods give the next state.

    Attributes
    ----------
    target : TargetPoint or None
        The target on the screen.
    done, total : int
        Targets looked at, and all of this round.
    points : tuple of CalibratedPoint
        The last calibration, in the order shown.
    validation : ValidationDone or None
        The last validation; a new calibration takes it away.
    message : str
        One line for the reader, empty if all is well.
    """

    phase: Phase = "ready"
    target: TargetPoint | None = None
    done: int = 0
    total: int = 0
    points: tuple[CalibratedPoint, ...] = ()
    validation: ValidationDone | None = None
    offsets: tuple[GazeOffset, ...] = ()
    message: str = ""

    @property
    def is_running(self) -> bool:
        """Whether targets are being shown."""
        return self.phase in ("calibrating", "validating")

    @property
    def poor_points(self) -> tuple[TargetPoint, ...]:
        """The calibration targets that should be collected again."""
        return tuple(point.point for point in self.points if point.is_poor)

    @property
    def can_accept(self) -> bool:
        """Whether a validation tells how good the calibration is."""
        return self.phase == "validated"

    def calibrating(self, total: int) -> CalibrationState:
        """A round of calibration targets begins."""
        return replace(
            self, phase="calibrating", done=0, total=total, validation=None, offsets=(), message=""
        )

    def validating(self, total: int) -> CalibrationState:
        """A round of validation targets begins."""
        return replace(
            self, phase="validating", done=0, total=total, validation=None, offsets=(), message=""
        )

    def at(self, target: TargetPoint) -> CalibrationState:
        """This target is on the screen."""
        return replace(self, target=target)

    def looked(self) -> CalibrationState:
        """The target was looked at and is gone."""
        return replace(self, target=None, done=self.done + 1)

    def calibrated(self, points: Sequence[CalibratedPoint]) -> CalibrationState:
        """The tracker computed and applied a calibration."""
        return replace(self, phase="calibrated", target=None, points=tuple(points))

    def validated(
        self, validation: ValidationDone, offsets: Sequence[GazeOffset]
    ) -> CalibrationState:
        """The validation's figures are there."""
        return replace(
            self, phase="validated", target=None, validation=validation, offsets=tuple(offsets)
        )

    def failed(self, message: str) -> CalibrationState:
        """Something broke; the tracker keeps the calibration it had before."""
        return replace(self, phase="failed", target=None, message=message)


def computed_points(answer: Mapping[str, Any]) -> tuple[CalibratedPoint, ...]:
    """The points in the tracker's answer to ``calibration_compute``."""
    return tuple(
        CalibratedPoint(
            TargetPoint(float(point["x_norm"]), float(point["y_norm"])),
            int(point["samples"]),
            None if point.get("offset_deg") is None else float(point["offset_deg"]),
        )
        for point in answer.get("points", ())
    )


def degrees(value: float | None) -> str:
    """An angle as shown: two decimals, a dash where it is unknown."""
    return "–" if value is None else f"{value:.2f}°"


def percent(value: float) -> str:
    """A share as shown."""
    return f"{100 * value:.0f} %"
