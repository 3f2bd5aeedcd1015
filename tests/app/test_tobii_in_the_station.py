"""The station with a Tobii tracker in a Python of its own: what it wants known is shown."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from app.acquisition.viewmodel import TrackerChoice
from app.shared.main_window import MainWindow
from app.shared.theme import apply_theme
from app.study_station import StationSettings, StudyStation
from gazecore.devices.interpreter import INTERPRETER
from gazecore.devices.tobii_sdk import LICENCE_NOTICE
from gazecore.messages import TrackerEvent, parse_marker
from gazecore.recording import read
from gazecore.study import Study
from tests.app.conftest import gray_image, write_png
from tests.gazecore.devices.lively_tobii import put_python, put_sdk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

WAIT_MS = 45_000

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a shell script as interpreter")


@pytest.fixture
def station(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[StudyStation]:
    python = put_python(tmp_path / "python3.10", put_sdk(tmp_path / "sdk"))
    monkeypatch.setenv(INTERPRETER, str(python))
    images = tmp_path / "images"
    images.mkdir()
    write_png(images / "0.png", gray_image(0))
    with Study.create(tmp_path / "study", name="Tobii test") as study:
        study.import_images([images], simulated=True)
    apply_theme(qapp)
    window = MainWindow()
    qtbot.addWidget(window)
    window.add_page("start", QLabel("start"), stays=True)
    window.show_page("start")
    window.show()
    choice = TrackerChoice("tobii", stream_name="Tobii test gaze")
    settings = StationSettings(tracker=choice, calibrates=False)
    made = StudyStation(Study.open(tmp_path / "study"), window, settings, window)
    window.show_page("worklist")
    yield made
    made.close()
    window.close()


def test_the_licence_and_a_display_area_unlike_the_screen_are_shown_until_dismissed(
    qtbot: QtBot, lsl_session: str, station: StudyStation
) -> None:
    assert lsl_session
    card = station.worklist_page.tracker_notice
    assert not card.isVisible()
    with qtbot.waitSignal(station.acquisition.tracker_started, timeout=WAIT_MS) as started:
        station.worklist.sign_in("reader-1")
    assert started.args is not None
    status = started.args[0]
    assert (status.driver, status.can_calibrate) == ("tobii", True)
    assert status.display_area_mm == (527.0, 296.0)
    assert card.isVisible()
    text = card.findChild(QLabel, "notice_text")
    assert isinstance(text, QLabel)
    assert LICENCE_NOTICE in text.text()
    assert "display area is 527 x 296 mm" in text.text()
    card.dismiss_button.click()
    assert not card.isVisible()


def test_what_the_tracker_gives_beside_gaze_is_in_the_recording(
    qtbot: QtBot, lsl_session: str, station: StudyStation
) -> None:
    assert lsl_session
    station.worklist.sign_in("reader-1")
    with qtbot.waitSignal(station.case_opened, timeout=WAIT_MS):
        station.worklist.request_reading()
    qtbot.wait(1500)
    with qtbot.waitSignal(station.session_ended, timeout=WAIT_MS) as ended:
        QTest.keyClick(station.window.focusWidget(), Qt.Key.Key_1)
    assert ended.args is not None
    assert ended.args[0].is_verified
    recording = read(station.study.sessions()[0].recording_path)
    assert recording.damage.proven
    streams = recording.streams
    assert len(streams["Tobii test gaze"]) > 50
    sync = streams["Tobii test time synchronisation"]
    assert sync.labels == ("system_request_time", "device_time", "system_response_time")
    assert len(sync) > 2
    told = [parse_marker(row) for row in streams["Tobii test tracker events"].texts]
    settings = [m for m in told if isinstance(m, TrackerEvent) and m.event == "settings"]
    assert settings[0].values["serial_number"] == "FS-1"
