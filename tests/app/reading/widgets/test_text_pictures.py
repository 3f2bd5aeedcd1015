"""Pictures of lines: as Qt writes them, kept while they are asked for, within bounds."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter

from app.reading.widgets.text_pictures import (
    EDGE_PX,
    MOST_PICTURES,
    TextPicture,
    TextPictures,
    TextStyle,
)
from app.shared.theme import COLOURS

pytestmark = pytest.mark.usefixtures("qapp")

STYLE = TextStyle(13, "text", 1.0)
LINE = "C 2048  W 4096"


def over(picture: TextPicture, ground: str) -> np.ndarray:
    """The pixels of a picture over one colour, (h, w, 4)."""
    image = QImage(picture.image.size(), QImage.Format.Format_RGB32)
    image.fill(QColor(ground))
    painter = QPainter(image)
    painter.drawImage(0, 0, picture.image)
    painter.end()
    return pixels(image)


def pixels(image: QImage) -> np.ndarray:
    return np.array(image.constBits(), dtype=np.uint8).reshape(image.height(), -1, 4)


@pytest.mark.parametrize("ground", ["#000000", "#ffffff", "#808080"])
def test_a_picture_shows_what_qt_writes_with_a_rim(ground: str) -> None:
    font = QFont("Sans Serif")
    picture = TextPictures(font).of(LINE, STYLE)
    font.setPixelSize(STYLE.font_px)
    metrics = QFontMetricsF(font)
    image = QImage(picture.image.size(), QImage.Format.Format_RGB32)
    image.fill(QColor(ground))
    painter = QPainter(image)
    painter.setFont(font)
    base = QPointF(EDGE_PX, EDGE_PX + metrics.ascent())
    for colour, shifts in (("room", ((1, 1), (1, -1), (-1, 1), (-1, -1))), ("text", ((0, 0),))):
        painter.setPen(QColor(COLOURS[colour]))
        for right, down in shifts:
            painter.drawText(base + QPointF(right, down), LINE)
    painter.end()
    assert picture.advance_px == metrics.horizontalAdvance(LINE)
    # over one another in another order: what is half clear is rounded once more
    difference = np.abs(over(picture, ground).astype(int) - pixels(image)).max()
    assert difference <= 6


def test_a_line_is_drawn_once_while_it_is_asked_for() -> None:
    pictures = TextPictures(QFont("Sans Serif"))
    kept, gone = pictures.of("DX AP", STYLE), pictures.of("C 0", STYLE)
    for center in range(2 * MOST_PICTURES):
        number = pictures.of(f"C {center}", STYLE)
        assert pictures.of(f"C {center}", STYLE) is number
        assert pictures.of("DX AP", STYLE) is kept
    assert pictures.of("C 0", STYLE) is not gone


def test_size_colour_ratio_and_font_each_have_a_picture_of_their_own() -> None:
    pictures = TextPictures(QFont("Sans Serif"))
    plain = pictures.of(LINE, STYLE)
    large = pictures.of(LINE, TextStyle(17, "text", 1.0))
    amber = pictures.of(LINE, TextStyle(13, "amber", 1.0))
    double = pictures.of(LINE, TextStyle(13, "text", 2.0))
    assert large.line_px > plain.line_px
    assert not np.array_equal(over(plain, "#000000"), over(amber, "#000000"))
    assert abs(double.image.width() - 2 * plain.image.width()) <= 1
    assert not pictures.use_font(QFont("Sans Serif"))
    bold = QFont("Sans Serif")
    bold.setBold(True)
    assert pictures.use_font(bold)
    assert pictures.of(LINE, STYLE).advance_px > plain.advance_px


def test_amber_stands_on_a_dark_ground_over_a_bright_image() -> None:
    amber = TextPictures(QFont("Sans Serif")).of(LINE, TextStyle(13, "amber", 1.0))
    assert np.median(over(amber, "#ffffff")[..., :3]) < 90
    assert np.median(over(amber, "#000000")[..., :3]) == 0
