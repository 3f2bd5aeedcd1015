"""The outline of a card or ruler, drawn in physical pixels; its corner can be dragged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.shared.theme import COLOURS

if TYPE_CHECKING:
    from app.screen_setup.controller import ScreenSetupController
    from app.screen_setup.viewmodel import ScreenSetup

CARD_CORNER_MM = 3.18
"""Radius of an ID-1 card's corners (ISO/IEC 7810)."""
MARGIN_PX = 8.0


class FitOutline(QWidget):
    """Draws the outline from its top left corner; dragging changes width and height."""

    def __init__(self, controller: ScreenSetupController, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("fit_outline")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(420, 300)
        self.setCursor(Qt.CursorShape.SizeFDiagCursor)
        self._controller = controller
        self._dragged_from: QPointF | None = None
        controller.state_changed.connect(self._on_state_changed)

    def outline_px(self) -> QRectF:
        """The outline in this widget's logical pixels."""
        ratio = self.devicePixelRatioF()
        width, height = self._controller.state.check.outline_px
        return QRectF(MARGIN_PX, MARGIN_PX, width / ratio, height / ratio)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the outline, dim: it is held against a card, not looked at for long."""
        del event
        check = self._controller.state.check
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(COLOURS["accent"]), 1.0))
        painter.setBrush(QColor(COLOURS["raised"]))
        outline = self.outline_px()
        if check.method == "card":
            per_mm = outline.width() / 85.60
            painter.drawRoundedRect(outline, CARD_CORNER_MM * per_mm, CARD_CORNER_MM * per_mm)
        else:
            self._draw_rulers(painter, outline)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to drag."""
        self._dragged_from = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Change the outline as the mouse goes."""
        if self._dragged_from is None:
            return
        moved = (event.position() - self._dragged_from) * self.devicePixelRatioF()
        self._dragged_from = event.position()
        if moved.x():
            self._controller.resize("x", moved.x())
        if moved.y():
            self._controller.resize("y", moved.y())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the drag."""
        del event
        self._dragged_from = None

    def _draw_rulers(self, painter: QPainter, outline: QRectF) -> None:
        """Two scales in centimetres along the top and the left."""
        painter.drawLine(outline.topLeft(), outline.topRight())
        painter.drawLine(outline.topLeft(), outline.bottomLeft())
        for mark in range(16):
            x = outline.left() + outline.width() * mark / 15
            painter.drawLine(QPointF(x, outline.top()), QPointF(x, outline.top() + 14))
        for mark in range(11):
            y = outline.top() + outline.height() * mark / 10
            painter.drawLine(QPointF(outline.left(), y), QPointF(outline.left() + 14, y))
        painter.drawText(outline.topRight() + QPointF(-44, 34), "15 cm")
        painter.drawText(outline.bottomLeft() + QPointF(22, 4), "10 cm")

    def _on_state_changed(self, state: ScreenSetup) -> None:
        del state
        self.update()
