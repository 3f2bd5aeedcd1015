"""What is known about a calibration: its phase, each point's result, the validation's figures."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from app.calibration.points import TargetPoint
from gazecore.quality import ValidationContext, ValidationLimits, validation_of_targets

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from app.calibration.calibrated_point import CalibratedPoint
    from gazecore.messages import EyeName, TargetError, ValidationDone
    from gazecore.study.protocol import Calibration

Phase = Literal["ready", "calibrating", "calibrated", "validating", "validated", "failed"]


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
    marked : frozenset of int
        Indices of the points that will be redone; first those that are poor.
    current : int
        Index of the point that the keyboard is at.
    is_reapplied : bool
        The calibration is one from earlier.
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
    marked: frozenset[int] = frozenset()
    current: int = 0
    is_reapplied: bool = False
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
    def can_redo(self) -> bool:
        """Whether single points can be collected again: only before the tracker is left."""
        return self.phase == "calibrated" and bool(self.points) and not self.is_reapplied

    @property
    def marked_points(self) -> tuple[TargetPoint, ...]:
        """The targets that will be redone, in the order shown."""
        return tuple(p.point for i, p in enumerate(self.points) if i in self.marked)

    @property
    def can_accept(self) -> bool:
        """Whether a validation tells how good the calibration is."""
        return self.phase == "validated"

    def calibrating(self, total: int) -> CalibrationState:
        """A round of calibration targets begins."""
        return replace(self._begun(total), phase="calibrating")

    def validating(self, total: int) -> CalibrationState:
        """A round of validation targets begins."""
        return replace(self._begun(total), phase="validating")

    def _begun(self, total: int) -> CalibrationState:
        return replace(self, done=0, total=total, validation=None, offsets=(), message="")

    def at(self, target: TargetPoint | None) -> CalibrationState:
        """This target is on the screen; with None the one before was looked at and is gone."""
        if target is None:
            return replace(self, target=None, done=self.done + 1)
        return replace(self, target=target)

    def calibrated(self, points: Sequence[CalibratedPoint]) -> CalibrationState:
        """The tracker computed and applied a calibration."""
        return replace(
            self,
            phase="calibrated",
            target=None,
            points=tuple(points),
            marked=frozenset(i for i, point in enumerate(points) if point.is_poor),
            current=0,
            is_reapplied=False,
        )

    def reapplied(self) -> CalibrationState:
        """The tracker took a calibration from earlier; its points are not known any more."""
        return replace(self.calibrated(()), is_reapplied=True)

    def toggled(self, index: int) -> CalibrationState:
        """This point marked for another try, or not any more; the keyboard is at it."""
        if not (self.can_redo and 0 <= index < len(self.points)):
            return self
        return replace(self, marked=self.marked ^ {index}, current=index)

    def moved(self, steps: int) -> CalibrationState:
        """The keyboard at the point so many further."""
        if not self.can_redo:
            return self
        return replace(self, current=(self.current + steps) % len(self.points))

    def validated(
        self, validation: ValidationDone, offsets: Sequence[GazeOffset]
    ) -> CalibrationState:
        """The validation's figures are there."""
        return replace(
            self, phase="validated", target=None, validation=validation, offsets=tuple(offsets)
        )

    def failed(self, message: str) -> CalibrationState:
        """Something broke; the message says which calibration the tracker goes on with."""
        return replace(self, phase="failed", target=None, message=message)


def offsets_of(targets: Iterable[TargetError], eye: str) -> tuple[GazeOffset, ...]:
    """Where an eye's gaze lay at each target of a validation."""
    return tuple(
        GazeOffset(
            TargetPoint(error.x_norm, error.y_norm),
            None
            if error.gaze_x_norm is None or error.gaze_y_norm is None
            else TargetPoint(error.gaze_x_norm, error.gaze_y_norm),
        )
        for error in targets
        if error.eye == eye
    )


def for_eye(validation: ValidationDone, eye: EyeName, settings: Calibration) -> ValidationDone:
    """The same validation as judged by one eye's gaze."""
    if eye == validation.eye:
        return validation
    return validation_of_targets(
        validation.t_s,
        validation.targets,
        ValidationLimits(
            settings.max_accuracy_deg, settings.max_precision_rms_deg, settings.max_data_loss
        ),
        ValidationContext(eye, validation.fit_zoom, validation.background_level),
    )


def degrees(value: float | None) -> str:
    """An angle as shown: two decimals, a dash where it is unknown."""
    return "–" if value is None else f"{value:.2f}°"


def percent(value: float | None) -> str:
    """A share as shown."""
    return "–" if value is None else f"{100 * value:.0f} %"


def pixels(value: float | None) -> str:
    """A distance in pixels as shown."""
    return "–" if value is None else f"{value:.0f} px"
