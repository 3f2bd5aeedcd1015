from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from app.acquisition.viewmodel import AcquisitionStatus, RecorderStatus, TrackerChoice
from app.operator.viewmodel import RecorderNote
from app.reading.viewmodel import SessionSummary
from app.session import SessionClosed, Step
from app.shared.main_window import MainWindow
from app.shared.theme import apply_theme
from app.study_station import StationSettings, StudyStation, recorder_note, recording_text
from gazecore.messages import CaseOpened, FrameShown, SessionEnded, SessionStarted, ViewportChanged
from gazecore.processes import child_environment, focusstation_command
from gazecore.recording import read
from gazecore.study import Study
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
    for number in range(3):
        write_png(images / f"{number}.png", gray_image(number))
    with Study.create(tmp_path / "study", name="Station test") as study:
        study.import_images([images], simulated=True)
    return tmp_path / "study"


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication) -> Iterator[MainWindow]:
    apply_theme(qapp)
    made = MainWindow()
    qtbot.addWidget(made)
    made.add_page("start", QLabel("start"), stays=True)
    made.show_page("start")
    made.show()
    yield made
    for station in made.findChildren(StudyStation):
        station.close()
    made.close()


def settings_for(name: str, *, calibrates: bool = False) -> StationSettings:
    choice = TrackerChoice(arguments=("--rate", "120", "--noise-deg", "0"), stream_name=name)
    return StationSettings(tracker=choice, calibrates=calibrates)


def press(qtbot: QtBot, window: MainWindow, name: str) -> None:
    found = window.findChild(QWidget, name)
    assert isinstance(found, QWidget)
    assert found.isVisible()
    QTest.mouseClick(found, Qt.MouseButton.LeftButton)


def start_reading(qtbot: QtBot, window: MainWindow, station: StudyStation) -> None:
    window.show_page("worklist")
    station.worklist.sign_in("reader-1")
    with qtbot.waitSignal(station.case_opened, timeout=WAIT_MS):
        press(qtbot, window, "start_reading_button")


def test_a_sitting_from_sign_in_to_a_verified_recording(
    qtbot: QtBot, lsl_session: str, window: MainWindow, folder: Path
) -> None:
    del lsl_session
    station = StudyStation(Study.open(folder), window, settings_for("Station gaze"), window)
    frames: list[FrameShown] = []
    station.frame_shown.connect(frames.append)
    start_reading(qtbot, window, station)
    assert window.page_name == "reading"
    assert window.isFullScreen()
    assert station.reading_page.answer_form.recording_light.is_recording
    qtbot.wait(700)
    for key in (Qt.Key.Key_1, Qt.Key.Key_2):
        with qtbot.waitSignal(station.case_opened, timeout=WAIT_MS):
            QTest.keyClick(window.focusWidget(), key)
        qtbot.wait(100)
    with qtbot.waitSignal(station.session_ended, timeout=WAIT_MS) as ended:
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_3)
    assert ended.args is not None
    closed = ended.args[0]
    assert closed.is_verified
    assert closed.summary.read_count == 3
    assert window.page_name == "end"
    check_study(station.study)
    check_recording(station, frames)
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Return)
    assert window.page_name == "worklist"
    assert not window.isFullScreen()
    station.close()


def test_a_sitting_with_the_tracker_of_another_lab(
    qtbot: QtBot, lsl_session: str, window: MainWindow, folder: Path
) -> None:
    del lsl_session
    tracker = subprocess.Popen(
        focusstation_command("tracker", "simulated", "--profile", "gazepoint", "--noise-deg", "0"),
        env=child_environment(),
        stdout=subprocess.DEVNULL,
    )
    settings = StationSettings(
        tracker=TrackerChoice.of_study("GazepointEyeTracker"), calibrates=False
    )
    station = StudyStation(Study.open(folder), window, settings, window)
    try:
        start_reading(qtbot, window, station)
        assert station.live.status().profile == "Gazepoint"
        qtbot.wait(700)
        for _ in range(2):
            with qtbot.waitSignal(station.case_opened, timeout=WAIT_MS):
                QTest.keyClick(window.focusWidget(), Qt.Key.Key_1)
        with qtbot.waitSignal(station.session_ended, timeout=WAIT_MS):
            QTest.keyClick(window.focusWidget(), Qt.Key.Key_1)
    finally:
        tracker.terminate()
        tracker.wait(20)
    recording = read(station.study.sessions()[0].recording_path)
    station.close()
    kinds = [marker.kind for marker in recording.markers() if marker.kind != "state"]
    assert kinds[0] == "session_started"
    assert 0 < kinds.index("gaze_mapping") < kinds.index("case_opened")
    assert recording.simulated
    samples = recording.gaze()
    assert len(samples) > 40
    assert samples.left_valid.mean() > 0.5


