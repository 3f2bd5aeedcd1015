"""Data quality: accuracy, precision, data loss, rate; validation, drift and its correction."""

from gazecore.quality.correction import AffineCorrection, fit_correction
from gazecore.quality.display_area import DisplayArea, display_area, eye_before_screen
from gazecore.quality.drift import Click, ClickDrift, drift_at_target
from gazecore.quality.measures import (
    Accuracy,
    Loss,
    accuracy,
    data_loss,
    loss,
    precision_rms_deg,
    precision_std_deg,
)
from gazecore.quality.precision import (
    BCEA_PROBABILITY,
    IntervalPrecision,
    precision_bcea_deg2,
    precision_in_intervals,
)
from gazecore.quality.stretch import StretchQuality, live_quality, stretch_quality
from gazecore.quality.validation import (
    ValidationContext,
    ValidationLimits,
    validation_of_target,
    validation_of_targets,
)

__all__ = [
    "BCEA_PROBABILITY",
    "Accuracy",
    "AffineCorrection",
    "Click",
    "ClickDrift",
    "DisplayArea",
    "IntervalPrecision",
    "Loss",
    "StretchQuality",
    "ValidationContext",
    "ValidationLimits",
    "accuracy",
    "data_loss",
    "display_area",
    "drift_at_target",
    "eye_before_screen",
    "fit_correction",
    "live_quality",
    "loss",
    "precision_bcea_deg2",
    "precision_in_intervals",
    "precision_rms_deg",
    "precision_std_deg",
    "stretch_quality",
    "validation_of_target",
    "validation_of_targets",
]
