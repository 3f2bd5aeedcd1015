"""The dark screen with one target at a corner of the tracked screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget

from app.shared.theme import COLOURS

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

RING_PX, DOT_PX = 22.0, 4.0
TEXT = "Look at the ring in each corner until it moves on        Esc stops"


class CornerScreen(QWidget):
    """Shows a ring at its place on the tracked screen, whatever the window's own place."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("corner_screen")
        self.setCursor(Qt.CursorShape.BlankCursor)
        self._target: tuple[float, float] | None = None

    def show_target(self, target: tuple[float, float] | None) -> None:
        """Show the ring there, in 0..1 of the screen, or none."""
        if target != self._target:
            self._target = target
            self.update()

    def centre_px(self) -> QPointF | None:
        """Where the ring's centre lies in this widget, None without one."""
        if self._target is None:
            return None
        screen = self.screen().geometry()
        return self.mapFromGlobal(
            QPointF(
                screen.x() + self._target[0] * screen.width(),
                screen.y() + self._target[1] * screen.height(),
            )
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw."""
        del event
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(COLOURS["room"]))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(COLOURS["muted"]))
        painter.drawText(QRectF(self.rect()), Qt.AlignmentFlag.AlignCenter, TEXT)
        centre = self.centre_px()
        if centre is not None:
            painter.setPen(QPen(QColor(COLOURS["strong"]), 3))
            painter.drawEllipse(centre, RING_PX, RING_PX)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(COLOURS["strong"]))
            painter.drawEllipse(centre, DOT_PX, DOT_PX)
        painter.end()
