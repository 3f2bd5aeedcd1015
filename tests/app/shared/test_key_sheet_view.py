from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from app.shared.key_sheet_view import KeySheetView, columns_of
from app.shared.main_window import BAR_HEIGHT_PX
from app.shared.theme import apply_theme
from gazecore.study import Protocol
from gazecore.study.key_sheet import sheet_sections
from tests.app.reading.widgets.geometry_loop import pixels_of

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

SECTIONS = sheet_sections(Protocol())


@pytest.fixture
def sheet(qtbot: QtBot, qapp: QApplication) -> tuple[KeySheetView, QWidget]:
    apply_theme(qapp)
    page = QWidget()
    page.setPalette(QPalette(QColor("white")))
    qtbot.addWidget(page)
    made = KeySheetView(SECTIONS, page, can_print=True)
    page.resize(1440, 900)
    with qtbot.waitExposed(page):
        page.show()
    return made, page


def test_it_says_everything_and_nothing_shines_through(
    sheet: tuple[KeySheetView, QWidget],
) -> None:
    view, page = sheet
    texts = {shown.text() for shown in view.findChildren(QLabel)}
    assert {text for _, column in SECTIONS for row in column for text in row} <= texts
    assert view.isHidden()
    view.open()
    assert view.size() == page.size()
    assert view.minimumSizeHint().height() <= 860
    assert pixels_of(page).mean() < 40


@pytest.mark.parametrize("key", [Qt.Key.Key_F1, Qt.Key.Key_Escape, Qt.Key.Key_3])
def test_any_key_goes_back_and_means_nothing_else(
    qtbot: QtBot, sheet: tuple[KeySheetView, QWidget], key: Qt.Key
) -> None:
    view, page = sheet
    view.open()
    assert page.focusWidget() is view
    QTest.keyClick(view, Qt.Key.Key_Shift)
    assert view.isVisible()
    with qtbot.waitSignal(view.closed):
        QTest.keyClick(view, key)
    assert view.isHidden()


def test_a_click_goes_back_and_the_button_asks_for_paper(
    qtbot: QtBot, sheet: tuple[KeySheetView, QWidget]
) -> None:
    view, _ = sheet
    with qtbot.waitSignal(view.painted):
        view.open()
    printing = view.findChild(QPushButton, "print_keys_button")
    assert isinstance(printing, QPushButton)
    with qtbot.waitSignal(view.print_requested):
        QTest.mouseClick(printing, Qt.MouseButton.LeftButton)
    assert view.isVisible()
    with qtbot.waitSignal(view.closed):
        QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))


def test_sections_stand_below_each_other_while_there_is_room() -> None:
    parts = [[title for title, _ in column] for column in columns_of(SECTIONS)]
    assert parts == [["Answers", "View"], ["Frames", "Viewports", "Window"], ["Mouse"]]
    assert columns_of(()) == []


def test_all_of_it_is_seen_on_a_small_screen(sheet: tuple[KeySheetView, QWidget]) -> None:
    view, page = sheet
    page.resize(1366, 768 - BAR_HEIGHT_PX)
    view.open()
    QTest.qWait(0)
    for shown in view.findChildren(QLabel):
        at = shown.mapTo(page, QPoint(0, 0))
        assert page.rect().contains(QRect(at, shown.size()))
