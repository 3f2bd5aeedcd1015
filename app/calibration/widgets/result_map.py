"""A small picture of the screen: targets by number, what became of each, where gaze lay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.calibration.viewmodel import CalibrationState
from app.shared.theme import COLOURS

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent, QPaintEvent

    from app.calibration.points import TargetPoint
    from app.calibration.viewmodel import GazeOffset

TARGET_PX = 5.0
GAZE_PX = 4.0
RING_PX = 9.0
REACH_PX = 22.0
WIDTH_PX = 500


class ResultMap(QWidget):
    """Draws the state's targets: crosses, circles where marked, and a line to where gaze lay.

    Signals
    -------
    point_clicked : int
        The calibration point nearest to a click.
    """

    point_clicked = Signal(int)

    def __init__(self, aspect: float, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("result_map")
        self._aspect = aspect
        self._state = CalibrationState()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        """A size with the screen's shape."""
        return QSize(WIDTH_PX, round(WIDTH_PX / self._aspect))

    def show_state(self, state: CalibrationState) -> None:
        """Draw this state's results."""
        self._state = state
        can_mark = state.can_redo
        self.setCursor(
            Qt.CursorShape.PointingHandCursor if can_mark else Qt.CursorShape.ArrowCursor
        )
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Tell which point was meant."""
        area = self._area()
        far = [
            (event.position() - _place(area, p.point)).manhattanLength() for p in self._state.points
        ]
        if self._state.can_redo and far and min(far) <= REACH_PX:
            self.point_clicked.emit(far.index(min(far)))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the map."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = self._area()
        painter.setPen(QPen(QColor(COLOURS["line"]), 1))
        painter.setBrush(QColor(COLOURS["ground"]))
        painter.drawRoundedRect(area, 6, 6)
        if self._state.offsets:
            for offset in self._state.offsets:
                self._draw_offset(painter, area, offset)
        else:
            for index in range(len(self._state.points)):
                self._draw_calibrated(painter, area, index)
        painter.end()

    def _area(self) -> QRectF:
        width = min(float(self.width()), self.height() * self._aspect) - 2
        height = width / self._aspect
        return QRectF(1, (self.height() - height) / 2, width, height)

    def _draw_calibrated(self, painter: QPainter, area: QRectF, index: int) -> None:
        state, place = self._state, _place(area, self._state.points[index].point)
        is_marked = index in state.marked
        colour = QColor(COLOURS["amber" if is_marked else "accent"])
        painter.setPen(QPen(colour, 2.5 if is_marked else 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(place, RING_PX, RING_PX)
        _cross(painter, place)
        if state.can_redo and index == state.current:
            painter.setPen(QPen(QColor(COLOURS["strong"]), 1, Qt.PenStyle.DotLine))
            painter.drawEllipse(place, RING_PX + 6, RING_PX + 6)
        painter.setPen(QColor(COLOURS["muted"]))
        painter.drawText(place + QPointF(RING_PX + 5, -RING_PX + 2), str(index + 1))

    def _draw_offset(self, painter: QPainter, area: QRectF, offset: GazeOffset) -> None:
        target = _place(area, offset.target)
        painter.setPen(QPen(QColor(COLOURS["muted"]), 1.5))
        _cross(painter, target)
        if offset.gaze is None:
            painter.setPen(QPen(QColor(COLOURS["alarm"]), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(target, RING_PX, RING_PX)
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
