"""A line over the viewport in which a reader types centre and width."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from app.reading.window_tools import window_figures

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent, QKeyEvent

    from app.reading.viewport_controller import ViewportController

WIDTH_PX = 220
MARGIN_PX = 14
LIFT_PX = 80


class WindowEntry(QLineEdit):
    """Takes two numbers; Enter applies them, Esc leaves things as they are.

    Signals
    -------
    closed
        The line is gone; keys mean what they meant before.
    """

    closed = Signal()

    def __init__(self, controller: ViewportController, viewport: QWidget) -> None:
        super().__init__(viewport)
        self.setObjectName("window_entry")
        self.setPlaceholderText("centre  width")
        self.setFixedWidth(WIDTH_PX)
        self.setToolTip("Centre and width; Enter: apply, Esc: leave")
        self.hide()
        self._controller, self._viewport = controller, viewport
        self.returnPressed.connect(self._apply)
        controller.case_cleared.connect(self._leave)
        viewport.installEventFilter(self)

    def ask(self) -> None:
        """Show the line with the present numbers, all selected."""
        state = self._controller.state
        if state is None:
            return
        self.setText("  ".join(window_figures(state.window.center, state.window.width)))
        self._place()
        self.show()
        self.raise_()
        self.selectAll()
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave with Esc; no key goes on to the form."""
        if event.key() == Qt.Key.Key_Escape:
            self._leave()
        else:
            super().keyPressEvent(event)
        event.accept()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Leave when the reader goes elsewhere."""
        super().focusOutEvent(event)
        self._leave()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in the corner of the viewport."""
        if event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def _apply(self) -> None:
        if self._controller.type_window(self.text()):
            self._leave()
        else:
            self.selectAll()

    def _leave(self) -> None:
        if not self.isHidden():
            self.hide()
            self.closed.emit()

    def _place(self) -> None:
        bottom = self._viewport.height() - LIFT_PX
        self.move(MARGIN_PX, bottom - self.sizeHint().height())