def check_study(study: Study) -> None:
    """The study knows the session and every answer."""
    (session,) = study.sessions()
    assert session.end_reason == "finished"
    assert [reading.answers["grade"] for reading in study.readings()] == ["1", "2", "3"]


def check_recording(station: StudyStation, frames: list[FrameShown]) -> None:
    """The recording holds every marker, and gaze from before the first case to the end."""
    recording = read(station.study.sessions()[0].recording_path)
    markers = recording.markers()
    kinds = [marker.kind for marker in markers]
    assert kinds.count("session_started") == 1
    assert kinds.index("session_started") < kinds.index("case_opened")
    assert (kinds.count("case_opened"), kinds.count("case_closed"), kinds.count("answer")) == (
        3,
        3,
        3,
    )
    started = next(m for m in markers if isinstance(m, SessionStarted))
    assert started.simulated
    assert started.screen.width_px == station.screen_state().width_px
    shown = [m.serial for m in markers if isinstance(m, FrameShown)]
    assert shown == [frame.serial for frame in frames]
    changed = [m.serial for m in markers if isinstance(m, ViewportChanged)]
    assert changed == list(range(len(changed)))
    assert set(shown) <= set(changed)
    assert shown[-1] == changed[-1]
    samples = recording.gaze()
    opened = next(m for m in markers if isinstance(m, CaseOpened))
    ended = next(m for m in markers if isinstance(m, SessionEnded))
    inside = samples.between(opened.t_s, ended.t_s)
    assert len(inside) == pytest.approx(120 * (ended.t_s - opened.t_s), rel=0.1, abs=5)


def test_a_station_that_died_is_followed_by_one_that_goes_on(
    qtbot: QtBot, lsl_session: str, window: MainWindow, folder: Path
) -> None:
    del lsl_session
    settings = settings_for("Resumed gaze")
    first = StudyStation(Study.open(folder), window, settings, window)
    start_reading(qtbot, window, first)
    with qtbot.waitSignal(first.case_opened, timeout=WAIT_MS):
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_4)
    window.show_page("start")
    processes = [first.acquisition._recorder._process, first.acquisition._tracker._process]
    first.close(leave_running=True)

    second = StudyStation(Study.open(folder), window, settings, window)
    start_reading(qtbot, window, second)
    assert len(second.study.sessions()) == 1
    assert second.reading.progress is not None
    assert len(second.reading.progress.plan.case_ids) == 2
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Escape)
    with qtbot.waitSignal(second.session_ended, timeout=WAIT_MS):
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_Escape)
    second.close()
    for process in processes:
        assert process is not None
        process.wait(20)
    with Study.open(folder) as study:
        (session,) = study.sessions()
        changes = [
            m for m in read(session.recording_path).markers() if isinstance(m, ViewportChanged)
        ]
        assert session.end_reason == "stopped"
    assert max(change.serial for change in changes) >= 1_000_000
    serials = [change.serial for change in changes]
    assert len(set(serials)) == len(serials)


def test_a_sitting_that_cannot_start_says_why(
    qtbot: QtBot, lsl_session: str, window: MainWindow, folder: Path
) -> None:
    del lsl_session
    choice = TrackerChoice("replay", ("--file", str(folder / "nowhere.xdf")), "Never gaze")
    station = StudyStation(
        Study.open(folder), window, StationSettings(tracker=choice, calibrates=False), window
    )
    window.show_page("worklist")
    with qtbot.waitSignal(station.acquisition.acquisition_failed, timeout=WAIT_MS):
        station.worklist.sign_in("reader-1")
    with qtbot.waitSignal(station.flow.session_failed, timeout=WAIT_MS):
        press(qtbot, window, "start_reading_button")
    problem = station.worklist_page.findChild(QLabel, "worklist_problem")
    assert isinstance(problem, QLabel)
    assert "nowhere.xdf" in problem.text()
    assert station.flow.step is Step.IDLE
    assert window.page_name == "worklist"
    assert station.worklist_page.start_button.isEnabled()
    assert {s.end_reason for s in station.study.sessions()} == {"fault"}
    station.close()


