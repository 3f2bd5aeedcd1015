"""The dark screen with one target: a ring that shrinks onto a dot, so that gaze lands and stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEasingCurve, QPointF, Qt, QVariantAnimation
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QWidget

from app.calibration.contrast import target_greys
from app.calibration.plan import DEFAULT_LEVEL

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from app.calibration.points import TargetPoint

LARGE_PX = 26.0
SMALL_PX = 7.0
DOT_PX = 2.5
SHRINK_MS = 700


class TargetScreen(QWidget):
    """Shows at most one target, at its place on the tracked screen, whatever the window's own.

    Parameters
    ----------
    level : float
        Grey of the background, 0..255: as bright as the cases, or pupils and gaze shift.
    """

    def __init__(self, level: float = DEFAULT_LEVEL, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("target_screen")
        self.setCursor(Qt.CursorShape.BlankCursor)
        greys = target_greys(level)
        self.background = QColor(*[greys.background] * 3)
        self.ring = QColor(*[greys.ring] * 3)
        self._target: TargetPoint | None = None
        self._radius_px = LARGE_PX
        self._shrinking = QVariantAnimation(self)
        self._shrinking.setStartValue(LARGE_PX)
        self._shrinking.setEndValue(SMALL_PX)
        self._shrinking.setDuration(SHRINK_MS)
        self._shrinking.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._shrinking.valueChanged.connect(self._on_radius)

    def show_target(self, target: TargetPoint | None) -> None:
        """Show a target, or none."""
        if target == self._target:
            return
        self._target = target
        self._shrinking.stop()
        if target is not None:
            self._shrinking.start()
        self.update()

    def centre_px(self) -> QPointF | None:
        """Where the target's centre lies in this widget, None without a target."""
        if self._target is None:
            return None
        screen = self.screen().geometry()
        return self.mapFromGlobal(
            QPointF(
                screen.x() + self._target.x_norm * screen.width(),
                screen.y() + self._target.y_norm * screen.height(),
            )
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw background and target."""
        del event
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.background)
        centre = self.centre_px()
        if centre is not None:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.ring)
            painter.drawEllipse(centre, self._radius_px, self._radius_px)
            painter.setBrush(self.background)
            painter.drawEllipse(centre, DOT_PX, DOT_PX)
        painter.end()

    def _on_radius(self, radius_px: float) -> None:
        self._radius_px = radius_px
        self.update()
