"""Tells where on the tracked screen the reader clicks a button: a place that was looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

if TYPE_CHECKING:
    from collections.abc import Iterator


class ClickWatch(QObject):
    """Watches the buttons inside some widgets; buttons made later are found as they are clicked.

    Signals
    -------
    clicked : float, float
        Where the mouse was pressed, in 0..1 of the tracked screen.
    """

    clicked = Signal(float, float)

    def __init__(self, root: QWidget, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._root = root
        for widget in _with_children(root):
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take note of a press on a button; nothing is ever held back."""
        if event.type() == QEvent.Type.ChildAdded:
            for child in watched.findChildren(QWidget):
                child.installEventFilter(self)
        elif (
            event.type() == QEvent.Type.MouseButtonPress
            and isinstance(watched, QAbstractButton)
            and isinstance(event, QMouseEvent)
        ):
            self._tell(watched, event)
        return False

    def _tell(self, pressed: QAbstractButton, event: QMouseEvent) -> None:
        screen = pressed.screen().geometry()
        place = event.globalPosition()
        self.clicked.emit(
            (place.x() - screen.x()) / screen.width(), (place.y() - screen.y()) / screen.height()
        )


def _with_children(root: QWidget) -> Iterator[QWidget]:
    yield root
    yield from root.findChildren(QWidget)
