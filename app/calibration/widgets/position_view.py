"""Where the reader's eyes are in the tracker's box, and one calm line of advice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.shared.blocks import label
from app.shared.theme import COLOURS

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from app.calibration.eyes import EyesSeen
    from app.calibration.position import EyePlace, HeadPosition

BOX = QSize(220, 124)
EYE_PX = 9.0
GOOD = "You sit well: stay like this"


class HeadBox(QWidget):
    """The box from in front: two dots, larger when near; the middle is where they should be."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("head_box")
        self.setFixedSize(BOX)
        self._position: HeadPosition | None = None

    def show_position(self, position: HeadPosition) -> None:
        """Draw the eyes there."""
        self._position = position
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw box, middle and eyes."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.setPen(QPen(QColor(COLOURS["line"]), 1))
        painter.setBrush(QColor(COLOURS["ground"]))
        painter.drawRoundedRect(area, 10, 10)
        middle = QRectF(0, 0, area.width() * 0.5, area.height() * 0.5)
        middle.moveCenter(area.center())
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(COLOURS["line"]), 1, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(middle, 8, 8)
        position = self._position
        if position is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(COLOURS["amber" if position.advice else "accent"]))
            for eye in (position.left, position.right):
                if eye is not None:
                    radius_px = EYE_PX * min(1.6, max(0.5, 1.5 - eye.z))
                    painter.drawEllipse(_in(area, eye), radius_px, radius_px)
        painter.end()


class PositionView(QWidget):
    """The box with the advice and which eyes are seen; without any place told, the line alone."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("position_view")
        self._box = HeadBox()
        self._advice = label("", "heading", "position_advice")
        self._eyes = label("", "", "calibration_eyes")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(22)
        row.addWidget(self._box)
        lines = QVBoxLayout()
        lines.setSpacing(8)
        lines.addStretch(1)
        lines.addWidget(self._advice)
        lines.addWidget(self._eyes)
        lines.addStretch(1)
        row.addLayout(lines, 1)

    def show_position(self, position: HeadPosition) -> None:
        """Show where the eyes are."""
        self._box.show_position(position)
        self._box.setVisible(position.is_known)
        self._advice.setVisible(position.is_known)
        self._advice.setText(position.advice or GOOD)
        colour = COLOURS["amber" if position.advice else "strong"]
        self._advice.setStyleSheet(f"color: {colour}")

    def show_eyes(self, eyes: EyesSeen) -> None:
        """Show which eyes are seen."""
        self._eyes.setText(eyes.text())
        self._eyes.setStyleSheet(f"color: {COLOURS['accent' if eyes.is_well else 'amber']}")


def _in(area: QRectF, eye: EyePlace) -> QPointF:
    x, y = (min(1.0, max(0.0, v)) for v in (eye.x, eye.y))
    inside = area.adjusted(12, 12, -12, -12)
    return QPointF(inside.x() + x * inside.width(), inside.y() + y * inside.height())
