"""Validation after a calibration: how well gaze meets targets that were not calibrated on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gazecore.messages import DriftChecked, TargetError, ValidationDone
from gazecore.quality.measures import (
    EYES,
    accuracy,
    data_loss,
    precision_rms_deg,
    precision_std_deg,
    xy_of_eye,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gazecore.geometry import Screen
    from gazecore.messages import Pair
    from gazecore.samples import GazeSamples


@dataclass(frozen=True, slots=True)
class ValidationLimits:
    """What the medians over targets may at most be."""

    accuracy_deg: float = 1.0
    precision_rms_deg: float = 0.5
    data_loss: float = 0.2


def validation_of_target(
    samples: GazeSamples,
    target_norm: Pair,
    screen: Screen,
    *,
    expected: float | None = None,
) -> tuple[TargetError, ...]:
    """Gaze while one target was looked at: a `TargetError` for left, right and both eyes.

    Parameters
    ----------
    samples : GazeSamples
        Of the time in which the eye rested on the target (half a second is usual).
    target_norm : (float, float)
        In 0..1 of the display area.
    expected : float, optional
        Samples due in that time (rate times duration), so that missing ones count as lost.

    Returns
    -------
    tuple of TargetError
        Accuracy is the mean angle; figures without data are None, the loss is then 1.
    """
    target_px = screen.from_norm(target_norm)
    found = []
    for eye in EYES:
        xy_px = screen.from_norm(xy_of_eye(samples, eye))
        found.append(
            TargetError(
                x_norm=target_norm[0],
                y_norm=target_norm[1],
                eye=eye,
                accuracy_deg=accuracy(xy_px, target_px, screen).mean_deg,
                precision_rms_deg=precision_rms_deg(xy_px, screen),
                precision_std_deg=precision_std_deg(xy_px, screen),
                data_loss=data_loss(xy_px, expected),
            )
        )
    return tuple(found)


def validation_of_targets(
    t_s: float, targets: Sequence[TargetError], limits: ValidationLimits
) -> ValidationDone:
    """The validation as a whole: medians over targets of the gaze point of both eyes.

    A target without valid gaze counts with its loss of 1 and fails the validation.
    """
    both = [target for target in targets if target.eye == "both"]
    loss = float(np.median([target.data_loss for target in both])) if both else 1.0
    angle = _median([target.accuracy_deg for target in both])
    rms = _median([target.precision_rms_deg for target in both])
    seen_everywhere = bool(both) and all(target.accuracy_deg is not None for target in both)
    return ValidationDone(
        t_s=t_s,
        accuracy_deg=angle,
        precision_rms_deg=rms,
        precision_std_deg=_median([target.precision_std_deg for target in both]),
        data_loss=loss,
        passed=(
            seen_everywhere
            and _within(angle, limits.accuracy_deg)
            and _within(rms, limits.precision_rms_deg)
            and loss <= limits.data_loss
        ),
        targets=tuple(targets),
    )


def drift_at_target(
    t_s: float, samples: GazeSamples, target_norm: Pair, screen: Screen, max_drift_deg: float
) -> DriftChecked:
    """Offset of the mean gaze point from a known target; not passed without valid gaze."""
    xy_px = screen.from_norm(xy_of_eye(samples, "both"))
    found = accuracy(xy_px, screen.from_norm(target_norm), screen)
    if found.offset_x_deg is None or found.offset_y_deg is None:
        return DriftChecked(t_s=t_s, offset_x_deg=None, offset_y_deg=None, passed=False)
    return DriftChecked(
        t_s=t_s,
        offset_x_deg=found.offset_x_deg,
        offset_y_deg=found.offset_y_deg,
        passed=bool(np.hypot(found.offset_x_deg, found.offset_y_deg) <= max_drift_deg),
    )


def _median(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return float(np.median(known)) if known else None


def _within(value: float | None, limit: float) -> bool:
    return value is not None and value <= limit
