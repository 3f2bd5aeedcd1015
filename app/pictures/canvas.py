"""What pictures are drawn on: images in memory, fonts, texts, PNG files."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QImageWriter, QPainter, QPen

from app.shared.theme import COLOURS, FONT_FAMILIES
from gazecore.analysis.derivatives import put_in_place
from gazecore.errors import UnwritablePathError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SHEET_PX = (1920, 1080)
_ALIGN = {"left": Qt.AlignmentFlag.AlignLeft, "right": Qt.AlignmentFlag.AlignRight}


@contextmanager
def painting(width_px: int, height_px: int) -> Iterator[tuple[QImage, QPainter]]:
    """A dark picture and what draws on it."""
    image = QImage(width_px, height_px, QImage.Format.Format_RGB32)
    image.fill(QColor(COLOURS["ground"]))
    painter = QPainter(image)
    painter.setRenderHints(
        QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
    )
    try:
        yield image, painter
    finally:
        painter.end()


def write_png(image: QImage, path: Path) -> None:
    """Write a picture, whole or not at all."""
    with put_in_place(path) as partial:
        writer = QImageWriter(str(partial), QByteArray(b"png"))
        if not writer.write(image):
            raise UnwritablePathError(path, writer.errorString(), "free the place")


def font(size_px: float, *, bold: bool = False) -> QFont:
    """The station's font in a size."""
    made = QFont()
    made.setFamilies(FONT_FAMILIES)
    made.setPixelSize(max(1, round(size_px)))
    made.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    return made


def write(
    painter: QPainter,
    area: QRectF,
    text: str,
    *,
    size_px: float = 15,
    colour: str = "text",
    align: str = "left",
) -> float:
    """Write a wrapped text at the top of an area; how high it came out."""
    painter.setFont(font(size_px, bold=colour == "strong"))
    painter.setPen(QColor(COLOURS[colour]))
    flags = _ALIGN.get(align, Qt.AlignmentFlag.AlignHCenter) | Qt.TextFlag.TextWordWrap
    return painter.drawText(area, int(flags | Qt.AlignmentFlag.AlignTop), text).height()


def badge(painter: QPainter, right: float, top: float, text: str) -> None:
    """A framed word, its upper right corner given: what must not be overlooked."""
    painter.setFont(font(15, bold=True))
    width = painter.fontMetrics().horizontalAdvance(text) + 28
    area = QRectF(right - width, top, width, 32)
    painter.setPen(QPen(QColor(COLOURS["amber"]), 1.5))
    painter.setBrush(QColor(COLOURS["ground"]))
    painter.drawRoundedRect(area, 6, 6)
    painter.drawText(area, int(Qt.AlignmentFlag.AlignCenter), text)


def frame(painter: QPainter, area: QRectF) -> None:
    """A card."""
    painter.setPen(QPen(QColor(COLOURS["line"]), 1))
    painter.setBrush(QColor(COLOURS["surface"]))
    painter.drawRoundedRect(area, 10, 10)
