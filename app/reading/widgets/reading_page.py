"""The page of reading: the image, and below it one dim strip with form and recording light."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.reading.key_names import key_name
from app.reading.widgets.answer_form import AnswerForm
from app.reading.widgets.viewport import Viewport

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from app.reading.controller import ReadingController


class ReadingPage(QWidget):
    """Everything the reader sees; all keys arrive here and go to the controller by name."""

    def __init__(self, controller: ReadingController, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("reading_page")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._controller = controller
        self.viewport = Viewport(controller.viewport)
        self.answer_form = AnswerForm(controller)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.viewport, 1)
        column.addWidget(self.answer_form)

    def changeEvent(self, event: QEvent) -> None:
        """Tell when another window comes in front, and when this one is back."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange:
            self._controller.note_focus(is_here=self.isActiveWindow())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Forward the key by its name."""
        name = key_name(event)
        if not name or not self._controller.press_key(name):
            event.ignore()
