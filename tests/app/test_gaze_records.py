"""What checks of gaze found is stored with the session."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from app.calibration.controller import CalibrationMade
from app.gaze_records import CheckedSitting, GazeRecords
from gazecore.messages import (
    CalibratedTarget,
    CalibrationDone,
    DriftChecked,
    FaultFound,
    ScreenState,
    ValidationDone,
)
from gazecore.study.kept_calibration import TrackerIdentity, last_calibration

if TYPE_CHECKING:
    from gazecore.messages import AnyMarker
    from gazecore.study import Study

SCREEN = ScreenState(width_px=1920, height_px=1080, width_mm=600, height_mm=340, distance_mm=650)
TRACKER = TrackerIdentity(driver="tobii", model="Fake", serial_number="A1")
DONE = CalibrationDone(
    t_s=1.0,
    succeeded=True,
    points_norm=((0.5, 0.5),),
    active="new",
    targets=(CalibratedTarget(x_norm=0.5, y_norm=0.5, samples=9),),
)


@pytest.fixture
def sent() -> list[AnyMarker]:
    return []


@pytest.fixture
def records(small_study: Study, sent: list[AnyMarker]) -> GazeRecords:
    made = GazeRecords(small_study, sent.append)
    session = small_study.start_session("reader-1")
    made.sitting = CheckedSitting(session.session_id, "reader-1", SCREEN, TRACKER, True)
    return made


def test_calibration_validation_and_drift_become_quality(
    records: GazeRecords, small_study: Study
) -> None:
    records.keep_calibration(CalibrationMade(DONE, b"raw"))
    records.keep_calibration(CalibrationMade(DONE.model_copy(update={"succeeded": False}), None))
    records.keep_validation(
        ValidationDone(
            t_s=2.0,
            accuracy_deg=1.2,
            precision_rms_deg=0.1,
            precision_std_deg=0.1,
            data_loss=0.0,
            passed=False,
            failed_limits=("accuracy 1.20° over 1°",),
        )
    )
    records.keep_drift_check(
        DriftChecked(
            t_s=3.0,
            offset_x_deg=2.0,
            offset_y_deg=0.0,
            distance_deg=2.0,
            passed=False,
            reason="cases",
            outcome="went_on",
        )
    )
    rows = [(q.kind, q.accuracy_deg, q.passed, q.detail) for q in small_study.quality()]
    assert rows == [
        ("calibration", None, True, "1 points"),
        ("calibration", None, False, "1 points"),
        ("validation", 1.2, False, "accuracy 1.20° over 1°"),
        ("drift_check", 2.0, False, "cases went_on"),
    ]
    kept = last_calibration(small_study, "reader-1", TRACKER, SCREEN)
    assert kept is not None
    assert (kept.data, kept.targets) == (b"raw", DONE.targets)


def test_the_dominant_eye_is_the_readers(records: GazeRecords, small_study: Study) -> None:
    records.keep_dominant_eye("left")
    assert small_study.reader("reader-1").dominant_eye == "left"


@pytest.mark.skipif(os.name != "posix", reason="folders that take no file are made by rights")
def test_a_disk_that_takes_nothing_is_told_to_the_recording(
    records: GazeRecords, small_study: Study, sent: list[AnyMarker], monkeypatch: pytest.MonkeyPatch
) -> None:
    small_study.recordings.rename(small_study.path / "gone")
    records.keep_calibration(CalibrationMade(DONE, b"raw"))
    (small_study.path / "gone").rename(small_study.recordings)
    (fault,) = sent
    assert isinstance(fault, FaultFound)
    assert "cannot write" in fault.detail


def test_nothing_is_stored_outside_a_sitting(small_study: Study, sent: list[AnyMarker]) -> None:
    records = GazeRecords(small_study, sent.append)
    records.keep_calibration(CalibrationMade(DONE, b"raw"))
    records.keep_dominant_eye("left")
    assert small_study.quality() == []
    assert small_study.reader("reader-1").dominant_eye == "unknown"
