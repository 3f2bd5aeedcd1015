from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent

from app.reading.key_names import key_name

NONE = Qt.KeyboardModifier.NoModifier


@pytest.mark.parametrize(
    ("key", "modifiers", "name"),
    [
        (Qt.Key.Key_1, NONE, "1"),
        (Qt.Key.Key_1, Qt.KeyboardModifier.KeypadModifier, "1"),
        (Qt.Key.Key_Return, NONE, "Return"),
        (Qt.Key.Key_Enter, Qt.KeyboardModifier.KeypadModifier, "Enter"),
        (Qt.Key.Key_Escape, NONE, "Esc"),
        (Qt.Key.Key_Space, NONE, "Space"),
        (Qt.Key.Key_F, NONE, "F"),
        (Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier, "Ctrl+F"),
        (Qt.Key.Key_Shift, Qt.KeyboardModifier.ShiftModifier, ""),
    ],
)
def test_names(key: Qt.Key, modifiers: Qt.KeyboardModifier, name: str) -> None:
    assert key_name(QKeyEvent(QEvent.Type.KeyPress, key, modifiers)) == name


def test_a_key_held_down_keeps_its_name() -> None:
    held = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_1, NONE, "1", True)
    assert key_name(held) == "1"


def test_shift_and_tab_are_called_as_protocols_write_them() -> None:
    shift = Qt.KeyboardModifier.ShiftModifier
    assert key_name(QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Backtab, shift)) == "Shift+Tab"
    assert key_name(QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Tab, NONE)) == "Tab"
