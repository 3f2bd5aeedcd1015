"""A small trace of the share of valid samples over the last minute."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from app.operator.viewmodel import GOOD_VALID
from app.shared.theme import COLOURS

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

KEEP = 240


class ValidTrace(QWidget):
    """Draws shares 0..1 from left (old) to right (new); moments without samples are holes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("valid_trace")
        self.setFixedSize(180, 36)
        self.setToolTip("Share of valid samples, last minute")
        self._shares: deque[float | None] = deque(maxlen=KEEP)

    def add(self, share: float | None) -> None:
        """Append the newest share, None where there were no samples."""
        self._shares.append(share)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the trace and a line at what counts as good."""
        del event
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(COLOURS["room"]))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(COLOURS["line"]), 1))
        good_y = self._y(GOOD_VALID)
        painter.drawLine(QPointF(0, good_y), QPointF(self.width(), good_y))
        painter.setPen(QPen(QColor(COLOURS["accent"]), 1.5))
        for line in self._lines():
            painter.drawPolyline(line)
        painter.end()

    def _lines(self) -> list[QPolygonF]:
        lines: list[list[QPointF]] = [[]]
        first = self.width() - len(self._shares) * self.width() / KEEP
        for index, share in enumerate(self._shares):
            if share is None:
                lines.append([])
            else:
                lines[-1].append(QPointF(first + index * self.width() / KEEP, self._y(share)))
        return [QPolygonF(points) for points in lines if len(points) > 1]

    def _y(self, share: float) -> float:
        return 2 + (1 - share) * (self.height() - 4)
