"""Clicks on buttons are told by their place on the screen; other events are not held back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from app.calibration.widgets.click_watch import ClickWatch

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def test_buttons_of_now_and_later_are_watched(qtbot: QtBot) -> None:
    root = QWidget()
    qtbot.addWidget(root)
    column = QVBoxLayout(root)
    inner = QWidget()
    row = QVBoxLayout(inner)
    first, word = QPushButton("first"), QLabel("word")
    row.addWidget(first)
    row.addWidget(word)
    column.addWidget(inner)
    root.resize(300, 200)
    root.show()
    watch = ClickWatch(root)
    places: list[tuple[float, float]] = []
    watch.clicked.connect(lambda x, y: places.append((x, y)))
    pressed: list[str] = []
    first.clicked.connect(lambda: pressed.append("first"))
    QTest.mouseClick(first, Qt.MouseButton.LeftButton)
    QTest.mouseClick(word, Qt.MouseButton.LeftButton)
    later = QPushButton("later")
    row.addWidget(later)
    qtbot.wait(20)
    QTest.mouseClick(later, Qt.MouseButton.LeftButton)
    assert pressed == ["first"]
    assert len(places) == 2
    screen = root.screen().geometry()
    centre = first.mapToGlobal(first.rect().center())
    assert places[0] == pytest.approx(
        (centre.x() / screen.width(), centre.y() / screen.height()), abs=2 / screen.height()
    )
    root.close()
