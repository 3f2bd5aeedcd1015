"""The box of a region that is being dragged: an outline alone, so that no grey level changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.shared.theme import COLOURS

if TYPE_CHECKING:
    from PySide6.QtCore import QRect


class RegionBand(QWidget):
    """Lies over a viewport while the mouse is held; the mouse goes through it."""

    def __init__(self, viewport: QWidget) -> None:
        super().__init__(viewport)
        self.setObjectName("region_band")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.hide()

    def show_box(self, box: QRect) -> None:
        """Show the outline of a box of the viewport."""
        self.setGeometry(box.adjusted(-1, -1, 1, 1))
        self.show()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A light line between dark ones: seen on bone and on air."""
        del event
        painter = QPainter(self)
        for inset, colour in ((0, "room"), (1, "accent"), (2, "room")):
            painter.setPen(QColor(COLOURS[colour]))
            painter.drawRect(self.rect().adjusted(inset, inset, -inset - 1, -inset - 1))
        painter.end()
