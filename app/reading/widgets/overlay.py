"""The layer over the viewport: dim texts, letters, scale bar; the mouse goes through it.

What has to be written anew is asked of the viewport, which is painted with all that lies over it:
asked of both, Qt would paint the picture twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QFont, QHideEvent, QPainter, QPaintEvent, QRegion
from PySide6.QtWidgets import QWidget

from app.reading.overlays import (
    badge_lines,
    edge_letters,
    scale_bar,
    view_lines,
    window_lines,
)
from app.reading.widgets.viewport import ONLY_LEVELS
from app.shared.theme import COLOURS

if TYPE_CHECKING:
    from collections.abc import Collection

    from app.reading.viewport_controller import ViewportController
    from app.reading.viewport_state import ViewportState
    from gazecore.dicom import XrayImage
    from gazecore.messages import ViewportChanged

MARGIN_PX = 14.0
LINE_PX = 18.0
FONT_PX = 13
LETTER_FONT_PX = 17
TICK_PX = 5.0
NARROW_PX = 600
NOTICE_MS = 4000
"""A notice goes by itself after so long, or with the next change."""
WINDOW_CORNER_PX = (480, 90)
"""What a change of the window alone writes anew, at the bottom left."""

_Align = Qt.AlignmentFlag


class Overlay(QWidget):
    """Writes over the image what the protocol lets it; nothing of gaze, nothing of a patient."""

    def __init__(self, controller: ViewportController, viewport: QWidget) -> None:
        super().__init__(viewport)
        self.setObjectName("viewport_overlay")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self._controller, self._viewport = controller, viewport
        self._layers: frozenset[str] = frozenset()
        self._notice = ""
        self._notice_over = QTimer(self)
        self._notice_over.setSingleShot(True)
        self._notice_over.setInterval(NOTICE_MS)
        self._notice_over.timeout.connect(self._on_notice_over)
        self._exposed = QRegion()
        viewport.installEventFilter(self)
        controller.viewport_changed.connect(self._on_viewport_changed)
        controller.case_cleared.connect(self._on_case_cleared)
        controller.notice_made.connect(self._on_notice_made)

    def show_layers(self, layers: Collection[str]) -> None:
        """Show these of corners, orientation, scale, badges, and nothing else."""
        self._layers = frozenset(layers)
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay as large as the viewport."""
        if event.type() == QEvent.Type.Resize:
            self.setGeometry(self._viewport.rect())
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Write what the present state says, where it has to be written anew."""
        self._exposed = event.region()
        state, image = self._controller.state, self._controller.image
        if state is None or image is None:
            return
        painter = QPainter(self)
        self._use_font(painter, FONT_PX)
        if "corners" in self._layers:
            self._write(painter, view_lines(image), _Align.AlignLeft | _Align.AlignTop)
            self._write(painter, window_lines(image, state), _Align.AlignLeft | _Align.AlignBottom)
        if "badges" in self._layers:
            lines = badge_lines(image, state)
            # in a narrow viewport below the letter at its upper edge
            below_px = LINE_PX * 1.5 if self.width() < NARROW_PX else 0.0
            self._write(painter, lines, _Align.AlignRight | _Align.AlignTop, "amber", below_px)
        if self._notice:
            self._write(painter, (self._notice,), _Align.AlignHCenter | _Align.AlignBottom, "amber")
        if "scale" in self._layers:
            self._draw_scale(painter, image, state)
        if "orientation" in self._layers:
            self._write_letters(painter, image, state)
        painter.end()

    def _draw_scale(self, painter: QPainter, image: XrayImage, state: ViewportState) -> None:
        bar = scale_bar(image, state)
        length = bar.length_px / state.device_pixel_ratio
        right, bottom = self.width() - MARGIN_PX, self.height() - MARGIN_PX - LINE_PX - TICK_PX
        parts = [QRectF(right - length, bottom, length, 1.5)]
        parts += [QRectF(x, bottom - TICK_PX, 1.5, TICK_PX) for x in (right - length, right - 1.5)]
        reach = QRectF(right - length, bottom - TICK_PX, length, TICK_PX + 1.5).adjusted(
            -1, -1, 1, 1
        )
        if self._exposed.intersects(reach.toAlignedRect()):
            for part in parts:
                painter.fillRect(part.adjusted(-1, -1, 1, 1), QColor(COLOURS["room"]))
            for part in parts:
                painter.fillRect(part, QColor(COLOURS["text"]))
        self._write(painter, (bar.label,), _Align.AlignRight | _Align.AlignBottom)

    def _write_letters(self, painter: QPainter, image: XrayImage, state: ViewportState) -> None:
        letters = edge_letters(image, state)
        self._use_font(painter, LETTER_FONT_PX)
        middle = _Align.AlignVCenter
        self._write(painter, (letters.left,), _Align.AlignLeft | middle)
        self._write(painter, (letters.right,), _Align.AlignRight | middle)
        self._write(painter, (letters.top,), _Align.AlignHCenter | _Align.AlignTop)
        lifted = -LINE_PX * 1.5
        self._write(
            painter, (letters.bottom,), _Align.AlignHCenter | _Align.AlignBottom, lift_px=lifted
        )

    def _write(
        self,
        painter: QPainter,
        lines: tuple[str, ...],
        align: Qt.AlignmentFlag,
        colour: str = "text",
        lift_px: float = 0.0,
    ) -> None:
        text = "\n".join(line for line in lines if line)
        if not text:
            return
        margin = MARGIN_PX
        area = QRectF(self.rect()).adjusted(margin, margin, -margin, -margin)
        area.translate(0.0, lift_px)
        # at every step of the window the image is painted under texts that lie elsewhere
        written = painter.boundingRect(area, align, text).adjusted(-1, -1, 1, 1)
        if not self._exposed.intersects(written.toAlignedRect()):
            return
        for shadow in (QPointF(1, 1), QPointF(-1, 1), QPointF(1, -1), QPointF(-1, -1)):
            painter.setPen(QColor(COLOURS["room"]))
            painter.drawText(area.translated(shadow), align, text)
        painter.setPen(QColor(COLOURS[colour]))
        painter.drawText(area, align, text)

    def _use_font(self, painter: QPainter, size_px: int) -> None:
        font = QFont(self.font())
        font.setPixelSize(size_px)
        painter.setFont(font)

    def _on_viewport_changed(self, change: ViewportChanged) -> None:
        if change.cause == "repeat":
            return
        if change.cause in ONLY_LEVELS and not self._notice:
            # a whole update would have the viewport painted where nothing changed
            height = WINDOW_CORNER_PX[1]
            self._viewport.update(0, self.height() - height, WINDOW_CORNER_PX[0], height)
        else:
            self._notice = ""
            self._viewport.update()

    def _on_case_cleared(self) -> None:
        self._notice = ""
        self._viewport.update()

    def hideEvent(self, event: QHideEvent) -> None:
        """Say nothing old when it comes back."""
        super().hideEvent(event)
        self._notice_over.stop()
        self._notice = ""

    def _on_notice_over(self) -> None:
        self._notice = ""
        self._viewport.update()

    def _on_notice_made(self, notice: str) -> None:
        self._notice = notice
        self._notice_over.start()
        self._viewport.update()
