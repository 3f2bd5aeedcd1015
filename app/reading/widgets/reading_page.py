"""The page of reading: the image, and below it one dim strip with form and recording light."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.reading.key_names import key_name
from app.reading.widgets.answer_form import AnswerForm
from app.reading.widgets.overlay import Overlay
from app.reading.widgets.viewport import Viewport
from app.reading.widgets.window_entry import WindowEntry
from app.reading.window_tools import DragManner

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
        self.overlay = Overlay(controller.viewport, self.viewport)
        self.window_entry = WindowEntry(controller.viewport, self.viewport)
        self.answer_form = AnswerForm(controller)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.viewport, 1)
        column.addWidget(self.answer_form)
        controller.case_opened.connect(lambda _opened: self._follow_protocol())
        controller.window_entry_requested.connect(self.window_entry.ask)
        self.window_entry.closed.connect(self.setFocus)

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

    def _follow_protocol(self) -> None:
        protocol = self._controller.protocol
        self.overlay.show_layers(protocol.overlays)
        drag = protocol.windowing
        manner = DragManner(drag.speed, drag.across == "width", drag.up == "brighter")
        self.viewport.set_drag(manner, coarse=drag.coarse, fine=drag.fine)
