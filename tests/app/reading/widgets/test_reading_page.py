from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from app.reading.controller import ReadingController
from app.reading.viewmodel import SessionPlan
from app.reading.widgets.reading_page import ReadingPage
from app.reading.window_tools import ZOOM_PER_NOTCH
from app.shared.main_window import MainWindow
from app.shared.theme import COLOURS, apply_theme
from gazecore.messages import FrameShown, ViewportChanged
from tests.app.reading.widgets.geometry_loop import pixels_of

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gazecore.dicom.decoder import Decoder
    from gazecore.study import Study

WAIT_MS = 20_000
NO_MODIFIER = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def page(
    qtbot: QtBot, qapp: QApplication, small_study: Study, shared_decoder: Decoder
) -> tuple[ReadingPage, ReadingController, MainWindow]:
    apply_theme(qapp)
    controller = ReadingController(small_study, shared_decoder)
    reading_page = ReadingPage(controller)
    window = MainWindow()
    qtbot.addWidget(window)
    window.add_page("reading", reading_page)
    window.show_page("reading", bare=True)
    with qtbot.waitExposed(window):
        window.showFullScreen()
    session = small_study.start_session("reader-1")
    plan = SessionPlan(session.session_id, "reader-1", tuple(small_study.unread_cases("reader-1")))
    with qtbot.waitSignal(controller.case_opened, timeout=WAIT_MS):
        controller.begin(plan)
    return reading_page, controller, window


def test_keys_of_the_window_reach_the_controller(
    qtbot: QtBot,
    page: tuple[ReadingPage, ReadingController, MainWindow],
    small_study: Study,
) -> None:
    reading_page, controller, window = page
    assert window.focusWidget() is reading_page
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_H)
    assert controller.viewport.state is not None
    assert controller.viewport.state.orientation == (-1, 0, 0, 1)
    with qtbot.waitSignal(controller.case_opened, timeout=WAIT_MS):
        QTest.keyClick(reading_page.viewport, Qt.Key.Key_3)
    assert small_study.readings()[0].answers == {"grade": "3"}
    with qtbot.waitSignal(controller.case_opened, timeout=WAIT_MS):
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_Enter, Qt.KeyboardModifier.KeypadModifier)
    assert small_study.readings()[1].answers == {"grade": "0"}
    controller.stop()


def test_the_viewport_fills_the_page_from_the_screens_corner(
    page: tuple[ReadingPage, ReadingController, MainWindow],
) -> None:
    reading_page, controller, window = page
    assert controller.viewport.state is not None
    x, y, width, height = controller.viewport.state.shown_screen_px
    corner = window.geometry().topLeft()
    assert (x, y) == (corner.x(), corner.y())
    assert width == window.width()
    assert height == window.height() - reading_page.answer_form.height()
    controller.stop()


def test_a_key_held_down_zooms_on_and_skips_no_case(
    qtbot: QtBot,
    page: tuple[ReadingPage, ReadingController, MainWindow],
    small_study: Study,
) -> None:
    reading_page, controller, _ = page

    def hold(key: Qt.Key, text: str) -> None:
        for is_repeat in (False, True, True, True):
            press = QKeyEvent(QEvent.Type.KeyPress, key, NO_MODIFIER, text, is_repeat)
            QApplication.sendEvent(reading_page, press)

    assert controller.viewport.state is not None
    before = controller.viewport.state.zoom
    hold(Qt.Key.Key_Plus, "+")
    assert controller.viewport.state.zoom == pytest.approx(before * ZOOM_PER_NOTCH**4)
    with qtbot.waitSignal(controller.case_opened, timeout=WAIT_MS):
        hold(Qt.Key.Key_2, "2")
    hold(Qt.Key.Key_F12, "")
    assert [reading.answers for reading in small_study.readings()] == [{"grade": "2"}, {}]
    controller.stop()


