"""What a check measured crosses unchanged, what it could not measure too."""

from __future__ import annotations

from gazecore.messages import DriftChecked, TargetError, ValidationDone, parse_marker


def test_a_validation_without_values_survives_json() -> None:
    marker = ValidationDone(
        t_s=0.0,
        accuracy_deg=None,
        precision_rms_deg=None,
        precision_std_deg=None,
        data_loss=1.0,
        passed=False,
        targets=(
            TargetError(
                x_norm=0.5,
                y_norm=0.5,
                eye="both",
                accuracy_deg=None,
                precision_rms_deg=None,
                precision_std_deg=None,
                data_loss=1.0,
            ),
        ),
    )
    assert parse_marker(marker.to_json()) == marker


def test_a_drift_check_without_gaze_has_no_offset() -> None:
    marker = DriftChecked(t_s=0.0, offset_x_deg=None, offset_y_deg=None, passed=False)
    assert parse_marker(marker.to_json()) == marker
    assert marker.check == "target"