def test_calibration_comes_before_reading_and_can_be_left(
    qtbot: QtBot, lsl_session: str, window: MainWindow, folder: Path
) -> None:
    del lsl_session
    settings = settings_for("Calibrated gaze", calibrates=True)
    station = StudyStation(Study.open(folder), window, settings, window)
    window.show_page("worklist")
    station.worklist.sign_in("reader-1")
    with qtbot.waitSignal(station.flow.calibration_requested, timeout=WAIT_MS):
        press(qtbot, window, "start_reading_button")
    assert window.page_name == "calibration"
    assert station.flow.step is Step.CALIBRATING
    with qtbot.waitSignal(station.session_ended, timeout=WAIT_MS) as ended:
        press(qtbot, window, "cancel_calibration")
    assert ended.args is not None
    assert ended.args[0].summary.read_count == 0
    assert station.study.readings() == []
    window.show_page("worklist")
    qtbot.waitUntil(lambda: station.operator.quality.link.state == "live", timeout=WAIT_MS)
    qtbot.waitUntil(lambda: station.operator.quality.recorder.state == "", timeout=WAIT_MS)
    station.close()


def test_the_strip_tells_what_the_recorder_says() -> None:
    assert recorder_note(AcquisitionStatus()) == RecorderNote()
    recorder = RecorderStatus("recording", gaps=2, free_bytes=7, faults=("slow disk",))
    note = recorder_note(AcquisitionStatus(recorder=recorder))
    assert note == RecorderNote("recording", 2, 7, ("slow disk",))


@pytest.mark.parametrize(
    ("file", "is_verified", "words"),
    [("a.xdf", True, "verified"), ("a.xdf", False, "not verified"), ("", False, "ended early")],
)
def test_what_became_of_the_recording(file: str, is_verified: bool, words: str) -> None:
    summary = SessionSummary("session-0001", 1, 1, True)
    assert words in recording_text(SessionClosed(summary, file, is_verified))


def test_the_strip_rests_while_reading(
    qtbot: QtBot, lsl_session: str, window: MainWindow, folder: Path
) -> None:
    del lsl_session, qtbot
    station = StudyStation(Study.open(folder), window, settings_for("No gaze"), window)
    strip: Any = window.findChild(QWidget, "operator_strip")
    window.show_page("worklist")
    assert strip.isVisible()
    window.show_page("reading", bare=True)
    assert not strip.isVisible()
    station.close()


def test_a_closed_window_ends_the_sitting_as_esc_does(
    qtbot: QtBot, lsl_session: str, window: MainWindow, folder: Path
) -> None:
    del lsl_session
    station = StudyStation(Study.open(folder), window, settings_for("Closed gaze"), window)
    start_reading(qtbot, window, station)
    station.close()
    with Study.open(folder) as study:
        (session,) = study.sessions()
        assert session.end_reason == "stopped"
        assert [reading.state for reading in study.readings()] == ["stopped"]
        kinds = [marker.kind for marker in read(session.recording_path).markers()]
    assert kinds.count("case_closed") == 1
    assert kinds[-1] == "session_ended"


def test_another_reader_does_not_take_over_a_running_recording(
    qtbot: QtBot, lsl_session: str, window: MainWindow, folder: Path
) -> None:
    del lsl_session
    settings = settings_for("Two readers gaze")
    first = StudyStation(Study.open(folder), window, settings, window)
    start_reading(qtbot, window, first)
    window.show_page("start")
    processes = [first.acquisition._recorder._process, first.acquisition._tracker._process]
    first.close(leave_running=True)
    second = StudyStation(Study.open(folder), window, settings, window)
    window.show_page("worklist")
    second.worklist.sign_in("reader-2")
    with qtbot.waitSignal(second.case_opened, timeout=WAIT_MS):
        press(qtbot, window, "start_reading_button")
    second.close()
    for process in processes:
        assert process is not None
        process.wait(20)
    with Study.open(folder) as study:
        one, two = study.sessions()
    assert (one.reader_id, one.end_reason) == ("reader-1", "fault")
    assert (two.reader_id, two.end_reason) == ("reader-2", "stopped")
    for session in (one, two):
        starts = [m for m in read(session.recording_path).markers() if m.kind == "session_started"]
        assert [start.reader_id for start in starts] == [session.reader_id]
