"""An attention map over an image, and the scale of its colours.

Colours stand for how dense attention is beside attention spread evenly over the image: at 1 a
place was looked at as much as the average place, at 20 twenty times as much.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QLinearGradient, QPainter, QPen

from app.pictures.canvas import write
from app.pictures.colours import attention_colours, attention_pixels
from app.pictures.scales import ticks
from app.shared.theme import COLOURS

if TYPE_CHECKING:
    import numpy.typing as npt

UNIT = "times the density of evenly spread attention"
OPACITY = 0.75


def attention_layer(attention: npt.NDArray[np.float32], opacity: float = OPACITY) -> QImage:
    """A map as a layer to be laid over its image, of the map's own size."""
    pixels = attention_pixels(attention, opacity)
    height, width = pixels.shape
    kind = QImage.Format.Format_ARGB32_Premultiplied
    return QImage(pixels.data, width, height, 4 * width, kind).copy()


def peak_density(attention: npt.NDArray[np.float32]) -> float:
    """The peak of a map in `UNIT`; 0 for an empty one."""
    total = float(attention.sum(dtype=np.float64))
    return float(attention.max()) * attention.size / total if total > 0 else 0.0


def paint_colour_scale(painter: QPainter, area: QRectF, peak: float, opacity: float) -> None:
    """The colours from 0 at the bottom of an area to the peak at its top, with figures.

    As they look over black at this opacity.
    """
    bar = QRectF(area.left(), area.top(), 26, area.height())
    gradient = QLinearGradient(bar.bottomLeft(), bar.topLeft())
    for level in range(0, 256, 5):
        share = np.sqrt(level / 255) * opacity
        red, green, blue = (int(v) for v in (attention_colours()[level] * share).round())
        gradient.setColorAt(level / 255, QColor(red, green, blue))
    painter.setPen(QPen(QColor(COLOURS["faint"]), 1))
    painter.setBrush(gradient)
    painter.drawRect(bar)
    for value in ticks(0.0, peak) if peak > 0 else [0.0]:
        y = bar.bottom() - (value / peak * bar.height() if peak > 0 else 0)
        painter.setPen(QPen(QColor(COLOURS["muted"]), 1))
        painter.drawLine(bar.topRight().toPoint().x(), round(y), round(bar.right()) + 6, round(y))
        write(painter, QRectF(bar.right() + 12, y - 10, 80, 22), f"{value:g}")
