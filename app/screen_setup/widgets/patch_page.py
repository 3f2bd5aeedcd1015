"""A black screen with one patch in a corner for the photodiode; the only place that flashes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from app.screen_setup.latency import LatencyController

PATCH_PX = 96


class PatchPage(QWidget):
    """Paints the patch of a `LatencyController` at the top left; Esc gives up."""

    def __init__(self, controller: LatencyController, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("patch_page")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._controller = controller
        controller.patch_toggled.connect(self._on_patch_toggled)
        controller.phase_changed.connect(self._on_phase_changed)

    def patch(self) -> QRect:
        """Where the patch is, in logical pixels."""
        return QRect(0, 0, PATCH_PX, PATCH_PX)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint, and say when that was done."""
        painter = QPainter(self)
        painter.fillRect(event.rect(), Qt.GlobalColor.black)
        if self._controller.is_light:
            painter.fillRect(self.patch(), Qt.GlobalColor.white)
        painter.end()
        self._controller.note_painted()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc gives up."""
        if event.key() == Qt.Key.Key_Escape:
            self._controller.stop()
        else:
            super().keyPressEvent(event)

    def _on_patch_toggled(self) -> None:
        self.update(self.patch())

    def _on_phase_changed(self, phase: str) -> None:
        del phase
        self.update()
