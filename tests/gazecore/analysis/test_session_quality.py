"""The quality of a session is that of its readings together, by the samples due."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gazecore.analysis import analyse_session
from gazecore.analysis.session_quality import SESSION_QUALITY_SCHEMA, session_quality
from gazecore.messages import DriftChecked
from gazecore.samples import GAZE_LABELS, GazeSamples
from gazecore.study.protocol import Calibration, Exclusion


def test_a_row_has_the_columns_of_the_table_and_sums_the_readings(sitting: Any) -> None:
    values = sitting.channels.copy()
    reads = np.flatnonzero((sitting.t_s >= 1001) & (sitting.t_s < 1003))
    for eye in ("left", "right"):
        values[reads[:100], GAZE_LABELS.index(f"{eye}_gaze_valid")] = 0
    samples = GazeSamples.from_channels(sitting.t_s, values)
    markers = (
        *sitting.markers,
        DriftChecked(t_s=1000.5, offset_x_deg=0.3, offset_y_deg=-0.4, passed=True),
        DriftChecked(t_s=1003.5, offset_x_deg=0.9, offset_y_deg=1.2, passed=True),
        DriftChecked(
            t_s=1004,
            offset_x_deg=1,
            offset_y_deg=1,
            passed=True,
            check="click",
            mean_distance_deg=2.0,
        ),
    )
    rows = analyse_session(samples, markers, Exclusion()).quality
    row = session_quality(rows, markers, Calibration(), Exclusion())
    added = {"session_id", "reader_id", "simulated", "correction"}
    assert set(row) == set(SESSION_QUALITY_SCHEMA) - added
    assert (row["readings"], row["usable_readings"], row["validations"]) == (2, 2, 0)
    assert (row["received"], row["missing"]) == (1000, 0)
    assert row["reading_s"] == pytest.approx(4.0)
    assert row["data_loss"] == pytest.approx(0.1)
    assert row["invalid_share"] == pytest.approx(0.1)
    assert row["effective_rate_hz"] == pytest.approx(900 / 4)
    assert row["largest_gap_s"] == pytest.approx(0.4, abs=0.01)
    assert (row["drift_checks"], row["drift_deg"], row["drift_max_deg"]) == (2, 1.0, 1.5)
    assert row["click_drift_max_deg"] == 2.0
    assert row["meets_protocol"] is False
    assert row["verdict"] == "read without a validation"


def test_off_image_counts_by_valid_samples(sitting: Any) -> None:
    rows = [
        dict(row) for row in analyse_session(sitting.samples, sitting.markers, Exclusion()).quality
    ]
    rows[0] |= {"off_image_share": 0.5, "data_loss": 0.8}
    rows[1] |= {"off_image_share": 0.0, "data_loss": 0.2}
    row = session_quality(rows, sitting.markers, Calibration(), Exclusion())
    assert row["off_image_share"] == pytest.approx(0.5 * 0.2 / (0.2 + 0.8))


def test_a_session_without_readings_has_no_figures() -> None:
    row = session_quality([], [], Calibration(), Exclusion())
    assert (row["readings"], row["data_loss"], row["effective_rate_hz"]) == (0, 1.0, None)
    assert (row["accuracy_deg"], row["off_image_share"], row["start_s"]) == (None, None, None)
    assert row["verdict"] == "no reading"
