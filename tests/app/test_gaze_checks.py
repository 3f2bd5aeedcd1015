"""Calibration and drift checks in the real station: nothing is lost between two cases."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from app.acquisition.viewmodel import TrackerChoice
from app.calibration.targets import Pace
from app.session import Step
from app.study_station import StationSettings, StudyStation
from gazecore.analysis import AnalysisSettings, analyse_study
from gazecore.analysis.corrections import SessionCorrections
from gazecore.messages import CalibrationDone, DriftChecked, TargetShown, ValidationDone
from gazecore.processes import child_environment, focusstation_command
from gazecore.recording import read
from gazecore.study import Study
from gazecore.study.kept_calibration import read_calibration
from tests.app.test_study_station import WAIT_MS, folder, settings_for, window

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from app.shared.main_window import MainWindow

__all__ = ["folder", "window"]


def set_calibration(folder: Path, **changes: Any) -> None:
    with Study.open(folder) as study:
        calibration = study.protocol.calibration.model_copy(update=changes)
        study.set_protocol(study.protocol.model_copy(update={"calibration": calibration}))


def begin(qtbot: QtBot, window: MainWindow, folder: Path, name: str) -> StudyStation:
    """A station whose reader has calibrated, checked and accepted, by Space alone."""
    station = StudyStation(Study.open(folder), window, settings_for(name, calibrates=True), window)
    station.gaze_checks.pace = Pace(settle_s=0.5, measure_s=0.3, between_s=0.02, again_s=0.1)
    window.show_page("worklist")
    station.worklist.sign_in("reader-1")
    with qtbot.waitSignal(station.flow.calibration_requested, timeout=WAIT_MS):
        window.findChild(QPushButton, "start_reading_button").click()  # type: ignore[union-attr]
    for phase in ("calibrated", "validated"):
        QTest.keyClick(window, Qt.Key.Key_Space)
        wait_phase(qtbot, station, phase)
    with qtbot.waitSignal(station.case_opened, timeout=WAIT_MS):
        QTest.keyClick(window, Qt.Key.Key_Space)
    return station


def wait_phase(qtbot: QtBot, station: StudyStation, phase: str) -> None:
    calibration = station.gaze_checks.calibration
    assert calibration is not None
    qtbot.waitUntil(lambda: calibration.state.phase == phase, timeout=WAIT_MS)


def is_asking(station: StudyStation) -> bool:
    return station.gaze_checks.drift is not None and station.gaze_checks.drift.state.is_asking


def step_of(station: StudyStation) -> Step:
    return station.flow.step


def test_drift_is_checked_between_cases_and_every_answer_is_there(
    qtbot: QtBot, lsl_session: str, window: MainWindow, folder: Path
) -> None:
    del lsl_session
    set_calibration(folder, drift_check_every_cases=1)
    station = begin(qtbot, window, folder, "Checked gaze")
    assert station.gaze_checks.calibration is not None
    assert station.gaze_checks.calibration.plan.background_level == station.gaze_checks.grey.level
    for key in (Qt.Key.Key_1, Qt.Key.Key_2):
        QTest.keyClick(window.focusWidget(), key)
        qtbot.waitUntil(lambda: window.page_name == "drift", timeout=5000)
        assert step_of(station) is Step.DRIFT_CHECK
        with qtbot.waitSignal(station.case_opened, timeout=WAIT_MS):
            pass
        assert window.page_name == "reading"
        assert step_of(station) is Step.READING
    with qtbot.waitSignal(station.session_ended, timeout=WAIT_MS):
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_3)
    study = station.study
    assert [r.answers["grade"] for r in study.readings()] == ["1", "2", "3"]
    kinds = [quality.kind for quality in study.quality()]
    assert kinds == ["calibration", "validation", "drift_check", "drift_check"]
    markers = read(study.sessions()[0].recording_path).markers()
    checks = [m for m in markers if isinstance(m, DriftChecked)]
    assert [(m.check, m.reason, m.passed) for m in checks] == [("target", "cases", True)] * 2
    (done,) = [m for m in markers if isinstance(m, ValidationDone)]
    assert done.passed
    assert done.fit_zoom == pytest.approx((1080 - 44) / 240, rel=0.3)
    assert [m.succeeded for m in markers if isinstance(m, CalibrationDone)] == [True]
    shown = [m.purpose for m in markers if isinstance(m, TargetShown)]
    assert shown == ["calibration"] * 5 + ["validation"] * 4 + ["drift"] * 2
    station.close()


def test_a_drift_that_stays_is_chosen_about_and_esc_reads_on(
    qtbot: QtBot, lsl_session: str, window: MainWindow, folder: Path
) -> None:
    del lsl_session
    set_calibration(folder, drift_check_every_cases=1, max_drift_deg=1e-6)
    station = begin(qtbot, window, folder, "Drifted gaze")
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_1)
    qtbot.waitUntil(lambda: is_asking(station), timeout=WAIT_MS)
    QTest.keyClick(window, Qt.Key.Key_C)
    assert window.page_name == "calibration"
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert window.page_name == "drift"
    assert is_asking(station)
    with qtbot.waitSignal(station.case_opened, timeout=WAIT_MS):
        QTest.keyClick(window, Qt.Key.Key_Escape)
    assert [q.detail for q in station.study.quality() if q.kind == "drift_check"] == [
        "cases recalibrated",
        "cases left",
    ]
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_2)
    qtbot.waitUntil(lambda: window.page_name == "drift", timeout=5000)
    with qtbot.waitSignal(station.session_ended, timeout=WAIT_MS):
        station.flow.stop()
    readings = station.study.readings()
    assert [(r.state, r.answers) for r in readings] == [
        ("answered", {"grade": "1"}),
        ("answered", {"grade": "2"}),
    ]
    use_the_calibration_again(qtbot, window, station)
    station.close()


def use_the_calibration_again(qtbot: QtBot, window: MainWindow, station: StudyStation) -> None:
    """In the next sitting one key brings the calibration back, and it is checked at once."""
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Return)
    with qtbot.waitSignal(station.flow.calibration_requested, timeout=WAIT_MS):
        window.findChild(QPushButton, "start_reading_button").click()  # type: ignore[union-attr]
    offered = window.findChild(QPushButton, "reapply_calibration")
    assert isinstance(offered, QPushButton)
    assert offered.isVisible()
    assert offered.text().startswith("Use the calibration from ")
    QTest.keyClick(window, Qt.Key.Key_U)
    wait_phase(qtbot, station, "validated")
    with qtbot.waitSignal(station.session_ended, timeout=WAIT_MS):
        QTest.keyClick(window, Qt.Key.Key_Escape)
    kept = sorted(path.name for path in station.study.recordings.glob("*.json"))
    assert kept == ["session-0001.calibration.1.json", "session-0002.calibration.1.json"]
    one, two = (read_calibration(station.study.recordings / name) for name in kept)
    assert one is not None
    assert two is not None
    assert (one.data, one.targets) == (two.data, two.targets)
    details = [(q.kind, q.detail) for q in station.study.quality()][-2:]
    assert details[0] == ("calibration", "re-applied")
    assert details[1][0] == "validation"


@pytest.mark.long
def test_the_tracker_of_another_lab_is_checked_and_its_gaze_corrected(
    qtbot: QtBot, lsl_session: str, window: MainWindow, folder: Path
) -> None:
    """Its gaze lies two degrees off: nothing can calibrate it, and the analysis corrects it."""
    del lsl_session
    set_calibration(folder, validation_points=9)
    tracker = subprocess.Popen(
        focusstation_command(
            *("tracker", "simulated", "--profile", "gazepoint", "--seed", "3"),
            *("--uncalibrated-deg", "2", "--no-blinks"),
        ),
        env=child_environment(),
        stdout=subprocess.DEVNULL,
    )
    settings = StationSettings(tracker=TrackerChoice.of_study("GazepointEyeTracker"))
    station = StudyStation(Study.open(folder), window, settings, window)
    try:
        station.gaze_checks.pace = Pace(settle_s=0.6, measure_s=0.4)
        window.show_page("worklist")
        station.worklist.sign_in("reader-1")
        with qtbot.waitSignal(station.flow.calibration_requested, timeout=WAIT_MS):
            window.findChild(QPushButton, "start_reading_button").click()  # type: ignore[union-attr]
        QTest.keyClick(window, Qt.Key.Key_C)
        wait_phase(qtbot, station, "ready")
        QTest.keyClick(window, Qt.Key.Key_Space)
        wait_phase(qtbot, station, "validated")
        with qtbot.waitSignal(station.case_opened, timeout=WAIT_MS):
            QTest.keyClick(window, Qt.Key.Key_A)
        qtbot.wait(1500)
        with qtbot.waitSignal(station.session_ended, timeout=WAIT_MS):
            station.flow.stop()
    finally:
        tracker.terminate()
        tracker.wait(20)
    (quality,) = station.study.quality()
    assert (quality.kind, quality.passed) == ("validation", False)
    assert quality.accuracy_deg is not None
    assert quality.accuracy_deg > 1.2
    assert quality.data_loss is not None
    assert quality.data_loss < 0.2  # by the rate that it has, not by the one that it declares
    report = analyse_study(station.study, AnalysisSettings(corrects=True))
    assert report.corrections == {"session-0001": 1}
    text = (station.study.derivatives / "corrections" / "session-0001.json").read_text()
    (version,) = SessionCorrections.model_validate_json(text).versions
    (piece,) = version.pieces
    assert piece.error_left_out_deg < 0.5 < piece.error_before_deg
    station.close()
