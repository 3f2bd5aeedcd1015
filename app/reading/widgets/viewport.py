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
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.reading.widgets.region_band import RegionBand
from app.reading.window_tools import PLAIN_DRAG, DragManner
from gazecore.study.gestures import Gestures, bound_gestures, gesture_name

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

_MODIFIERS = {
    "Ctrl": Qt.KeyboardModifier.ControlModifier,
    "Shift": Qt.KeyboardModifier.ShiftModifier,
    "Alt": Qt.KeyboardModifier.AltModifier,
}
_BUTTONS = {
    Qt.MouseButton.LeftButton: "Left",
    Qt.MouseButton.MiddleButton: "Middle",
    Qt.MouseButton.RightButton: "Right",
}


class Viewport(QWidget):
    """Shows what `ViewportController` holds, and does what the table of gestures says.

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
        self._gestures = bound_gestures(Gestures())
        self._gesture, self._gesture_keys = "", frozenset[str]()
        self._dragged_from: QPointF | None = None
        self._manner, self._coarse, self._fine = PLAIN_DRAG, 4.0, 0.25
        self._region_from: QPointF | None = None
        self._turned_notches = 0.0
        self._region = RegionBand(self)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(controller.come_to_rest)
        controller.viewport_changed.connect(self._on_viewport_changed)
        controller.case_cleared.connect(self._on_case_cleared)

    def set_drag(self, manner: DragManner, *, coarse: float, fine: float) -> None:
        """Window in this manner; Shift multiplies its speed by `coarse`, Ctrl by `fine`."""
        self._manner, self._coarse, self._fine = manner, coarse, fine

    def set_gestures(self, gestures: dict[str, str]) -> None:
        """Do this with each button or wheel and the keys held with it."""
        self._gestures = gestures

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
        """Begin the gesture of the button and the keys held."""
        self.worked_in.emit()
        self._end_drag()
        button = _BUTTONS.get(event.button())
        if button is None or self._controller.state is None:
            return
        self._gesture, self._gesture_keys = self._gesture_of(button, event.modifiers())
        self._dragged_from = event.position()
        if self._gesture == "region_drag":
            self._region_from = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with the gesture that was begun."""
        if self._region_from is not None:
            self._region.show_box(_between(self._region_from, event.position()))
        elif self._dragged_from is not None:
            moved = (event.position() - self._dragged_from) * self.devicePixelRatioF()
            self._dragged_from = event.position()
            if self._gesture == "pan_drag":
                self._begin_moving()
                self._controller.pan((moved.x(), moved.y()))
            elif self._gesture == "window_drag":
                manner = self._manner_with(event.modifiers())
                self._controller.drag_window(moved.x(), moved.y(), manner)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the gesture; that of a region windows to what it holds."""
        corner = self._region_from
        self._end_drag()
        if corner is not None:
            self._controller.window_region(
                self._to_screen_px(corner), self._to_screen_px(event.position())
            )

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom to the cursor, or step through the frames of an image that has several."""
        turned = event.angleDelta()
        notches = (turned.y() or turned.x()) / WHEEL_UNITS_PER_NOTCH  # Alt makes it horizontal
        gesture = self._gesture_of("Wheel", event.modifiers())[0]
        if gesture == "frame_wheel":
            self.worked_in.emit()
            self._turned_notches += notches
            steps = int(self._turned_notches)
            self._turned_notches -= steps
            self._controller.step_frame(-steps)
        elif notches and gesture == "zoom_wheel":
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
        self._end_drag()
        self._rest.stop()
        self.update()

    def _gesture_of(self, what: str, modifiers: Qt.KeyboardModifier) -> tuple[str, frozenset[str]]:
        """The gesture of a button or wheel, and the keys that are part of it.

        With keys that no gesture has it is the one of the button alone, a drag coarse or fine;
        one that is locked stays in its place, so that nothing else happens instead.
        """
        held = frozenset(name for name, flag in _MODIFIERS.items() if modifiers & flag)
        named = self._gestures.get(gesture_name(held, what))
        name, keys = (named, held) if named else (self._gestures.get(what, ""), frozenset())
        return ("", keys) if self._controller.is_locked(name) else (name, keys)

    def _manner_with(self, modifiers: Qt.KeyboardModifier) -> DragManner:
        speed = self._manner.speed
        for name, factor in (("Shift", self._coarse), ("Ctrl", self._fine)):
            if modifiers & _MODIFIERS[name] and name not in self._gesture_keys:
                speed *= factor
        return replace(self._manner, speed=speed)

    def _end_drag(self) -> None:
        self._gesture = ""
        self._dragged_from = self._region_from = None
        self._region.hide()

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
        # Qt paints whole physical pixels of the window, of both edges those rounded, halves up
        corner = QPointF(self.mapTo(self.window(), QPoint(0, 0))) * ratio
        other = QPointF(self.mapTo(self.window(), self.rect().bottomRight() + QPoint(1, 1))) * ratio
        left, top, right, bottom = (
            floor(edge + 0.5) for edge in (corner.x(), corner.y(), other.x(), other.y())
        )
        x, y = x + left - corner.x(), y + top - corner.y()
        self._controller.place((x, y, float(right - left), float(bottom - top)), ratio)

    def _to_screen_px(self, point: QPointF) -> Pair:
        # The QPoint overload of mapToGlobal rounds; only the window's corner is whole here.
        corner = QPointF(self.mapTo(self.window(), QPoint(0, 0))) + point
        on_desktop = corner + QPointF(self.window().geometry().topLeft())
        on_screen = on_desktop - QPointF(self.screen().geometry().topLeft())
        ratio = self.devicePixelRatioF()
        return on_screen.x() * ratio, on_screen.y() * ratio


def _between(corner: QPointF, other: QPointF) -> QRect:
    return QRect(corner.toPoint(), other.toPoint()).normalized()