def test_tab_goes_on_to_the_next_viewport(
    page: tuple[ReadingPage, ReadingController, MainWindow],
) -> None:
    reading_page, controller, window = page
    QTest.keyClick(reading_page, Qt.Key.Key_F2)
    QTest.keyClick(reading_page, Qt.Key.Key_Tab)
    assert window.focusWidget() is reading_page
    assert controller.viewport.index == 1
    assert reading_page.viewport.objectName() == "viewport_1"
    QTest.keyClick(reading_page, Qt.Key.Key_W, Qt.KeyboardModifier.ShiftModifier)
    assert reading_page.viewport.isAncestorOf(window.focusWidget())
    QTest.keyClick(reading_page.window_entry, Qt.Key.Key_Escape)
    assert window.focusWidget() is reading_page
    QTest.keyClick(reading_page, Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    assert controller.viewport.index == 0
    controller.stop()


def test_typed_numbers_answer_nothing_and_the_keys_come_back(
    page: tuple[ReadingPage, ReadingController, MainWindow], small_study: Study
) -> None:
    reading_page, controller, window = page
    QTest.keyClick(reading_page, Qt.Key.Key_W, Qt.KeyboardModifier.ShiftModifier)
    assert window.focusWidget() is reading_page.window_entry
    QTest.keyClicks(reading_page.window_entry, "1 23")
    assert pixels_of(reading_page.viewport).mean() < 255 * 0.4
    QTest.keyClick(reading_page.window_entry, Qt.Key.Key_Return)
    assert window.focusWidget() is reading_page
    assert controller.viewport.state is not None
    assert controller.viewport.state.window.width == 23.0
    assert small_study.readings()[0].answers == {}
    controller.stop()


def test_the_sheet_of_keys_covers_the_image_and_is_on_record(
    qtbot: QtBot, page: tuple[ReadingPage, ReadingController, MainWindow], small_study: Study
) -> None:
    reading_page, controller, window = page
    said: list[object] = []
    controller.marker_made.connect(said.append)
    QTest.keyClick(reading_page, Qt.Key.Key_F1)
    assert window.focusWidget() is reading_page.key_sheet
    [gone] = [marker for marker in said if isinstance(marker, ViewportChanged)]
    assert gone.shown_screen_px[2:] == (0.0, 0.0)
    qtbot.waitUntil(
        lambda: any(isinstance(m, FrameShown) and m.serial == gone.serial for m in said)
    )
    assert reading_page.answer_form.isVisible()
    QTest.keyClick(reading_page.key_sheet, Qt.Key.Key_3)  # goes back, and answers nothing
    assert window.focusWidget() is reading_page
    assert small_study.readings()[0].answers == {}
    back = said[-1]
    assert isinstance(back, ViewportChanged)
    assert back.shown_screen_px[2] > 0
    controller.stop()


def test_no_flash_at_case_changes(
    qtbot: QtBot, page: tuple[ReadingPage, ReadingController, MainWindow]
) -> None:
    reading_page, controller, window = page
    levels: list[float] = []
    images: list[float] = []
    beside: list[int] = []

    def look() -> None:
        shown = window.screen().grabWindow(window.winId()).toImage()
        shown = shown.convertToFormat(shown.Format.Format_Grayscale8)
        rows = np.frombuffer(shown.constBits(), dtype=np.uint8).reshape(shown.height(), -1)
        levels.append(float(rows.mean()))
        # the image is fitted in the middle; beside it lie texts and the strip
        sides = shown.width() // 8
        beside.append(int(max(rows[:, :sides].max(), rows[:, shown.width() - sides :].max())))

    eye = QTimer()
    eye.timeout.connect(look)
    eye.start(0)
    for key in (Qt.Key.Key_1, Qt.Key.Key_2):
        QTest.keyClick(reading_page, Qt.Key.Key_W, Qt.KeyboardModifier.ShiftModifier)
        qtbot.wait(100)
        QTest.keyClick(reading_page.window_entry, Qt.Key.Key_Escape)
        images.append(float(pixels_of(window).mean()))
        with qtbot.waitSignal(controller.case_opened, timeout=WAIT_MS):
            QTest.keyClick(reading_page, key)
    qtbot.wait(100)
    images.append(float(pixels_of(window).mean()))
    with qtbot.waitSignal(controller.reading_ended, timeout=WAIT_MS):
        QTest.keyClick(reading_page, Qt.Key.Key_3)
    qtbot.wait(100)
    eye.stop()
    assert len(levels) > 8
    assert max(levels) <= max(images) + 2.0
    assert min(levels) < min(images)
    assert 0 < max(beside) <= max(QColor(colour).value() for colour in COLOURS.values())


def test_no_gaze_and_no_clock_while_reading(
    page: tuple[ReadingPage, ReadingController, MainWindow],
) -> None:
    reading_page, controller, _ = page
    before = pixels_of(reading_page)
    assert np.array_equal(before, pixels_of(reading_page))
    labels = reading_page.findChildren(QLabel)
    texts = [shown.text() for shown in labels if shown.isVisible()]
    assert not any(":" in text for text in texts)
    controller.stop()
