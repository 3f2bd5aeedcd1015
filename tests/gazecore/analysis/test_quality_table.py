"""The quality of a reading: its columns, and what each is about."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gazecore.analysis import analyse_session
from gazecore.analysis.quality_table import QUALITY_SCHEMA
from gazecore.messages import DriftChecked, TargetError, ValidationDone
from gazecore.samples import GAZE_LABELS, GazeSamples
from gazecore.study.protocol import Exclusion

RULES = Exclusion(max_data_loss=0.5, min_duration_s=0.5)


def test_a_row_has_the_columns_of_the_table(sitting: Any) -> None:
    row = analyse_session(sitting.samples, sitting.markers, RULES).quality[0]
    missing = set(QUALITY_SCHEMA) - set(row)
    assert missing == {"session_id", "reader_id", "simulated", "correction"}
    assert set(row) <= set(QUALITY_SCHEMA)


def test_figures_of_a_still_reader(sitting: Any) -> None:
    row = analyse_session(sitting.samples, sitting.markers, RULES).quality[0]
    assert row["fixations"] == 4
    assert row["rate_hz"] == pytest.approx(250, rel=1e-6)
    assert row["precision_rms_deg"] == pytest.approx(0, abs=1e-9)
    assert row["precision_std_deg"] == pytest.approx(0, abs=1e-6)
    assert row["accuracy_deg"] is None
    assert row["drift_deg"] is None
    assert row["usable"] is True


def test_the_last_validation_before_the_reading_counts(sitting: Any) -> None:
    def validation(t_s: float, accuracy_deg: float) -> ValidationDone:
        return ValidationDone(
            t_s=t_s,
            accuracy_deg=accuracy_deg,
            precision_rms_deg=0.1,
            precision_std_deg=0.1,
            data_loss=0.0,
            passed=True,
        )

    drift = DriftChecked(t_s=1003.5, offset_x_deg=0.3, offset_y_deg=-0.4, passed=True)
    markers = (*sitting.markers, validation(1000.2, 0.9), validation(1000.5, 0.4), drift)
    first, second = analyse_session(sitting.samples, markers, RULES).quality
    assert (first["accuracy_deg"], first["drift_deg"]) == (0.4, None)
    assert second["drift_deg"] == pytest.approx(0.5)


def test_a_reading_without_samples_is_not_usable(sitting: Any) -> None:
    nothing = sitting.samples.between(0, 1)
    row = analyse_session(nothing, sitting.markers, RULES).quality[0]
    assert (row["received"], row["usable"]) == (0, False)
    assert row["verdict"] == "data loss 100% is over 50%; no fixation"


def test_both_parts_of_the_loss_and_each_eye_by_itself(sitting: Any) -> None:
    values = sitting.channels.copy()
    right = GAZE_LABELS.index("right_gaze_valid")
    reads = (sitting.t_s >= 1001) & (sitting.t_s < 1003)
    values[np.flatnonzero(reads)[:100], right] = 0
    values[np.flatnonzero(reads)[:50], GAZE_LABELS.index("left_gaze_valid")] = 0
    kept = np.ones(len(values), dtype=bool)
    kept[np.flatnonzero(reads)[300:400]] = False
    samples = GazeSamples.from_channels(sitting.t_s[kept], values[kept])
    row: dict[str, Any] = analyse_session(samples, sitting.markers, RULES).quality[0]
    assert row["missing_share"] == pytest.approx(100 / 500)
    assert row["invalid_share"] == pytest.approx(50 / 500)
    assert row["invalid_share_left"] == pytest.approx(50 / 500)
    assert row["invalid_share_right"] == pytest.approx(100 / 500)
    for eye in ("", "_left", "_right"):
        parts = row[f"invalid_share{eye}"] + row["missing_share"]
        assert parts == pytest.approx(row[f"data_loss{eye}"])


def test_precision_of_each_eye_by_its_own_noise(sitting: Any) -> None:
    rng = np.random.default_rng(0)
    values = sitting.channels.copy()
    for eye, noise_px in (("left", 2.0), ("right", 6.0)):
        for axis, size_px in (("x", 1920), ("y", 1080)):
            noise = rng.normal(0, noise_px / size_px, len(values))
            values[:, GAZE_LABELS.index(f"{eye}_gaze_{axis}")] += noise
    samples = GazeSamples.from_channels(sitting.t_s, values)
    row: dict[str, Any] = analyse_session(samples, sitting.markers, RULES).quality[0]
    assert row["precision_rms_right_deg"] / row["precision_rms_left_deg"] == pytest.approx(
        3, rel=0.1
    )
    area = row["precision_bcea_right_deg2"] / row["precision_bcea_left_deg2"]
    assert area == pytest.approx(9, rel=0.15)
    both = np.hypot(2, 6) / 2
    assert row["precision_std_deg"] / row["precision_std_left_deg"] == pytest.approx(
        both / 2, rel=0.1
    )
    px_per_deg = float(sitting.screen.px_per_deg()[0, 0])
    k = -np.log(1 - row["bcea_probability"])
    assert row["precision_bcea_left_deg2"] == pytest.approx(
        2 * k * np.pi * (2 / px_per_deg) ** 2, rel=0.15
    )


def test_accuracy_of_each_eye_is_that_of_the_validation(sitting: Any) -> None:
    def target(eye: str, accuracy_deg: float) -> TargetError:
        return TargetError(
            x_norm=0.5,
            y_norm=0.5,
            eye=eye,
            accuracy_deg=accuracy_deg,
            precision_rms_deg=0.1,
            precision_std_deg=0.1,
            data_loss=0.0,
        )

    done = ValidationDone(
        t_s=1000.2,
        accuracy_deg=0.5,
        precision_rms_deg=0.1,
        precision_std_deg=0.1,
        data_loss=0.0,
        passed=True,
        targets=(target("left", 0.4), target("left", 0.6), target("right", 0.0)),
    )
    analysis = analyse_session(sitting.samples, (*sitting.markers, done), RULES)
    row: dict[str, Any] = analysis.quality[0]
    assert (row["accuracy_left_deg"], row["accuracy_right_deg"]) == (0.5, 0.0)
