"""The quality of a reading and the verdict on it."""

from __future__ import annotations

from typing import Any

import pytest

from gazecore.analysis import analyse_session
from gazecore.analysis.quality_table import QUALITY_SCHEMA, quality_verdict, screen_verdict
from gazecore.analysis.readings import ReadingInterval
from gazecore.messages import DriftChecked, ScreenChanged, ScreenState, ValidationDone
from gazecore.study.protocol import Exclusion

RULES = Exclusion(max_data_loss=0.5, min_duration_s=0.5)


@pytest.mark.parametrize(
    ("figures", "verdict"),
    [
        ((0.1, 3.0, 5), []),
        ((0.6, 3.0, 5), ["data loss 60% is over 50%"]),
        ((0.1, 0.2, 5), ["0.20 s is shorter than 0.5 s"]),
        (
            (1.0, 0.2, 0),
            ["data loss 100% is over 50%", "0.20 s is shorter than 0.5 s", "no fixation"],
        ),
    ],
)
def test_the_verdict_names_every_reason(
    figures: tuple[float, float, int], verdict: list[str]
) -> None:
    assert quality_verdict(*figures, RULES) == verdict


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


@pytest.mark.parametrize(
    ("changes", "is_left_out"),
    [
        ([], False),
        ([(1.0, ("ratio 2, was 1",))], True),
        ([(1.0, ("ratio 2, was 1",)), (2.0, ())], False),
        ([(11.0, ("ratio 2, was 1",)), (12.0, ())], True),
        ([(20.0, ("ratio 2, was 1",))], False),
    ],
)
def test_a_reading_on_another_screen_is_left_out(
    changes: list[tuple[float, tuple[str, ...]]], is_left_out: bool
) -> None:
    screen = ScreenState(width_px=9, height_px=9, width_mm=9, height_mm=9, distance_mm=9)
    markers = [ScreenChanged(t_s=t_s, screen=screen, differences=d) for t_s, d in changes]
    reading = ReadingInterval("reading-000001", "case-0001", 10.0, 20.0, 9, 9)
    assert bool(screen_verdict(markers, reading)) is is_left_out
    done = ValidationDone(
        t_s=5.0,
        accuracy_deg=None,
        precision_rms_deg=None,
        precision_std_deg=None,
        data_loss=0,
        passed=True,
    )
    before = [marker for marker in markers if marker.t_s < 5.0]
    assert screen_verdict([*before, done], reading) == []
