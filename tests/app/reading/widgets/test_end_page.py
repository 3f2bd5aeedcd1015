from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from app.reading.viewmodel import SessionSummary
from app.reading.widgets.end_page import EndPage

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def text_of(page: EndPage, name: str) -> str:
    found = page.findChild(QLabel, name)
    assert isinstance(found, QLabel)
    return found.text()


def test_it_says_how_the_sitting_ended(qtbot: QtBot) -> None:
    page = EndPage()
    qtbot.addWidget(page)
    page.show_summary(SessionSummary("session-0001", 12, 12, True))
    assert text_of(page, "end_title") == "All cases read"
    page.show_summary(SessionSummary("session-0001", 5, 12, False))
    assert text_of(page, "end_title") == "Session ended"
    assert "5 of 12" in text_of(page, "end_text")
    assert "7 left" in text_of(page, "end_text")
    page.show_recording("The recording is complete and verified.")
    assert "verified" in text_of(page, "end_recording")


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Space, Qt.Key.Key_Escape])
def test_keys_lead_back(qtbot: QtBot, key: Qt.Key) -> None:
    page = EndPage()
    qtbot.addWidget(page)
    with qtbot.waitSignal(page.done):
        QTest.keyClick(page, key)
    with qtbot.assertNotEmitted(page.done):
        QTest.keyClick(page, Qt.Key.Key_A)
