"""A scanpath over an image: numbered fixations, radius by duration, lines for saccades.

Every mark is light inside a dark casing, so that it stands out on black and on white.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from app.pictures.canvas import font, write
from app.pictures.colours import SKY, YELLOW

if TYPE_CHECKING:
    import numpy.typing as npt

    Array = npt.NDArray[np.float64]

CASING = QColor(0, 0, 0, 210)
LEGEND_S = (0.2, 0.5, 1.0)
"""Durations whose circles the legend shows."""


@dataclass(frozen=True, slots=True, eq=False)
class Scanpath:
    """Where a reader fixated, in time order.

    Attributes
    ----------
    xy_image_px : (n, 2)
        May lie off the image.
    durations_s : (n,)
    numbers : (n,) int
        From 1; pieces of one fixation under several views have one number.
    width_px, height_px : int
        Of the image.
    left_out : int
        Pieces that have no place on this image: seen elsewhere, or lost.
    """

    xy_image_px: Array
    durations_s: Array
    numbers: npt.NDArray[np.int64]
    width_px: int
    height_px: int
    left_out: int = 0

    @classmethod
    def of_reading(cls, fixations: pl.DataFrame, width_px: int, height_px: int) -> Scanpath:
        """From a reading's rows of ``fixations/<session_id>.parquet``."""
        ordered = fixations.sort("onset_s")
        placed = ordered.filter(
            pl.col("x_image_px").is_finite()
            & pl.col("y_image_px").is_finite()
            & pl.col("in_viewport")
        )
        return cls(
            placed.select("x_image_px", "y_image_px").to_numpy().astype(np.float64),
            placed["duration_s"].to_numpy().astype(np.float64),
            placed["fixation"].rank("dense").cast(pl.Int64).to_numpy(),
            width_px,
            height_px,
            ordered.height - placed.height,
        )

    @property
    def count(self) -> int:
        """Fixations that are drawn."""
        return len(np.unique(self.numbers))


def paint_scanpath(painter: QPainter, scanpath: Scanpath, area: QRectF) -> None:
    """Draw a scanpath over the image that fills an area; nothing leaves it."""
    painter.save()
    painter.setClipRect(area)
    scale = np.array([area.width() / scanpath.width_px, area.height() / scanpath.height_px])
    at = [
        QPointF(area.left() + x, area.top() + y) for x, y in (scanpath.xy_image_px * scale).tolist()
    ]
    unit = unit_px(area)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, width in ((CASING, 0.42 * unit), (QColor(SKY), 0.2 * unit)):
        painter.setPen(_pen(colour, width))
        painter.drawPolyline(QPolygonF(at))
    radii = [radius_px(duration, unit) for duration in scanpath.durations_s.tolist()]
    for place, radius in zip(at, radii, strict=True):
        _ring(painter, place, radius, unit)
    last = ""
    for place, number in zip(at, scanpath.numbers.tolist(), strict=True):
        if str(number) != last:
            _number(painter, place, str(number), unit)
        last = str(number)
    painter.restore()


def paint_duration_legend(
    painter: QPainter, left: float, top: float, unit: float, *, stacked: bool = False
) -> None:
    """Circles of known durations in a row, or one under another."""
    most = radius_px(LEGEND_S[-1], unit)
    x, y = left, top + most
    for duration_s in LEGEND_S:
        radius = radius_px(duration_s, unit)
        place = QPointF(x + (most if stacked else radius), y + (radius - most if stacked else 0))
        _ring(painter, place, radius, unit)
        beside = QRectF(place.x() + (most if stacked else radius) + 8, place.y() - 10, 60, 24)
        write(painter, beside, f"{duration_s:g} s", colour="muted")
        x, y = (x, y + 2 * radius + 10) if stacked else (beside.right(), y)


def unit_px(area: QRectF) -> float:
    """A hundredth of a picture's longer side: what marks are measured in."""
    return max(area.width(), area.height()) / 100


def radius_px(duration_s: float, unit: float) -> float:
    """The area of a circle grows with its duration."""
    return unit * 3.0 * float(np.sqrt(max(duration_s, 0.0)))


def _ring(painter: QPainter, place: QPointF, radius: float, unit: float) -> None:
    fill = QColor(SKY)
    fill.setAlpha(46)
    painter.setBrush(fill)
    painter.setPen(_pen(CASING, 0.42 * unit))
    painter.drawEllipse(place, radius, radius)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(_pen(QColor(SKY), 0.2 * unit))
    painter.drawEllipse(place, radius, radius)


def _number(painter: QPainter, place: QPointF, text: str, unit: float) -> None:
    face = font(max(9.0, 1.35 * unit), bold=True)
    painter.setFont(face)
    metrics = painter.fontMetrics()
    path = QPainterPath()
    left = place.x() - metrics.horizontalAdvance(text) / 2
    path.addText(QPointF(left, place.y() + metrics.capHeight() / 2), face, text)
    painter.strokePath(path, _pen(CASING, 0.4 * unit))
    painter.fillPath(path, QColor(YELLOW))


def _pen(colour: QColor, width: float) -> QPen:
    return QPen(
        colour,
        max(1.0, width),
        Qt.PenStyle.SolidLine,
        Qt.PenCapStyle.RoundCap,
        Qt.PenJoinStyle.RoundJoin,
    )
