"""The portable name of a key press, as protocols and markers write it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

_MODIFIER_KEYS = frozenset(
    {
        Qt.Key.Key_Shift,
        Qt.Key.Key_Control,
        Qt.Key.Key_Alt,
        Qt.Key.Key_Meta,
        Qt.Key.Key_AltGr,
        Qt.Key.Key_CapsLock,
        Qt.Key.Key_NumLock,
    }
)


def key_name(event: QKeyEvent) -> str:
    """Qt's portable text (``1``, ``Return``, ``Ctrl+F``); the keypad's digits count as digits.

    Empty for a modifier alone.
    """
    if event.key() in _MODIFIER_KEYS:
        return ""
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    combination = event.keyCombination()
    # Shift makes another key of Tab
    key = Qt.Key.Key_Tab if combination.key() == Qt.Key.Key_Backtab else combination.key()
    plain = type(combination)(modifiers, key)
    return QKeySequence(plain).toString(QKeySequence.SequenceFormat.PortableText)
