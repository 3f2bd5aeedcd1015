"""Markers of calibration, validation and drift checks, with what they measured."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from gazecore.messages.base import Marker

Pair = tuple[float, float]
EyeName = Literal["left", "right", "both"]
AngleKind = Literal["3d", "approximate"]
"""From eye positions that the tracker gave, or from the protocol's reading distance."""

ActiveCalibration = Literal["new", "previous", "none", "unknown"]
DriftReason = Literal["", "cases", "eyes_away", "clicks", "restarted"]


class TargetShown(Marker):
    """A calibration, validation or drift target is on the screen (0..1 of the display area)."""

    kind: Literal["target_shown"] = "target_shown"
    purpose: Literal["calibration", "validation", "drift"]
    x_norm: float
    y_norm: float


class TargetHidden(Marker):
    """No target is on the screen any more."""

    kind: Literal["target_hidden"] = "target_hidden"


class EyeAtPoint(BaseModel):
    """What the tracker made of one eye at one calibration target."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    samples_used: int
    samples: int
    offset_deg: float | None = None


class CalibratedTarget(BaseModel):
    """What the tracker made of one calibration target; eyes are None where it does not tell."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    x_norm: float
    y_norm: float
    samples: int
    offset_deg: float | None = None
    left: EyeAtPoint | None = None
    right: EyeAtPoint | None = None


class CalibrationDone(Marker):
    """A calibration of the tracker was computed and applied, or failed."""

    kind: Literal["calibration"] = "calibration"
    succeeded: bool
    points_norm: tuple[Pair, ...]
    detail: str = ""
    active: ActiveCalibration = Field("unknown", description="which one holds from now on")
    source: Literal["collected", "reapplied"] = "collected"
    targets: tuple[CalibratedTarget, ...] = ()
    background_level: float | None = Field(None, description="grey behind the targets, 0..255")


class TargetError(BaseModel):
    """Gaze at one validation target for one eye."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    x_norm: float
    y_norm: float
    eye: Literal["left", "right", "both"]
    accuracy_deg: float | None
    precision_rms_deg: float | None
    precision_std_deg: float | None
    data_loss: float
    accuracy_median_deg: float | None = None
    gaze_x_norm: float | None = Field(None, description="mean gaze; None without any")
    gaze_y_norm: float | None = None
    accuracy_screen_px: float | None = None
    precision_rms_screen_px: float | None = None
    samples: int = Field(0, description="valid samples")
    invalid_share: float | None = Field(None, description="came without valid gaze, of those due")
    missing_share: float | None = Field(None, description="never came, of those due")
    angles: AngleKind = "approximate"
    precision_bcea_deg2: float | None = Field(None, description="of 68 % of normally spread gaze")


class ValidationDone(Marker):
    """Accuracy and precision measured after calibration (medians over targets)."""

    kind: Literal["validation"] = "validation"
    accuracy_deg: float | None
    precision_rms_deg: float | None
    precision_std_deg: float | None
    data_loss: float
    passed: bool
    targets: tuple[TargetError, ...] = ()
    eye: EyeName = Field("both", description="the eye that the figures and limits are about")
    accuracy_mean_deg: float | None = Field(None, description="mean over targets")
    invalid_share: float | None = None
    missing_share: float | None = None
    failed_limits: tuple[str, ...] = Field((), description="which limits were not met, in words")
    angles: AngleKind = "approximate"
    fit_zoom: float | None = Field(None, description="screen px per image px of a fitted case")
    accuracy_image_px: float | None = Field(None, description="median over targets, at fit_zoom")
    precision_rms_image_px: float | None = None
    background_level: float | None = Field(None, description="grey behind the targets, 0..255")
    precision_bcea_deg2: float | None = Field(None, description="median over targets, P = 0.68")


class DriftChecked(Marker):
    """The offset of gaze at a known place, in degrees (gaze minus place).

    At a target shown between cases (`check` is target), or where the reader clicked (click).
    """

    kind: Literal["drift_check"] = "drift_check"
    offset_x_deg: float | None
    offset_y_deg: float | None
    passed: bool
    check: Literal["target", "click"] = "target"
    x_norm: float | None = None
    y_norm: float | None = None
    distance_deg: float | None = None
    mean_distance_deg: float | None = Field(None, description="over the last clicks that count")
    counts: bool = Field(True, description="False where gaze was elsewhere at a click")
    reason: DriftReason = Field("", description="why a target was shown")
    outcome: Literal["", "again", "recalibrated", "went_on", "left"] = ""
    background_level: float | None = None
