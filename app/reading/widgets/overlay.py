"""The layer over the viewport: dim texts, letters, scale bar; the mouse goes through it.

What has to be written anew is asked of the viewport, which is painted with all that lies over it:
asked of both, Qt would paint the picture twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRect, QRectF, QSizeF, Qt, QTimer
from PySide6.QtGui import QColor, QHideEvent, QImage, QPainter, QPaintEvent, QRegion
from PySide6.QtWidgets import QWidget

from app.reading.overlays import (
    badge_lines,
    edge_letters,
    scale_bar,
    view_lines,
    window_lines,
)
from app.reading.widgets.text_pictures import EDGE_PX, TextPictures, TextStyle
from app.reading.widgets.viewport import ONLY_LEVELS
from app.shared.theme import COLOURS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from app.reading.overlays import EdgeLetters
    from app.reading.viewport_controller import ViewportController
    from app.reading.viewport_state import ViewportState
    from gazecore.dicom import XrayImage
    from gazecore.messages import ViewportChanged

MARGIN_PX = 14.0
LINE_PX = 18.0
FONT_PX = 13
LETTER_FONT_PX = 17
LETTER_ROOM_PX = LINE_PX * 1.5
TICK_PX = 5.0
NARROW_PX = 600
MOST_TEXTS = 64
"""Texts kept laid out; a viewport has about eight, of which one changes with the window."""
NOTICE_MS = 4000
"""A notice goes by itself after so long, or with the next change."""
WINDOW_CORNER_PX = (480, 90)
"""What a change of the window alone writes anew, at the bottom left."""

_Align = Qt.AlignmentFlag


class _Text(NamedTuple):
    """Lines at an edge or a corner; `lift_px` downwards from there."""

    lines: tuple[str, ...]
    across: Qt.AlignmentFlag
    upright: Qt.AlignmentFlag
    lift_px: float = 0.0
    font_px: int = FONT_PX
    colour: str = "text"


class _Line(NamedTuple):
    """A line with the part of the widget it takes, and the physical pixel it is drawn at."""

    reach: QRect
    at_px: QPoint
    picture: QImage


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
        self._pictures = TextPictures(self.font())
        self._room: tuple[float, ...] = ()
        self._lines: dict[_Text, tuple[_Line, ...]] = {}
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
        state, image = self._controller.state, self._controller.image
        if state is None or image is None:
            return
        exposed, ratio = event.region(), self.devicePixelRatioF()
        painter = QPainter(self)
        if "scale" in self._layers:
            self._draw_scale(painter, exposed, scale_bar(image, state).length_px / ratio)
        room = (self.width(), self.height(), ratio)
        if self._pictures.use_font(self.font()) or room != self._room:
            self._room = room
            self._lines.clear()
        painter.scale(1.0 / ratio, 1.0 / ratio)
        for text in self._texts(image, state):
            for line in self._laid_out(text, ratio):
                if exposed.intersects(line.reach):
                    painter.drawImage(line.at_px, line.picture)
        painter.end()

    def _texts(self, image: XrayImage, state: ViewportState) -> Iterator[_Text]:
        """All that the protocol lets it write."""
        if "corners" in self._layers:
            yield _Text(view_lines(image), _Align.AlignLeft, _Align.AlignTop)
            yield _Text(window_lines(image, state), _Align.AlignLeft, _Align.AlignBottom)
        if "badges" in self._layers:
            # in a narrow viewport below the letter at its upper edge
            below_px = LETTER_ROOM_PX if self.width() < NARROW_PX else 0.0
            lines = badge_lines(image, state)
            yield _Text(lines, _Align.AlignRight, _Align.AlignTop, below_px, colour="amber")
        if self._notice:
            yield _Text((self._notice,), _Align.AlignHCenter, _Align.AlignBottom, colour="amber")
        if "scale" in self._layers:
            label = scale_bar(image, state).label
            yield _Text((label,), _Align.AlignRight, _Align.AlignBottom)
        if "orientation" in self._layers:
            yield from _letters(edge_letters(image, state))

    def _draw_scale(self, painter: QPainter, exposed: QRegion, length: float) -> None:
        right, bottom = self.width() - MARGIN_PX, self.height() - MARGIN_PX - LINE_PX - TICK_PX
        reach = QRectF(right - length, bottom - TICK_PX, length, TICK_PX + 1.5)
        if not exposed.intersects(reach.adjusted(-1, -1, 1, 1).toAlignedRect()):
            return
        parts = [QRectF(right - length, bottom, length, 1.5)]
        parts += [QRectF(x, bottom - TICK_PX, 1.5, TICK_PX) for x in (right - length, right - 1.5)]
        for part in parts:
            painter.fillRect(part.adjusted(-1, -1, 1, 1), QColor(COLOURS["room"]))
        for part in parts:
            painter.fillRect(part, QColor(COLOURS["text"]))

    def _laid_out(self, text: _Text, ratio: float) -> tuple[_Line, ...]:
        """Lines where they belong, on whole physical pixels."""
        found = self._lines.get(text)
        if found is None:
            if len(self._lines) >= MOST_TEXTS:
                self._lines.clear()
            found = self._lines[text] = tuple(self._lay_out(text, ratio))
        return found

    def _lay_out(self, text: _Text, ratio: float) -> Iterator[_Line]:
        style = TextStyle(text.font_px, text.colour, ratio)
        pictures = [self._pictures.of(line, style) for line in text.lines if line]
        height = sum(picture.line_px for picture in pictures)
        top = _placed(text.upright, self.height(), height) + text.lift_px
        for picture in pictures:
            left = _placed(text.across, self.width(), picture.advance_px)
            at = QPoint(round((left - EDGE_PX) * ratio), round((top - EDGE_PX) * ratio))
            reach = QRectF(QPointF(at) / ratio, QSizeF(picture.image.size()) / ratio)
            yield _Line(reach.toAlignedRect(), at, picture.image)
            top += picture.line_px

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


def _letters(letters: EdgeLetters) -> Iterator[_Text]:
    middle, size = _Align.AlignVCenter, LETTER_FONT_PX
    yield _Text((letters.left,), _Align.AlignLeft, middle, font_px=size)
    yield _Text((letters.right,), _Align.AlignRight, middle, font_px=size)
    centre, lifted = _Align.AlignHCenter, -LETTER_ROOM_PX
    yield _Text((letters.top,), centre, _Align.AlignTop, font_px=size)
    yield _Text((letters.bottom,), centre, _Align.AlignBottom, lifted, font_px=size)


def _placed(align: Qt.AlignmentFlag, room_px: float, length_px: float) -> float:
    """Where something of a length begins, at the margin or in the middle."""
    if align in (_Align.AlignLeft, _Align.AlignTop):
        return MARGIN_PX
    if align in (_Align.AlignRight, _Align.AlignBottom):
        return room_px - MARGIN_PX - length_px
    return (room_px - length_px) / 2
