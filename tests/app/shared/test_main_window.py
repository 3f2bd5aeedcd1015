from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from app.shared.main_window import MainWindow

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.fixture
def window(qtbot: QtBot) -> MainWindow:
    made = MainWindow()
    qtbot.addWidget(made)
    made.add_page("start", QLabel("start"), stays=True)
    made.add_page("cases", QLabel("cases"), tab="Cases", icon_name="list")
    made.add_page("reading", QLabel("reading"))
    made.add_footer(QLabel("footer"))
    made.show_page("cases")
    made.show()
    return made


def part(window: MainWindow, name: str) -> QWidget:
    found = window.findChild(QWidget, name)
    assert isinstance(found, QWidget)
    return found


def test_pages_with_a_tab_have_bar_and_footer_bare_ones_neither(window: MainWindow) -> None:
    bar, footer = part(window, "navigation_bar"), part(window, "footer")
    assert bar.isVisible()
    assert footer.isVisible()
    window.show_page("reading", bare=True)
    assert window.page_name == "reading"
    assert not bar.isVisible()
    assert not footer.isVisible()
    window.show_page("cases")
    assert bar.isVisible()


def test_tabs_lead_to_their_pages(qtbot: QtBot, window: MainWindow) -> None:
    window.add_page("training", QLabel("training"), tab="Training")
    tab = part(window, "training_tab")
    assert isinstance(tab, QPushButton)
    with qtbot.waitSignal(window.page_shown) as shown:
        QTest.mouseClick(tab, Qt.MouseButton.LeftButton)
    assert shown.args == ["training"]
    assert tab.isChecked()


def test_a_page_of_the_same_name_replaces(window: MainWindow) -> None:
    other = QLabel("other")
    window.add_page("reading", other)
    window.show_page("reading", bare=True)
    assert window.page_name == "reading"
    assert other.isVisible()


def test_clear_leaves_only_what_stays(window: MainWindow) -> None:
    window.show_page("start")
    window.clear()
    assert window.page_name == "start"
    with pytest.raises(KeyError):
        window.show_page("cases")
    assert not part(window, "footer").isVisible()


def test_full_screen_and_back(qtbot: QtBot, window: MainWindow) -> None:
    size = window.size()
    window.showFullScreen()
    qtbot.waitUntil(window.isFullScreen)
    window.showFullScreen()
    window.leave_full_screen()
    qtbot.waitUntil(lambda: not window.isFullScreen())
    qtbot.waitUntil(lambda: window.size() == size)
    window.showMaximized()
    window.showFullScreen()
    window.leave_full_screen()
    qtbot.waitUntil(window.isMaximized)


def test_closing_is_said_once(qtbot: QtBot, window: MainWindow) -> None:
    with qtbot.waitSignal(window.closed):
        window.close()
