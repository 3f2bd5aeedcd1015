"""A whole sitting on nearly white images, looked at all the time: dark pages, limited pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QMenu, QPushButton, QWidget

from app.acquisition.viewmodel import TrackerChoice
from app.application import StationApplication, StationSettings
from app.calibration.targets import Pace
from gazecore.study import Study
from gazecore.study.protocol import Protocol, changed_protocol
from tests.app.conftest import write_png
from tests.app.light_meter import LightMeter
from tests.app.shared.file_dialog_hands import answer_dialog

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from app.study_station import StudyStation

WAIT_MS = 45_000
LIMIT = 0.4
DARK = 0.03
"""More than any page without an image gives, text and all."""
PICTURES = ("reading", "calibration", "drift")
NOISE = np.random.default_rng(0).integers(0, 11, (300, 340))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    images = tmp_path / "images"
    images.mkdir()
    for number, base in enumerate((245, 0, 244)):
        write_png(images / f"{number}.png", (base + NOISE).astype(np.uint8))
    changes = {
        "order.kind": "as_imported",
        "breaks.every_cases": "1",
        "calibration.drift_check_every_cases": "2",
        "calibration.background_level": "255",
    }
    protocol: Protocol = changed_protocol(None, changes)
    with Study.create(tmp_path / "study", name="White", protocol=protocol) as study:
        study.import_images([images], simulated=True)
        study.add_reader("reader-1")
    return tmp_path / "study"


@pytest.fixture
def application(
    qtbot: QtBot, qapp: QApplication, lsl_session: str, folder: Path
) -> Iterator[StationApplication]:
    del lsl_session
    tracker = TrackerChoice(arguments=("--rate", "120", "--noise-deg", "0"), stream_name="Light")
    made = StationApplication(qapp, StationSettings(folder, "reader-1", tracker))
    qtbot.addWidget(made.window)
    yield made
    made.close()


@pytest.fixture
def black_screen(qtbot: QtBot) -> Iterator[QWidget]:
    """Whatever was left on the screen before is covered."""
    cover = QWidget()
    qtbot.addWidget(cover)
    cover.setStyleSheet("background: black")
    with qtbot.waitExposed(cover):
        cover.showFullScreen()
    yield cover
    cover.hide()


@pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing)")
def test_the_screen_stays_dark_and_pictures_under_the_limit(
    qtbot: QtBot, black_screen: QWidget, application: StationApplication
) -> None:
    window = application.window
    meter = LightMeter(lambda: window.page_name)
    assert meter.look().mean == 0
    meter.start()
    qtbot.addWidget(application.window, before_close_func=lambda _window: meter.stop())
    application.start()
    station = application.station
    assert station is not None
    with qtbot.waitExposed(window):
        pass
    look_around(qtbot, station)
    calibrate(qtbot, station)
    assert 0.39 < meter.brightest("calibration").mean <= LIMIT, "a grey of 255 was asked for"
    read(qtbot, station)
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.page_name == "worklist", timeout=WAIT_MS)
    application.close_study()
    qtbot.wait(50)
    meter.stop()
    places = {look.place for look in meter.looks}
    pages = {"worklist", "training", "screen", "streams", "preflight", "end", "start"}
    assert places >= pages | set(PICTURES)
    dark = meter.brightest(*places - set(PICTURES))
    assert dark.mean < DARK, dark
    assert meter.brightest().mean <= LIMIT
    assert meter.brightest("reading").mean > 0.3, "the white images were seen"


def look_around(qtbot: QtBot, station: StudyStation) -> None:
    """Every page with a tab; on each all lists, menus and hints, and windows for files."""
    window = station.window
    for name in ("training", "streams", "screen", "worklist"):
        QTest.mouseClick(button(window, f"{name}_tab"), Qt.MouseButton.LeftButton)
        qtbot.wait(60)
        for box in (b for b in window.findChildren(QComboBox) if b.isVisible()):
            box.showPopup()
            qtbot.wait(30)
            box.hidePopup()
        edits = [e for e in window.findChildren(QLineEdit) if e.isVisible()]
        for edit in edits[:1]:
            menu = edit.createStandardContextMenu()
            assert isinstance(menu, QMenu)
            menu.popup(edit.mapToGlobal(QPoint(5, 5)))
            qtbot.wait(30)
            menu.close()
    hint = window.findChild(QWidget, "streams_button")
    if hint is not None:
        where = QPoint(3, 3)
        event = QHelpEvent(QEvent.Type.ToolTip, where, hint.mapToGlobal(where))
        QApplication.sendEvent(hint, event)
        qtbot.wait(60)
    window.show_page("screen")
    answer_dialog(None, lambda _dialog: qtbot.wait(60))
    QTest.mouseClick(button(window, "give_curve_button"), Qt.MouseButton.LeftButton)
    window.show_page("start")
    answer_dialog(None, lambda _dialog: qtbot.wait(60))
    QTest.mouseClick(button(window, "browse_study_button"), Qt.MouseButton.LeftButton)
    window.show_page("worklist")
    for size in ((960, 640), (1200, 760)):
        window.showNormal()
        window.resize(*size)
        qtbot.wait(40)


def calibrate(qtbot: QtBot, station: StudyStation) -> None:
    window = station.window
    station.gaze_checks.pace = Pace(settle_s=0.3, measure_s=0.3, between_s=0.02, again_s=0.1)
    with qtbot.waitSignal(station.flow.calibration_requested, timeout=WAIT_MS):
        button(window, "start_reading_button").click()
    calibration = station.gaze_checks.calibration
    assert calibration is not None
    for phase in ("calibrated", "validated"):
        QTest.keyClick(window, Qt.Key.Key_Space)
        qtbot.waitUntil(lambda: calibration.state.phase == phase, timeout=WAIT_MS)  # noqa: B023
    with qtbot.waitSignal(station.case_opened, timeout=WAIT_MS):
        QTest.keyClick(window, Qt.Key.Key_Space)


def read(qtbot: QtBot, station: StudyStation) -> None:
    """Three cases: inverted, close up, windowed; a question, a break, out of the full screen."""
    window, viewport = station.window, station.reading.viewport
    for key in (Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3):
        for tool in (Qt.Key.Key_I, Qt.Key.Key_O, Qt.Key.Key_A, Qt.Key.Key_I, Qt.Key.Key_W):
            QTest.keyClick(window.focusWidget(), tool)
            qtbot.wait(15)
        viewport.drag_window(-200.0, -300.0)
        viewport.zoom(8, (400.0, 300.0))
        qtbot.wait(15)
        window.leave_full_screen()
        qtbot.wait(30)
        window.showFullScreen()
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_Escape)
        qtbot.wait(15)
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_Space)
        if key is Qt.Key.Key_3:
            with qtbot.waitSignal(station.session_ended, timeout=WAIT_MS):
                QTest.keyClick(window.focusWidget(), key)
            return
        QTest.keyClick(window.focusWidget(), key)
        qtbot.wait(60)
        with qtbot.waitSignal(station.case_opened, timeout=WAIT_MS):
            QTest.keyClick(window.focusWidget(), Qt.Key.Key_Space)


def button(window: QWidget, name: str) -> QPushButton:
    found = window.findChild(QPushButton, name)
    assert isinstance(found, QPushButton)
    return found
