"""The parts of a session's quality page: validation, drift, losses over time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from app.pictures.canvas import write
from app.pictures.colours import GREEN, ORANGE, SKY, VERMILION, YELLOW
from app.pictures.scales import ticks
from app.shared.theme import COLOURS
from gazecore.geometry import Screen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.pictures.results import LossOverTime, Row
    from gazecore.messages import DriftChecked, ScreenState, TargetError, ValidationDone

EYE_MARKS = {"left": SKY, "right": ORANGE, "both": YELLOW}
CROSS_PX = 7.0


def paint_validation(
    painter: QPainter,
    area: QRectF,
    validation: ValidationDone,
    screen: ScreenState | None,
    limit_deg: float,
) -> None:
    """The screen with its targets, where gaze lay on average, and how far it may lie.

    The circle is the limit; it and the offsets are enlarged alike.
    """
    aspect = screen.width_px / screen.height_px if screen else 16 / 9
    width = min(area.width(), area.height() * aspect)
    field = QRectF(area.left(), area.top(), width, width / aspect)
    painter.setPen(QPen(QColor(COLOURS["line"]), 1))
    painter.setBrush(QColor(COLOURS["room"]))
    painter.drawRect(field)
    enlarged = enlargement(screen, limit_deg)
    reach = limit_deg * _widths_per_deg(screen) * field.width() * enlarged if screen else 0.0
    for target in validation.targets:
        if target.eye == "both":
            _target(painter, _place(field, target.x_norm, target.y_norm), reach, target)
    for target in validation.targets:
        if target.gaze_x_norm is None or target.gaze_y_norm is None:
            continue
        place = _place(field, target.x_norm, target.y_norm)
        gaze = _place(field, target.gaze_x_norm, target.gaze_y_norm)
        gaze = place + (gaze - place) * enlarged
        colour = QColor(EYE_MARKS[target.eye])
        painter.setPen(QPen(colour, 1.5))
        painter.drawLine(place, gaze)
        painter.setBrush(colour)
        _mark(painter, gaze, target.eye)


def enlargement(screen: ScreenState | None, limit_deg: float) -> int:
    """How many times offsets are drawn enlarged, so that the limit is a tenth of the screen."""
    if screen is None:
        return 1
    return max(1, round(0.1 / (limit_deg * _widths_per_deg(screen))))


def paint_eye_legend(painter: QPainter, left: float, top: float) -> None:
    """Which mark is which eye: by shape, not by colour alone."""
    x = left
    for eye, text in (("left", "left eye"), ("right", "right eye"), ("both", "gaze point")):
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(EYE_MARKS[eye]))
        _mark(painter, QPointF(x + 7, top + 10), eye)
        write(painter, QRectF(x + 20, top, 90, 22), text, size_px=13, colour="muted")
        x += 105


def paint_drift(
    painter: QPainter, area: QRectF, checks: Sequence[DriftChecked], limit_deg: float
) -> None:
    """Offsets at drift targets around the place looked at, with the limit as a circle."""
    side = min(area.width(), area.height())
    centre = QPointF(area.left() + side / 2, area.top() + side / 2)
    known = [(c.offset_x_deg, c.offset_y_deg) for c in checks if c.check == "target"]
    offsets = [(x, y) for x, y in known if x is not None and y is not None]
    reach_deg = max([1.25 * limit_deg, *(1.1 * abs(v) for pair in offsets for v in pair)])
    scale = side / 2 / reach_deg
    painter.setBrush(QColor(COLOURS["room"]))
    painter.setPen(QPen(QColor(COLOURS["line"]), 1))
    painter.drawRect(QRectF(area.left(), area.top(), side, side))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(COLOURS["faint"]), 1.2, Qt.PenStyle.DashLine))
    painter.drawEllipse(centre, limit_deg * scale, limit_deg * scale)
    _cross(painter, centre, COLOURS["strong"])
    for number, (x, y) in enumerate(offsets, 1):
        place = centre + QPointF(x * scale, y * scale)
        over = (x * x + y * y) ** 0.5 > limit_deg
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(VERMILION if over else GREEN))
        painter.drawEllipse(place, 5, 5)
        write(painter, QRectF(place.x() + 8, place.y() - 8, 40, 18), str(number), size_px=12)
    unseen = len(known) - len(offsets)
    said = f"{len(known)} checks" + (f", {unseen} without gaze" if unseen else "")
    write(painter, QRectF(area.left(), area.top() + side + 8, side, 22),
          said if known else "no drift check", size_px=13, colour="muted")  # fmt: skip


def paint_losses(
    painter: QPainter, area: QRectF, loss: LossOverTime, readings: Sequence[Row]
) -> None:
    """Shares of samples lost over a session, with the time of each reading behind them."""
    plot = QRectF(area.left() + 52, area.top(), area.width() - 52, area.height() - 30)
    length_s = loss.width_s * len(loss.invalid)
    painter.setPen(Qt.PenStyle.NoPen)
    for row in readings:
        painter.setBrush(QColor(COLOURS["raised"] if row["usable"] else "#33201f"))
        left = _time_x(plot, row["start_s"], loss.from_s, length_s)
        right = _time_x(plot, row["stop_s"], loss.from_s, length_s)
        painter.drawRect(QRectF(left, plot.top(), max(1.0, right - left), plot.height()))
    for share in (0.0, 0.5, 1.0):
        y = plot.bottom() - share * plot.height()
        painter.setPen(QPen(QColor(COLOURS["line"]), 1))
        painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
        write(painter, QRectF(area.left(), y - 9, 44, 20), f"{share:.0%}",
              size_px=12, colour="muted", align="right")  # fmt: skip
    painter.setPen(Qt.PenStyle.NoPen)
    step = plot.width() / max(1, len(loss.invalid))
    for i, (invalid, missing) in enumerate(zip(loss.invalid, loss.missing, strict=True)):
        low = plot.bottom()
        for share, colour in ((invalid, SKY), (missing, VERMILION)):
            height = share * plot.height()
            painter.setBrush(QColor(colour))
            painter.drawRect(QRectF(plot.left() + i * step, low - height, step + 0.4, height))
            low -= height
    for seconds in ticks(0.0, length_s, 8) if length_s > 0 else []:
        x = plot.left() + seconds / length_s * plot.width()
        write(painter, QRectF(x - 40, plot.bottom() + 6, 80, 20), clock(seconds),
              size_px=12, colour="muted", align="centre")  # fmt: skip


def paint_loss_legend(painter: QPainter, left: float, top: float) -> None:
    """Which colour is which loss."""
    x = left
    for colour, text, width in (
        (SKY, "came without valid gaze", 190),
        (VERMILION, "never came", 110),
        (COLOURS["line"], "a case is read", 130),
    ):
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colour))
        painter.drawRect(QRectF(x, top + 4, 14, 12))
        write(painter, QRectF(x + 20, top, width, 22), text, size_px=13, colour="muted")
        x += width


def clock(seconds: float) -> str:
    """Minutes and seconds.

    Examples
    --------
    >>> clock(75.0)
    '1:15'
    """
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


def _target(painter: QPainter, place: QPointF, reach: float, target: TargetError) -> None:
    painter.setPen(QPen(QColor(COLOURS["faint"]), 1.2, Qt.PenStyle.DashLine))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(place, reach, reach)
    _cross(painter, place, COLOURS["strong"])
    if target.gaze_x_norm is None:
        beside = QRectF(place.x() + 10, place.y() + 4, 90, 20)
        write(painter, beside, "no gaze", size_px=13, colour="alarm")


def _widths_per_deg(screen: ScreenState) -> float:
    """Screen widths per degree at its centre."""
    size = (screen.width_px, screen.height_px, screen.width_mm, screen.height_mm)
    return float(Screen(*size, screen.distance_mm).px_per_deg()[0, 0]) / screen.width_px


def _time_x(plot: QRectF, t_s: float, from_s: float, length_s: float) -> float:
    share = (t_s - from_s) / length_s if length_s > 0 else 0.0
    return plot.left() + min(max(share, 0.0), 1.0) * plot.width()


def _place(field: QRectF, x_norm: float, y_norm: float) -> QPointF:
    return QPointF(field.left() + x_norm * field.width(), field.top() + y_norm * field.height())


def _cross(painter: QPainter, place: QPointF, colour: str) -> None:
    painter.setPen(QPen(QColor(colour), 1.5))
    painter.drawLine(place - QPointF(CROSS_PX, 0), place + QPointF(CROSS_PX, 0))
    painter.drawLine(place - QPointF(0, CROSS_PX), place + QPointF(0, CROSS_PX))


def _mark(painter: QPainter, place: QPointF, eye: str) -> None:
    if eye == "both":
        painter.drawEllipse(place, 4, 4)
        return
    tip = -6.0 if eye == "left" else 6.0
    corners = (QPointF(tip, 0), QPointF(-tip / 2, 5), QPointF(-tip / 2, -5))
    painter.drawPolygon([place + corner for corner in corners])
