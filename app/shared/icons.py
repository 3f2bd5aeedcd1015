"""Icons: line drawings in ``resources/icons``, coloured when they are loaded."""

from __future__ import annotations

from importlib import resources

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from app.shared.theme import COLOURS


def icon(name: str, colour: str = "text", size_px: int = 24) -> QIcon:
    """The icon `name` in a colour of the theme, drawn sharp for pixel ratios 1 to 3.

    Raises
    ------
    FileNotFoundError
        There is no such icon.
    """
    drawing = resources.files("resources").joinpath(f"icons/{name}.svg").read_text("utf-8")
    renderer = QSvgRenderer(
        QByteArray(drawing.replace("currentColor", COLOURS[colour]).encode("utf-8"))
    )
    drawn = QIcon()
    for ratio in (1, 2, 3):
        drawn.addPixmap(_draw(renderer, size_px * ratio))
    return drawn


def _draw(renderer: QSvgRenderer, size_px: int) -> QPixmap:
    pixmap = QPixmap(size_px, size_px)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    renderer.render(painter, QRectF(0, 0, size_px, size_px))
    painter.end()
    return pixmap
