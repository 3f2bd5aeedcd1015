"""The screen changes under a real station: before reading it starts anew, then it asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from app.acquisition.viewmodel import TrackerChoice
from app.session import Step
from app.shared.main_window import MainWindow
from app.shared.theme import apply_theme
from app.study_station import StationSettings, StudyStation
from gazecore.analysis import analyse_session
from gazecore.marker_outlet import MarkerOutlet
from gazecore.messages import ScreenChanged
from gazecore.recording import read_parts
from gazecore.study import Study
from gazecore.study.screens import MeasuredLatency, ScreenRecord
from tests.app.conftest import gray_image, write_png

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

WAIT_MS = 45_000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    images = tmp_path / "images"
    images.mkdir()
    for number in range(4):
        write_png(images / f"{number}.png", gray_image(number))
    with Study.create(tmp_path / "study", name="Screen changes") as study:
        study.import_images([images], simulated=True)
        study.add_reader("reader-1")
    return tmp_path / "study"


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication, lsl_session: str) -> Iterator[MainWindow]:
    del lsl_session
    apply_theme(qapp)
    made = MainWindow()
    qtbot.addWidget(made)
    made.show()
    yield made
    for station in made.findChildren(StudyStation):
        station.close()
    made.close()


def opened(folder: Path, window: MainWindow, *, calibrates: bool) -> StudyStation:
    """A station on a platform that tells windows no place: leaving the full screen is a change."""
    choice = TrackerChoice(arguments=("--rate", "120"), stream_name="Screen change gaze")
    station = StudyStation(
        Study.open(folder), window, StationSettings(tracker=choice, calibrates=calibrates), window
    )
    station.screen.watch._must_fill = True
    station.worklist.sign_in("reader-1")
    return station


def text_of(window: MainWindow, name: str) -> str:
    found = window.findChild(QLabel, name)
    assert isinstance(found, QLabel)
    return found.text()


def test_a_change_before_reading_ends_the_sitting_and_asks_to_start_again(
    qtbot: QtBot, window: MainWindow, folder: Path
) -> None:
    station = opened(folder, window, calibrates=True)
    with qtbot.waitSignal(station.flow.calibration_requested, timeout=WAIT_MS):
        station.worklist.request_reading()
    with qtbot.waitSignal(station.session_ended, timeout=WAIT_MS):
        window.showNormal()
    assert station.flow.step is Step.IDLE
    assert "the screen changed" in text_of(window, "worklist_problem")
    assert station.study.sessions()[0].end_reason == "stopped"


def test_a_change_during_reading_flags_the_readings_and_asks_at_the_end_of_the_case(
    qtbot: QtBot, window: MainWindow, folder: Path
) -> None:
    station = opened(folder, window, calibrates=False)
    with qtbot.waitSignal(station.case_opened, timeout=WAIT_MS):
        station.worklist.request_reading()
    qtbot.wait(700)
    with qtbot.waitSignal(station.case_opened, timeout=WAIT_MS):
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_1)
    for show in (window.showNormal, window.showFullScreen):  # it comes back: nothing is asked
        with qtbot.waitSignal(station.screen.watch.screen_changed, timeout=WAIT_MS):
            show()
    qtbot.waitUntil(lambda: text_of(window, "reading_alarm") == "", timeout=WAIT_MS)
    with qtbot.waitSignal(station.case_opened, timeout=WAIT_MS):
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_1)
    with qtbot.waitSignal(station.screen.watch.screen_changed, timeout=WAIT_MS):
        window.showNormal()
    qtbot.waitUntil(
        lambda: "the screen changed" in text_of(window, "reading_alarm"), timeout=WAIT_MS
    )
    qtbot.wait(600)
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_2)
    qtbot.waitUntil(lambda: "calibrate again" in text_of(window, "reading_notice"), timeout=WAIT_MS)
    assert station.reading.reading_id is None
    with qtbot.waitSignal(station.session_ended, timeout=WAIT_MS):
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_Return)
    (session,) = station.study.sessions()
    assert session.end_reason == "stopped"
    first, second, third = station.study.readings()
    assert {reading.state for reading in (first, second, third)} == {"answered"}
    flagged = [quality for quality in station.study.quality() if quality.passed is False]
    assert [q.reading_id for q in flagged] == [second.reading_id, third.reading_id]
    check_analysis(session.recording_path, station.study, first.reading_id)


def check_analysis(path: Path, study: Study, usable: str) -> None:
    """The analysis leaves out what was read on the changed screen, and says why."""
    recording = read_parts(path)
    markers = recording.markers()
    changes = [bool(m.differences) for m in markers if isinstance(m, ScreenChanged)]
    assert changes == [True, False, True]
    analysis = analyse_session(recording.gaze(), markers, study.protocol.exclusion)
    verdicts = {str(row["reading_id"]): str(row["verdict"]) for row in analysis.quality}
    assert "screen changed" not in verdicts[usable]
    others = [verdict for reading, verdict in verdicts.items() if reading != usable]
    assert len(others) == 2
    assert all("the screen changed" in verdict for verdict in others)


def test_what_is_in_the_way_keeps_a_sitting_from_starting_and_says_what_to_do(
    qtbot: QtBot, window: MainWindow, folder: Path
) -> None:
    station = opened(folder, window, calibrates=False)
    with MarkerOutlet("another-study"):
        station.worklist.request_reading()
        qtbot.waitUntil(lambda: window.page_name == "preflight", timeout=WAIT_MS)
        qtbot.waitUntil(lambda: text_of(window, "preflight_title") == "Not ready", timeout=WAIT_MS)
        assert "another station" in text_of(window, "preflight_markers")
        assert text_of(window, "preflight_markers_to_do") == "close the other station"
        with qtbot.waitSignal(station.flow.session_failed, timeout=WAIT_MS):
            QTest.keyClick(window.focusWidget(), Qt.Key.Key_Escape)
    assert window.page_name == "worklist"
    assert "close the other station" in text_of(window, "worklist_problem")
    assert station.flow.step is Step.IDLE
    assert not station.study.sessions()[0].recording_path.exists()
    assert station.study.sessions()[0].end_reason == "fault"
    check_latency(station)


def check_latency(station: StudyStation) -> None:
    """A latency of a simulated photodiode counts for simulated gaze alone."""
    latency = MeasuredLatency(
        latency_s=0.02,
        spread_s=0.001,
        edges=60,
        toggles=60,
        sensor="Simulated photodiode",
        simulated=True,
        measured_utc="2026-01-01T00:00:00Z",
    )
    here = station.screen.watch.fingerprint
    station.study.save_screen(ScreenRecord(fingerprint=here, latency=latency))
    assert station.screen.begin() == 0.02
    station.screen._driver = "tobii"
    assert station.screen.begin() is None
    real = latency.model_copy(update={"simulated": False})
    station.study.save_screen(ScreenRecord(fingerprint=here, latency=real))
    assert station.screen.begin() == 0.02
    station.screen.watch.forget()
