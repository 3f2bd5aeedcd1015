"""Data quality: accuracy, precision, data loss, rate; validation of a calibration."""

from gazecore.quality.measures import (
    Accuracy,
    accuracy,
    data_loss,
    precision_rms_deg,
    precision_std_deg,
)
from gazecore.quality.stretch import StretchQuality, live_quality, stretch_quality
from gazecore.quality.validation import (
    ValidationLimits,
    drift_at_target,
    validation_of_target,
    validation_of_targets,
)

__all__ = [
    "Accuracy",
    "StretchQuality",
    "ValidationLimits",
    "accuracy",
    "data_loss",
    "drift_at_target",
    "live_quality",
    "precision_rms_deg",
    "precision_std_deg",
    "stretch_quality",
    "validation_of_target",
    "validation_of_targets",
]
