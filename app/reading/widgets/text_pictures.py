"""Texts over the image as small pictures: a line that was written before is only copied.

At every step of the window the image is painted under texts of which most have not changed; to
lay them out and to draw them with their rim again would take longer than the image itself.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from math import ceil

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter

from app.shared.theme import COLOURS

MOST_PICTURES = 64
"""A viewport shows about a dozen lines; the rest are numbers of the window just gone by."""
RIM_PX = 1.0
PLATES = {"amber": 0.75}
"""How dark the ground is that colours have which no rim makes legible over a bright image."""
EDGE_PX = 2.0
"""Room around a line, for the rim and for letters that lean out."""


@dataclass(frozen=True, slots=True)
class TextStyle:
    """How a line is written: height of its font, its colour in the theme, physical px per px."""

    font_px: int
    colour: str
    ratio: float


@dataclass(frozen=True, slots=True, eq=False)
class TextPicture:
    """A line as it lies over an image, `EDGE_PX` around it clear.

    Attributes
    ----------
    image : QImage
        In physical pixels.
    advance_px, line_px : float
        Width of the line and distance to the next one, in logical pixels.
    """

    image: QImage
    advance_px: float
    line_px: float


class TextPictures:
    """Draws lines of text, and keeps the pictures of those last asked for."""

    def __init__(self, font: QFont) -> None:
        self._font = font
        self._sizes: dict[int, tuple[QFont, QFontMetricsF]] = {}
        self._kept: OrderedDict[tuple[str, TextStyle], TextPicture] = OrderedDict()

    def use_font(self, font: QFont) -> bool:
        """Write in this font, whatever its size; whether it is another one than before."""
        if font == self._font:
            return False
        self._font = QFont(font)
        self._sizes.clear()
        self._kept.clear()
        return True

    def of(self, line: str, style: TextStyle) -> TextPicture:
        """The picture of a line."""
        picture = self._kept.get((line, style))
        if picture is None:
            picture = self._kept[line, style] = self._drawn(line, style)
            if len(self._kept) > MOST_PICTURES:
                self._kept.popitem(last=False)
        else:
            self._kept.move_to_end((line, style))
        return picture

    def _drawn(self, line: str, style: TextStyle) -> TextPicture:
        font, metrics = self._sized(style.font_px)
        advance = metrics.horizontalAdvance(line)
        width, height = (
            ceil((length + 2 * EDGE_PX) * style.ratio) for length in (advance, metrics.height())
        )
        image = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(Qt.GlobalColor.transparent)
        image.setDevicePixelRatio(style.ratio)
        painter = QPainter(image)
        if plate := PLATES.get(style.colour):
            ground = QColor(COLOURS["room"])
            ground.setAlphaF(plate)
            painter.fillRect(image.rect(), ground)
        painter.setFont(font)
        base = QPointF(EDGE_PX, EDGE_PX + metrics.ascent())
        painter.setPen(QColor(COLOURS["room"]))
        for right in (RIM_PX, -RIM_PX):
            for down in (RIM_PX, -RIM_PX):
                painter.drawText(base + QPointF(right, down), line)
        painter.setPen(QColor(COLOURS[style.colour]))
        painter.drawText(base, line)
        painter.end()
        image.setDevicePixelRatio(1.0)
        return TextPicture(image, advance, float(ceil(metrics.lineSpacing())))

    def _sized(self, font_px: int) -> tuple[QFont, QFontMetricsF]:
        if font_px not in self._sizes:
            font = QFont(self._font)
            font.setPixelSize(font_px)
            self._sizes[font_px] = font, QFontMetricsF(font)
        return self._sizes[font_px]
