"""Verdicts on readings and sessions by the protocol: every reason in words, none when it holds.

A reading is judged by the protocol's exclusion rules, which tell what an analysis leaves out; a
session by the limits that its validations and drift checks should have met.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from gazecore.messages import DriftChecked, ScreenChanged, ValidationDone
from gazecore.quality import ValidationLimits
from gazecore.quality.validation import failed_limits

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from gazecore.analysis.readings import ReadingInterval
    from gazecore.messages import AnyMarker
    from gazecore.study.protocol import Calibration, Exclusion


def quality_verdict(row: Mapping[str, Any], exclusion: Exclusion) -> list[str]:
    """Why a reading is left out of the analysis by the protocol's rules; empty when it is not.

    Parameters
    ----------
    row : mapping
        A row of ``quality.parquet`` without its verdict. A figure that was not measured breaks
        a rule about it.
    exclusion : Exclusion
    """
    reasons = []
    if row["data_loss"] > exclusion.max_data_loss:
        reasons.append(f"data loss {row['data_loss']:.0%} is over {exclusion.max_data_loss:.0%}")
    if row["duration_s"] < exclusion.min_duration_s:
        reasons.append(f"{row['duration_s']:.2f} s is shorter than {exclusion.min_duration_s:g} s")
    if not row["fixations"]:
        reasons.append("no fixation")
    for name, value, limit, unit in (
        ("accuracy", row["accuracy_deg"], exclusion.max_accuracy_deg, "°"),
        ("precision", row["precision_rms_deg"], exclusion.max_precision_rms_deg, "°"),
        ("drift", row["drift_deg"], exclusion.max_drift_deg, "°"),
        ("largest gap", row["largest_gap_s"], exclusion.max_gap_s, " s"),
    ):
        if limit is not None and (value is None or value > limit):
            reasons.append(_over(name, value, limit, unit))
    share, limit = row["off_image_share"], exclusion.max_off_image_share
    if limit is not None and (share is None or share > limit):
        said = "gaze off the image unknown" if share is None else f"{share:.0%} off the image"
        reasons.append(f"{said}, at most {limit:.0%}")
    rate_hz, least_hz = row["effective_rate_hz"], exclusion.min_effective_rate_hz
    if least_hz is not None and (rate_hz is None or rate_hz < least_hz):
        said = "unknown" if rate_hz is None else f"{rate_hz:.0f} Hz"
        reasons.append(f"effective rate {said}, at least {least_hz:g} Hz")
    return reasons


def screen_verdict(markers: Sequence[AnyMarker], reading: ReadingInterval) -> list[str]:
    """Why a reading's gaze cannot be placed: its screen was another than the calibrated one.

    The last change before the reading counts unless a validation came after it, and every change
    during the reading.
    """
    differences: tuple[str, ...] = ()
    for marker in sorted(markers, key=lambda m: m.t_s):
        if marker.t_s >= reading.stop_s or (differences and marker.t_s >= reading.start_s):
            break
        if isinstance(marker, ScreenChanged):
            differences = marker.differences
        elif isinstance(marker, ValidationDone):
            differences = ()
    return [f"the screen changed ({'; '.join(differences)})"] if differences else []


def session_verdict(
    rows: Sequence[Mapping[str, Any]],
    markers: Sequence[AnyMarker],
    calibration: Calibration,
    exclusion: Exclusion,
) -> list[str]:
    """What of a session does not meet the protocol.

    Parameters
    ----------
    rows : sequence of mapping
        The rows of its readings.
    markers : sequence of markers
    calibration, exclusion
        The limits as the protocol states them now.
    """
    if not rows:
        return ["no reading"]
    begun_s = [float(row["start_s"]) for row in rows]
    found = _validation_reasons(markers, begun_s, calibration)
    drifts = target_drifts_deg(markers, max(float(row["stop_s"]) for row in rows))
    worst = max((d for d in drifts if d is not None), default=0.0)
    if worst > calibration.max_drift_deg:
        found.append(f"drift {worst:.2f}° over {calibration.max_drift_deg:g}°")
    if any(drift is None for drift in drifts):
        found.append("a drift check without gaze")
    loss = share_of_due(rows, "data_loss")
    if loss > exclusion.max_data_loss:
        found.append(f"data loss {loss:.0%} over {exclusion.max_data_loss:.0%}")
    left_out = sum(not row["usable"] for row in rows)
    if left_out:
        found.append(f"{left_out} of {len(rows)} readings left out")
    return found


def share_of_due(rows: Sequence[Mapping[str, Any]], name: str) -> float:
    """A share of the samples due, over readings; 1 where none was due."""
    due = np.array([row["received"] + row["missing"] for row in rows], dtype=np.float64)
    shares = np.array([row[name] for row in rows], dtype=np.float64)
    return float(due @ shares / due.sum()) if due.sum() else 1.0


def validation_before(markers: Iterable[AnyMarker], t_s: float) -> ValidationDone | None:
    """The validation in force at a time: the last before it."""
    found = [m for m in markers if isinstance(m, ValidationDone) and m.t_s <= t_s]
    return max(found, key=lambda m: m.t_s, default=None)


def target_drifts_deg(markers: Iterable[AnyMarker], before_s: float) -> list[float | None]:
    """Offsets at drift targets up to a time, in time order; None where no gaze was seen."""
    checks = [m for m in markers if isinstance(m, DriftChecked) and m.check == "target"]
    checks.sort(key=lambda m: m.t_s)
    return [_distance_deg(check) for check in checks if check.t_s <= before_s]


def _distance_deg(check: DriftChecked) -> float | None:
    if check.offset_x_deg is None or check.offset_y_deg is None:
        return None
    return float(np.hypot(check.offset_x_deg, check.offset_y_deg))


def _validation_reasons(
    markers: Sequence[AnyMarker], begun_s: Sequence[float], calibration: Calibration
) -> list[str]:
    """The limits that a validation in force at some reading does not meet, each named once."""
    in_force = [validation_before(markers, t_s) for t_s in begun_s]
    reasons = ["read without a validation"] if None in in_force else []
    limits = ValidationLimits(
        calibration.max_accuracy_deg, calibration.max_precision_rms_deg, calibration.max_data_loss
    )
    for validation in dict.fromkeys(done for done in in_force if done is not None):
        reasons += [f"validation: {reason}" for reason in failed_limits(validation, limits)]
    return list(dict.fromkeys(reasons))


def _over(name: str, value: float | None, limit: float, unit: str) -> str:
    said = "unknown" if value is None else f"{value:.2f}{unit}"
    return f"{name} {said}, at most {limit:g}{unit}"
