"""The screen in small, with the gaze as the mapping reads it now and what the corners told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget

from app.shared.theme import COLOURS
from gazecore.streams.corners import CORNERS

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from gazecore.streams.corners import CornerVerdict

MARGIN_SHARE = 0.12
"""Room around the screen: gaze that lies outside is drawn there, not at the edge."""
DOT_PX, RING_PX = 6.0, 9.0


class GazePreview(QWidget):
    """Draws the screen's outline, its corners, and a dot."""

    def __init__(self, aspect: float = 16 / 9, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("gaze_preview")
        self.setMinimumSize(360, 240)
        self._aspect = aspect
        self._gaze: tuple[float, float] | None = None
        self._verdict: CornerVerdict | None = None

    @property
    def gaze(self) -> tuple[float, float] | None:
        """Where the dot is, in 0..1 of the screen; None while gaze is lost."""
        return self._gaze

    def set_aspect(self, aspect: float) -> None:
        """Take the shape of the tracked screen, width over height."""
        self._aspect = aspect
        self.update()

    def show_gaze(self, gaze: tuple[float, float] | None) -> None:
        """Move the dot; None takes it away."""
        if gaze != self._gaze:
            self._gaze = gaze
            self.update()

    def show_verdict(self, verdict: CornerVerdict | None) -> None:
        """Show where gaze lay when each corner was looked at."""
        if verdict != self._verdict:
            self._verdict = verdict
            self.update()

    def screen_rect(self) -> QRectF:
        """Where the screen is drawn in this widget."""
        room = 1 - 2 * MARGIN_SHARE
        width = min(self.width() * room, self.height() * room * self._aspect)
        height = width / self._aspect
        return QRectF((self.width() - width) / 2, (self.height() - height) / 2, width, height)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), QColor(COLOURS["room"]))
        screen = self.screen_rect()
        painter.setPen(QPen(QColor(COLOURS["line"]), 1))
        painter.setBrush(QColor(COLOURS["ground"]))
        painter.drawRect(screen)
        self._draw_corners(painter)
        if self._gaze is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(COLOURS["accent"]))
            painter.drawEllipse(self._at(self._gaze), DOT_PX, DOT_PX)
        painter.end()

    def _draw_corners(self, painter: QPainter) -> None:
        hits = self._verdict.hits if self._verdict else (None,) * len(CORNERS)
        looked = self._verdict.gaze_norm if self._verdict else (None,) * len(CORNERS)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for corner, hit, gaze in zip(CORNERS, hits, looked, strict=True):
            colour = QColor(COLOURS["faint" if hit is None else "accent" if hit else "amber"])
            painter.setPen(QPen(colour, 1.5))
            painter.drawEllipse(self._at(corner), RING_PX, RING_PX)
            if gaze is not None:
                painter.drawLine(self._at(corner), self._at(gaze))
                painter.drawEllipse(self._at(gaze), 2.5, 2.5)

    def _at(self, xy_norm: tuple[float, float]) -> QPointF:
        screen = self.screen_rect()
        return QPointF(
            screen.left() + xy_norm[0] * screen.width(), screen.top() + xy_norm[1] * screen.height()
        )
