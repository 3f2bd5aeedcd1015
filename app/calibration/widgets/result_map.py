"""A small picture of the screen: validation targets, and where gaze lay while they were shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.shared.theme import COLOURS

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from app.calibration.points import TargetPoint
    from app.calibration.viewmodel import CalibratedPoint, CalibrationState, GazeOffset

TARGET_PX = 5.0
GAZE_PX = 4.0


class ResultMap(QWidget):
    """Draws the state's targets: crosses, circles where poor, and a line to where gaze lay."""

    def __init__(self, aspect: float, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("result_map")
        self._aspect = aspect
        self._offsets: tuple[GazeOffset, ...] = ()
        self._points: tuple[CalibratedPoint, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        """A size with the screen's shape."""
        return QSize(560, round(560 / self._aspect))

    def show_state(self, state: CalibrationState) -> None:
        """Draw this state's results."""
        self._offsets = state.offsets
        self._points = () if state.offsets else state.points
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the map."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = self._area()
        painter.setPen(QPen(QColor(COLOURS["line"]), 1))
        painter.setBrush(QColor(COLOURS["ground"]))
        painter.drawRoundedRect(area, 6, 6)
        for point in self._points:
            self._draw_calibrated(painter, area, point)
        for offset in self._offsets:
            self._draw_offset(painter, area, offset)
        painter.end()

    def _area(self) -> QRectF:
        width = min(float(self.width()), self.height() * self._aspect) - 2
        height = width / self._aspect
        return QRectF(1, (self.height() - height) / 2, width, height)

    def _draw_calibrated(
        self, painter: QPainter, area: QRectF, calibrated: CalibratedPoint
    ) -> None:
        place = _place(area, calibrated.point)
        colour = QColor(COLOURS["amber" if calibrated.is_poor else "accent"])
        painter.setPen(QPen(colour, 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(place, 9, 9)
        _cross(painter, place)

    def _draw_offset(self, painter: QPainter, area: QRectF, offset: GazeOffset) -> None:
        target = _place(area, offset.target)
        painter.setPen(QPen(QColor(COLOURS["muted"]), 1.5))
        _cross(painter, target)
        if offset.gaze is None:
            painter.setPen(QPen(QColor(COLOURS["alarm"]), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(target, 9, 9)
            return
        gaze = _place(area, offset.gaze)
        painter.setPen(QPen(QColor(COLOURS["accent"]), 1.5))
        painter.drawLine(target, gaze)
        painter.setBrush(QColor(COLOURS["accent"]))
        painter.drawEllipse(gaze, GAZE_PX, GAZE_PX)


def _place(area: QRectF, point: TargetPoint) -> QPointF:
    return QPointF(area.x() + point.x_norm * area.width(), area.y() + point.y_norm * area.height())


def _cross(painter: QPainter, place: QPointF) -> None:
    painter.drawLine(place - QPointF(TARGET_PX, 0), place + QPointF(TARGET_PX, 0))
    painter.drawLine(place - QPointF(0, TARGET_PX), place + QPointF(0, TARGET_PX))
