"""The viewport: paints grey levels pixel for pixel and forwards mouse and wheel."""

from __future__ import annotations

from dataclasses import replace
from math import ceil, floor
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRect, Qt, QTimer, Signal
from PySide6.QtGui import (
    QHideEvent,
    QImage,
    QMouseEvent,
    QMoveEvent,
    QPainter,
    QPaintEvent,
    QRegion,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QRubberBand, QSizePolicy, QWidget

from app.reading.window_tools import PLAIN_DRAG, DragManner

if TYPE_CHECKING:
    from app.reading.frame import ScreenFrame
    from app.reading.viewport_controller import ViewportController
    from app.reading.viewport_state import Pair
    from gazecore.messages import ViewportChanged

REST_MS = 120
"""A view that was dragged is drawn smoothly after this time at rest."""

WHEEL_UNITS_PER_NOTCH = 120.0

ONLY_LEVELS = ("window", "invert")
"""Causes that change the grey levels of the image and nothing else."""

REGION_KEYS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


class Viewport(QWidget):
    """Shows what `ViewportController` holds; left drag windows, middle drag pans, wheel zooms.

    Signals
    -------
    worked_in
        The mouse is used here.
    """

    worked_in = Signal()

    def __init__(self, controller: ViewportController, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("viewport")
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(64, 64)
        self._controller = controller
        self._dragged_from: QPointF | None = None
        self._manner, self._coarse, self._fine = PLAIN_DRAG, 4.0, 0.25
        self._region_from: QPointF | None = None
        self._region = QRubberBand(QRubberBand.Shape.Rectangle, self)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(controller.come_to_rest)
        controller.viewport_changed.connect(self._on_viewport_changed)
        controller.case_cleared.connect(self._on_case_cleared)

    def set_drag(self, manner: DragManner, *, coarse: float, fine: float) -> None:
        """Window in this manner; Shift multiplies its speed by `coarse`, Ctrl by `fine`."""
        self._manner, self._coarse, self._fine = manner, coarse, fine

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the frame of the present state and say when it was done."""
        self._follow_screen()
        serial, state = self._controller.serial, self._controller.state
        painter = QPainter(self)
        renderer = self._controller.renderer
        if state is None or renderer is None:
            painter.fillRect(self.rect(), Qt.GlobalColor.black)
        else:
            frame = renderer.render(state, smooth=self._controller.smooth)
            self._draw(painter, event.region(), frame)
            self._draw_overlays(painter, renderer.overlays(state))
        painter.end()
        self._controller.note_painted(serial)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Tell the controller the new place on the screen."""
        super().resizeEvent(event)
        self._follow_screen()

    def moveEvent(self, event: QMoveEvent) -> None:
        """Tell the controller the new place on the screen."""
        super().moveEvent(event)
        self._follow_screen()

    def showEvent(self, event: QShowEvent) -> None:
        """Follow the main window's moves as well."""
        super().showEvent(event)
        self.window().installEventFilter(self)
        self._follow_screen()

    def hideEvent(self, event: QHideEvent) -> None:
        """Rest while hidden."""
        super().hideEvent(event)
        self._rest.stop()
        self._controller.come_to_rest()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the main window when it moves or changes its screen."""
        if event.type() in (QEvent.Type.Move, QEvent.Type.DevicePixelRatioChange):
            self._follow_screen()
        return super().eventFilter(watched, event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a drag; with Ctrl and Shift of a region."""
        self.worked_in.emit()
        self._dragged_from = event.position()
        is_left = event.button() == Qt.MouseButton.LeftButton
        if is_left and event.modifiers() & REGION_KEYS == REGION_KEYS and self._may_window():
            self._region_from = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Window with the left button, pan with the middle one."""
        if self._region_from is not None:
            self._region.setGeometry(_between(self._region_from, event.position()))
            self._region.show()
            return
        if self._dragged_from is None:
            return
        moved = (event.position() - self._dragged_from) * self.devicePixelRatioF()
        self._dragged_from = event.position()
        if event.buttons() & Qt.MouseButton.MiddleButton:
            self._begin_moving()
            self._controller.pan((moved.x(), moved.y()))
        elif event.buttons() & Qt.MouseButton.LeftButton:
            self._controller.drag_window(moved.x(), moved.y(), self._manner_with(event.modifiers()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End a drag; that of a region windows to what it holds."""
        if self._region_from is not None and event.button() == Qt.MouseButton.LeftButton:
            corner, self._region_from = self._region_from, None
            self._region.hide()
            self._controller.window_region(
                self._to_screen_px(corner), self._to_screen_px(event.position())
            )
        if event.buttons() == Qt.MouseButton.NoButton:
            self._dragged_from = None

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom to the cursor."""
        notches = event.angleDelta().y() / WHEEL_UNITS_PER_NOTCH
        if notches:
            self.worked_in.emit()
            self._begin_moving()
            self._controller.zoom(notches, self._to_screen_px(event.position()))
        event.accept()

    def _draw(self, painter: QPainter, exposed: QRegion, frame: ScreenFrame) -> None:
        """Put a frame on the screen, physical pixel for physical pixel, and black around it."""
        ratio = self.devicePixelRatioF()
        height, width = frame.pixels.shape
        left, top = ceil(frame.left_px / ratio), ceil(frame.top_px / ratio)
        right = floor((frame.left_px + width) / ratio)
        bottom = floor((frame.top_px + height) / ratio)
        shown = QRegion(left, top, max(0, right - left), max(0, bottom - top))
        painter.setClipRegion(exposed.subtracted(shown))
        painter.fillRect(exposed.boundingRect(), Qt.GlobalColor.black)
        painter.setClipping(False)
        if not frame.pixels.size:
            return
        image = QImage(
            frame.pixels.data, width, height, frame.pixels.strides[0], QImage.Format.Format_RGB32
        )
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
        painter.scale(1.0 / ratio, 1.0 / ratio)
        painter.drawImage(QPoint(frame.left_px, frame.top_px), image)

    def _draw_overlays(self, painter: QPainter, drawn: ScreenFrame | None) -> None:
        """Lay the overlay planes over the frame, physical pixel for physical pixel."""
        if drawn is None:
            return
        height, width = drawn.pixels.shape
        image = QImage(
            drawn.pixels.data,
            width,
            height,
            drawn.pixels.strides[0],
            QImage.Format.Format_ARGB32_Premultiplied,
        )
        ratio = self.devicePixelRatioF()
        painter.resetTransform()
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
        painter.scale(1.0 / ratio, 1.0 / ratio)
        painter.drawImage(QPoint(drawn.left_px, drawn.top_px), image)

    def _on_viewport_changed(self, change: ViewportChanged) -> None:
        renderer = self._controller.renderer
        if change.cause in ONLY_LEVELS and renderer is not None:
            # what has to be painted anyway, after a move or a resize, Qt paints with it
            self.update(self._in_logical_px(renderer.covered))
        else:
            self.update()

    def _on_case_cleared(self) -> None:
        self._region_from = None
        self._region.hide()
        self._rest.stop()
        self.update()

    def _may_window(self) -> bool:
        return self._controller.state is not None and not self._controller.is_locked("window")

    def _manner_with(self, modifiers: Qt.KeyboardModifier) -> DragManner:
        speed = self._manner.speed
        if modifiers & Qt.KeyboardModifier.ShiftModifier:
            speed *= self._coarse
        if modifiers & Qt.KeyboardModifier.ControlModifier:
            speed *= self._fine
        return replace(self._manner, speed=speed)

    def _begin_moving(self) -> None:
        if self._controller.state is not None:
            self._controller.begin_moving()
            self._rest.start()

    def _in_logical_px(self, covered: tuple[slice, slice]) -> QRect:
        """The smallest rectangle of the widget around some rows and columns of physical pixels."""
        rows, columns = covered
        ratio = self.devicePixelRatioF()
        left, top = floor(columns.start / ratio), floor(rows.start / ratio)
        right, bottom = ceil(columns.stop / ratio), ceil(rows.stop / ratio)
        return QRect(left, top, right - left, bottom - top).adjusted(-1, -1, 1, 1)

    def _follow_screen(self) -> None:
        if not self.isVisible():
            return
        ratio = self.devicePixelRatioF()
        x, y = self._to_screen_px(QPointF(0.0, 0.0))
        self._controller.place((x, y, self.width() * ratio, self.height() * ratio), ratio)

    def _to_screen_px(self, point: QPointF) -> Pair:
        # The QPoint overload of mapToGlobal rounds; only the window's corner is whole here.
        corner = QPointF(self.mapTo(self.window(), QPoint(0, 0))) + point
        on_desktop = corner + QPointF(self.window().geometry().topLeft())
        on_screen = on_desktop - QPointF(self.screen().geometry().topLeft())
        ratio = self.devicePixelRatioF()
        return on_screen.x() * ratio, on_screen.y() * ratio


def _between(corner: QPointF, other: QPointF) -> QRect:
    return QRect(corner.toPoint(), other.toPoint()).normalized()
