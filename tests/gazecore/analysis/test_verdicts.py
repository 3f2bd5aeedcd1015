"""Verdicts name every reason, by the protocol as it is now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from gazecore.analysis.readings import ReadingInterval
from gazecore.analysis.verdicts import (
    quality_verdict,
    screen_verdict,
    session_verdict,
    share_of_due,
    target_drifts_deg,
    validation_before,
)
from gazecore.messages import DriftChecked, ScreenChanged, ScreenState, TargetError, ValidationDone
from gazecore.study.protocol import Calibration, Exclusion

if TYPE_CHECKING:
    from gazecore.messages import AnyMarker

RULES = Exclusion(max_data_loss=0.5, min_duration_s=0.5)
GOOD: dict[str, Any] = {
    "start_s": 10.0,
    "stop_s": 20.0,
    "duration_s": 10.0,
    "received": 1000,
    "missing": 0,
    "data_loss": 0.1,
    "fixations": 5,
    "accuracy_deg": 0.4,
    "precision_rms_deg": 0.1,
    "drift_deg": None,
    "largest_gap_s": 0.2,
    "off_image_share": 0.05,
    "effective_rate_hz": 110.0,
    "usable": True,
}


def validation(t_s: float, accuracy_deg: float | None) -> ValidationDone:
    """A validation at one target, seen by both eyes."""
    target = TargetError(
        x_norm=0.5,
        y_norm=0.5,
        eye="both",
        accuracy_deg=accuracy_deg,
        precision_rms_deg=0.1,
        precision_std_deg=0.1,
        data_loss=0.0,
    )
    return ValidationDone(
        t_s=t_s,
        accuracy_deg=accuracy_deg,
        precision_rms_deg=0.1,
        precision_std_deg=0.1,
        data_loss=0.0,
        passed=True,
        targets=(target,),
    )


def drift(t_s: float, offset_deg: float | None) -> DriftChecked:
    """A drift check at a target."""
    return DriftChecked(t_s=t_s, offset_x_deg=offset_deg, offset_y_deg=offset_deg, passed=True)


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
    row = dict(zip(("data_loss", "duration_s", "fixations"), figures, strict=True))
    assert quality_verdict({**GOOD, **row}, RULES) == verdict


@pytest.mark.parametrize(
    ("rule", "limit", "column", "bad", "said"),
    [
        ("max_accuracy_deg", 0.5, "accuracy_deg", 0.8, "accuracy 0.80°, at most 0.5°"),
        ("max_precision_rms_deg", 0.3, "precision_rms_deg", 0.4, "precision 0.40°, at most 0.3°"),
        ("max_drift_deg", 1.0, "drift_deg", 1.5, "drift 1.50°, at most 1°"),
        ("max_gap_s", 0.5, "largest_gap_s", 2.0, "largest gap 2.00 s, at most 0.5 s"),
        ("max_off_image_share", 0.2, "off_image_share", 0.3, "30% off the image, at most 20%"),
        (
            "min_effective_rate_hz",
            100,
            "effective_rate_hz",
            60.0,
            "effective rate 60 Hz, at least 100 Hz",
        ),
    ],
)
def test_each_rule_that_may_be_set(
    rule: str, limit: float, column: str, bad: float, said: str
) -> None:
    rules = RULES.model_copy(update={rule: limit})
    good = {**GOOD, "drift_deg": 0.2}
    assert quality_verdict(good, rules) == []
    assert quality_verdict({**good, column: bad}, rules) == [said]
    assert quality_verdict({**good, column: bad}, RULES) == []
    (unknown,) = quality_verdict({**good, column: None}, rules)
    assert "unknown" in unknown


def test_a_session_that_meets_the_protocol() -> None:
    markers: list[AnyMarker] = [validation(5.0, 0.4), drift(9.0, 0.3)]
    assert session_verdict([GOOD], markers, Calibration(), RULES) == []


def test_a_session_names_what_it_does_not_meet() -> None:
    markers: list[AnyMarker] = [validation(5.0, 1.4), drift(9.0, 2.0), drift(15.0, None)]
    rows = [GOOD, {**GOOD, "start_s": 30.0, "stop_s": 40.0, "usable": False, "data_loss": 1.0}]
    assert session_verdict(rows, markers, Calibration(), RULES) == [
        "validation: accuracy 1.40° over 1°",
        "drift 2.83° over 1.5°",
        "a drift check without gaze",
        "data loss 55% over 50%",
        "1 of 2 readings left out",
    ]


def test_only_validations_in_force_count() -> None:
    markers = [validation(1.0, 3.0), validation(5.0, 0.4), validation(50.0, 3.0)]
    assert session_verdict([GOOD], markers, Calibration(), RULES) == []
    strict = Calibration(max_accuracy_deg=0.3)
    assert session_verdict([GOOD], markers, strict, RULES) == [
        "validation: accuracy 0.40° over 0.3°"
    ]
    assert session_verdict([GOOD], markers[2:], strict, RULES) == ["read without a validation"]
    assert session_verdict([], markers, strict, RULES) == ["no reading"]
    found = validation_before(markers, 10.0)
    assert found is not None
    assert found.t_s == 5.0
    assert validation_before(markers, 0.0) is None


def test_drifts_at_targets_in_time_order() -> None:
    click = DriftChecked(t_s=3.0, offset_x_deg=9, offset_y_deg=0, passed=True, check="click")
    markers = [drift(4.0, None), click, drift(2.0, 0.0)]
    assert target_drifts_deg(markers, 10.0) == [0.0, None]
    assert target_drifts_deg(markers, 3.0) == [0.0]


def test_shares_count_by_the_samples_due() -> None:
    rows = [
        {"received": 90, "missing": 10, "data_loss": 0.5},
        {"received": 300, "missing": 0, "data_loss": 0.1},
    ]
    assert share_of_due(rows, "data_loss") == pytest.approx(80 / 400)
    assert share_of_due([], "data_loss") == 1.0


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
