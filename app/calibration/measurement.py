"""Gaze at one validation target, and the validation's verdict from all of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.calibration.points import TargetPoint
from app.calibration.viewmodel import GazeOffset
from gazecore.quality import ValidationLimits, validation_of_target, validation_of_targets
from gazecore.samples import gaze_point

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gazecore.geometry import Screen
    from gazecore.messages import TargetError, ValidationDone
    from gazecore.samples import GazeSamples
    from gazecore.study.protocol import Calibration


@dataclass(frozen=True, slots=True)
class Measured:
    """One target: the figures of the left eye, the right eye and both, and where gaze lay."""

    errors: tuple[TargetError, ...]
    offset: GazeOffset


def measure(samples: GazeSamples, target: TargetPoint, screen: Screen, expected: int) -> Measured:
    """Gaze at `target` during one interval.

    Parameters
    ----------
    expected : int
        Samples a tracker without loss would have sent; 0 if its rate is unknown, then those
        received count as all.
    """
    errors = validation_of_target(
        samples, (target.x_norm, target.y_norm), screen, expected=expected
    )
    xy_norm, eyes_used = gaze_point(samples)
    seen = xy_norm[eyes_used > 0]
    gaze = TargetPoint(*(float(v) for v in seen.mean(axis=0))) if len(seen) else None
    return Measured(errors, GazeOffset(target, gaze))


def verdict(measured: Sequence[Measured], limits: Calibration, t_s: float) -> ValidationDone:
    """The validation as a whole, against the protocol's limits."""
    return validation_of_targets(
        t_s,
        [error for each in measured for error in each.errors],
        ValidationLimits(
            limits.max_accuracy_deg, limits.max_precision_rms_deg, limits.max_data_loss
        ),
    )
