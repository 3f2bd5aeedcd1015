"""Validation after a calibration: how well gaze meets targets that were not calibrated on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gazecore.messages import TargetError, ValidationDone
from gazecore.quality.display_area import eye_before_screen
from gazecore.quality.measures import (
    EYES,
    EyeName,
    accuracy,
    loss,
    precision_rms_deg,
    precision_std_deg,
    xy_of_eye,
)
from gazecore.quality.precision import precision_bcea_deg2

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gazecore.geometry import Screen
    from gazecore.messages import Pair
    from gazecore.quality.display_area import DisplayArea
    from gazecore.quality.measures import Array
    from gazecore.samples import GazeSamples


@dataclass(frozen=True, slots=True)
class ValidationLimits:
    """What the medians over targets may at most be."""

    accuracy_deg: float = 1.0
    precision_rms_deg: float = 0.5
    data_loss: float = 0.2


@dataclass(frozen=True, slots=True)
class ValidationContext:
    """What a validation's figures are about, beside its targets.

    Attributes
    ----------
    eye : {"both", "left", "right"}
        The eye that counts.
    fit_zoom : float or None
        Physical screen pixels per image pixel of a fitted case; None where no case is known.
    background_level : float or None
        Grey behind the targets, 0..255.
    """

    eye: EyeName = "both"
    fit_zoom: float | None = None
    background_level: float | None = None


def validation_of_target(
    samples: GazeSamples,
    target_norm: Pair,
    screen: Screen,
    *,
    expected: float | None = None,
    area: DisplayArea | None = None,
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
    area : DisplayArea, optional
        Where the screen lies before the tracker; with it, and eye positions, angles are true.

    Returns
    -------
    tuple of TargetError
        Accuracy is the mean angle; figures without data are None, the loss is then 1.
    """
    return tuple(_target_error(samples, target_norm, screen, eye, expected, area) for eye in EYES)


def _target_error(
    samples: GazeSamples,
    target_norm: Pair,
    screen: Screen,
    eye: EyeName,
    expected: float | None,
    area: DisplayArea | None,
) -> TargetError:
    xy_norm = xy_of_eye(samples, eye)
    xy_px, target_px = screen.from_norm(xy_norm), screen.from_norm(target_norm)
    eye_mm = eye_before_screen(samples, eye, area)
    found = accuracy(xy_px, target_px, screen, eye_mm)
    seen = np.isfinite(xy_norm).all(axis=1)
    mean_norm = xy_norm[seen].mean(axis=0) if seen.any() else None
    lost = loss(xy_px, expected)
    return TargetError(
        x_norm=target_norm[0],
        y_norm=target_norm[1],
        eye=eye,
        accuracy_deg=found.mean_deg,
        precision_rms_deg=precision_rms_deg(xy_px, screen, eye_mm),
        precision_std_deg=precision_std_deg(xy_px, screen, eye_mm),
        data_loss=lost.total,
        accuracy_median_deg=found.median_deg,
        gaze_x_norm=None if mean_norm is None else float(mean_norm[0]),
        gaze_y_norm=None if mean_norm is None else float(mean_norm[1]),
        accuracy_screen_px=_mean_px(xy_px[seen] - target_px),
        precision_rms_screen_px=_rms_px(xy_px),
        samples=int(seen.sum()),
        invalid_share=lost.invalid,
        missing_share=lost.missing,
        angles="approximate" if eye_mm is None else "3d",
        precision_bcea_deg2=precision_bcea_deg2(xy_px, screen, eye_mm),
    )


def validation_of_targets(
    t_s: float,
    targets: Sequence[TargetError],
    limits: ValidationLimits,
    context: ValidationContext | None = None,
) -> ValidationDone:
    """The validation as a whole: medians over targets of the eye that counts.

    A target without valid gaze counts with its loss of 1 and fails the validation.
    """
    context = context or ValidationContext()
    mine = [target for target in targets if target.eye == context.eye]
    accuracies = [target.accuracy_deg for target in mine]
    known = [value for value in accuracies if value is not None]
    zoom = context.fit_zoom
    done = ValidationDone(
        t_s=t_s,
        accuracy_deg=_median(accuracies),
        precision_rms_deg=_median([target.precision_rms_deg for target in mine]),
        precision_std_deg=_median([target.precision_std_deg for target in mine]),
        data_loss=float(np.median([target.data_loss for target in mine])) if mine else 1.0,
        passed=False,
        targets=tuple(targets),
        eye=context.eye,
        accuracy_mean_deg=float(np.mean(known)) if known else None,
        invalid_share=_median([target.invalid_share for target in mine]),
        missing_share=_median([target.missing_share for target in mine]),
        angles="3d" if mine and all(t.angles == "3d" for t in mine) else "approximate",
        fit_zoom=zoom,
        accuracy_image_px=_at_zoom(_median([t.accuracy_screen_px for t in mine]), zoom),
        precision_rms_image_px=_at_zoom(_median([t.precision_rms_screen_px for t in mine]), zoom),
        background_level=context.background_level,
        precision_bcea_deg2=_median([target.precision_bcea_deg2 for target in mine]),
    )
    failed = failed_limits(done, limits)
    return done.model_copy(update={"passed": not failed, "failed_limits": failed})


def failed_limits(done: ValidationDone, limits: ValidationLimits) -> tuple[str, ...]:
    """Which limits a validation does not meet, each in words with both figures."""
    mine = [target for target in done.targets if target.eye == done.eye]
    unseen = sum(target.accuracy_deg is None for target in mine)
    failed = []
    if not mine or unseen:
        failed.append(f"{unseen} of {len(mine)} targets without gaze" if mine else "no target")
    for name, value, limit in (
        ("accuracy", done.accuracy_deg, limits.accuracy_deg),
        ("precision", done.precision_rms_deg, limits.precision_rms_deg),
    ):
        if value is None:
            failed.append(f"{name} unknown")
        elif value > limit:
            failed.append(f"{name} {value:.2f}° over {limit:g}°")
    if done.data_loss > limits.data_loss:
        failed.append(f"data loss {done.data_loss:.0%} over {limits.data_loss:.0%}")
    return tuple(failed)


def _mean_px(offsets_px: Array) -> float | None:
    return float(np.linalg.norm(offsets_px, axis=1).mean()) if len(offsets_px) else None


def _rms_px(xy_px: Array) -> float | None:
    steps = np.linalg.norm(np.diff(xy_px, axis=0), axis=1)
    steps = steps[np.isfinite(steps)]
    return float(np.sqrt(np.mean(steps**2))) if len(steps) else None


def _at_zoom(screen_px: float | None, zoom: float | None) -> float | None:
    return None if screen_px is None or not zoom else screen_px / zoom


def _median(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return float(np.median(known)) if known else None
