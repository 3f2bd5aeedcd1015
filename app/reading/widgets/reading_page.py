"""The page of reading: the images, and below it one dim strip with form and recording light."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.reading.key_names import key_name
from app.reading.widgets.answer_form import AnswerForm
from app.reading.widgets.viewport_grid import ViewportGrid
from app.reading.window_tools import DragManner
from app.shared.key_sheet_view import KeySheetView
from gazecore.study.gestures import bound_gestures
from gazecore.study.key_sheet import sheet_sections

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from app.reading.controller import ReadingController
    from app.reading.widgets.viewport import Viewport
    from app.reading.widgets.window_entry import WindowEntry


class ReadingPage(QWidget):
    """Everything the reader sees; all keys arrive here and go to the controller by name."""

    def __init__(self, controller: ReadingController, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("reading_page")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._controller = controller
        self.grid = ViewportGrid(controller.viewports)
        self.answer_form = AnswerForm(controller)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.grid, 1)
        column.addWidget(self.answer_form)
        controller.case_opened.connect(lambda _opened: self._follow_protocol())
        controller.window_entry_requested.connect(self._ask_window)
        self.key_sheet = KeySheetView(sheet_sections(controller.protocol), self.grid)
        controller.key_sheet_requested.connect(self._show_keys)
        self.key_sheet.painted.connect(controller.viewports.note_covered)
        self.key_sheet.closed.connect(self._hide_keys)
        controller.viewports.case_cleared.connect(self.key_sheet.leave)
        self.grid.window_entry_closed.connect(self.setFocus)

    @property
    def viewport(self) -> Viewport:
        """The viewport that tools act on."""
        return self.grid.active.viewport

    @property
    def window_entry(self) -> WindowEntry:
        """The line to type a window in, over that viewport."""
        return self.grid.active.window_entry

    def changeEvent(self, event: QEvent) -> None:
        """Tell when another window comes in front, and when this one is back."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange:
            self._controller.note_focus(is_here=self.isActiveWindow())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Forward the key by its name; one that is held down comes again and again."""
        name, take = key_name(event), self._controller.press_key
        if event.isAutoRepeat():
            take = self._controller.repeat_key
        if not name or not take(name):
            event.ignore()

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: A002  # Qt's name
        """Keep the focus: Tab is a key like any other."""
        del next
        return False

    def _ask_window(self) -> None:
        self.window_entry.ask()

    def _show_keys(self) -> None:
        self._controller.viewports.cover()
        self.key_sheet.open()

    def _hide_keys(self) -> None:
        self._controller.viewports.uncover()
        self.setFocus()

    def _follow_protocol(self) -> None:
        protocol = self._controller.protocol
        self.grid.show_layers(protocol.overlays)
        drag = protocol.windowing
        manner = DragManner(drag.speed, drag.across == "width", drag.up == "brighter")
        self.grid.set_gestures(bound_gestures(protocol.mouse))
        self.grid.set_drag(manner, coarse=drag.coarse, fine=drag.fine)
