"""Gaze at one validation target, and the validation's verdict from all of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt

from app.calibration.points import TargetPoint
from app.calibration.viewmodel import GazeOffset
from gazecore.messages import TargetError, ValidationDone
from gazecore.samples import gaze_point

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gazecore.geometry import Screen
    from gazecore.samples import GazeSamples
    from gazecore.study.protocol import Calibration

Array = npt.NDArray[np.float64]
EyeName = Literal["left", "right", "both"]


@dataclass(frozen=True, slots=True)
class Measured:
    """One target: the figures of each eye and of both, and where gaze lay."""

    left: TargetError
    right: TargetError
    both: TargetError
    offset: GazeOffset


def measure(samples: GazeSamples, target: TargetPoint, screen: Screen, expected: int) -> Measured:
    """Gaze at `target` during one interval.

    Angles are approximate: seen from the reading distance before the screen's centre.

    Parameters
    ----------
    expected : int
        Samples a tracker without loss would have sent; 0 if its rate is unknown, then those
        received count as all.
    """
    both_xy, eyes_used = gaze_point(samples)
    errors = {
        "left": _error(samples.left_xy_norm, samples.left_valid, target, screen, expected, "left"),
        "right": _error(
            samples.right_xy_norm, samples.right_valid, target, screen, expected, "right"
        ),
        "both": _error(both_xy, eyes_used > 0, target, screen, expected, "both"),
    }
    seen = both_xy[eyes_used > 0]
    gaze = TargetPoint(*(float(v) for v in seen.mean(axis=0))) if len(seen) else None
    return Measured(**errors, offset=GazeOffset(target, gaze))


def validation_marker(
    measured: Sequence[Measured], limits: Calibration, t_s: float
) -> ValidationDone:
    """The verdict: medians over targets, each at most its limit, and no target lost entirely."""
    both = [m.both for m in measured]
    accuracy = _median([e.accuracy_deg for e in both])
    precision = _median([e.precision_rms_deg for e in both])
    data_loss = float(np.median([e.data_loss for e in both]))
    passed = (
        accuracy is not None
        and precision is not None
        and accuracy <= limits.max_accuracy_deg
        and precision <= limits.max_precision_rms_deg
        and data_loss <= limits.max_data_loss
    )
    return ValidationDone(
        t_s=t_s,
        accuracy_deg=accuracy,
        precision_rms_deg=precision,
        precision_std_deg=_median([e.precision_std_deg for e in both]),
        data_loss=data_loss,
        passed=passed,
        targets=tuple(e for m in measured for e in (m.left, m.right, m.both)),
    )


def _median(values: Sequence[float | None]) -> float | None:
    """The median; None if any target has no value, because it was not seen at all."""
    known = [value for value in values if value is not None]
    return float(np.median(known)) if known and len(known) == len(values) else None


def _error(
    xy_norm: Array,
    valid: npt.NDArray[np.bool_],
    target: TargetPoint,
    screen: Screen,
    expected: int,
    eye: EyeName,
) -> TargetError:
    seen_px = screen.from_norm(xy_norm[valid])
    loss = 1.0 - len(seen_px) / max(expected, len(valid), 1)
    accuracy = rms = std = None
    if len(seen_px):
        target_px = screen.from_norm([[target.x_norm, target.y_norm]])
        accuracy = float(screen.angle_deg(seen_px, target_px).mean())
        std = _std_deg(seen_px, screen)
    pairs = np.flatnonzero(valid[1:] & valid[:-1])
    if len(pairs):
        steps = screen.angle_deg(
            screen.from_norm(xy_norm[pairs]), screen.from_norm(xy_norm[pairs + 1])
        )
        rms = float(np.sqrt(np.mean(steps**2)))
    return TargetError(
        x_norm=target.x_norm,
        y_norm=target.y_norm,
        eye=eye,
        accuracy_deg=accuracy,
        precision_rms_deg=rms,
        precision_std_deg=std,
        data_loss=loss,
    )


def _std_deg(seen_px: Array, screen: Screen) -> float:
    """The square root of the summed variances along x and y."""
    per_deg = screen.px_per_deg(seen_px.mean(axis=0))[0]
    return float(np.sqrt(np.var(seen_px / per_deg, axis=0).sum()))
