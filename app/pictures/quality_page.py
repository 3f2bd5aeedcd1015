"""The quality of a session on one page: figures by eye, validation, drift, losses, each case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from app.pictures.canvas import SHEET_PX, badge, font, frame, write
from app.pictures.figures import degrees, hertz, percent, seconds, square_degrees
from app.pictures.quality_parts import (
    clock,
    enlargement,
    paint_drift,
    paint_eye_legend,
    paint_loss_legend,
    paint_losses,
    paint_validation,
)
from app.shared.theme import COLOURS

if TYPE_CHECKING:
    from app.pictures.results import Row, SessionQuality
    from gazecore.study.protocol import Calibration

WIDTH_PX, HEIGHT_PX = SHEET_PX
ROW_PX = 27
MAX_ROWS = 12
_BY_EYE = (
    ("Accuracy", "accuracy{}_deg", degrees),
    ("RMS-S2S", "precision_rms{}_deg", degrees),
    ("STD", "precision_std{}_deg", degrees),
    ("BCEA", "precision_bcea{}_deg2", square_degrees),
    ("Lost", "data_loss{}", percent),
    ("  came invalid", "invalid_share{}", percent),
)
_ALONE = (
    ("  never came", "missing_share", percent),
    ("Effective rate", "effective_rate_hz", hertz),
    ("Largest gap", "largest_gap_s", seconds),
    ("Off the image", "off_image_share", percent),
    ("Largest drift", "drift_max_deg", degrees),
)
_CASES = (
    ("case", "case_id", str, 0),
    ("read", "duration_s", seconds, 130),
    ("lost", "data_loss", percent, 215),
    ("rate", "effective_rate_hz", hertz, 300),
    ("gap", "largest_gap_s", seconds, 400),
    ("RMS-S2S", "precision_rms_deg", degrees, 490),
    ("off image", "off_image_share", percent, 590),
    ("drift", "drift_deg", degrees, 690),
    ("fixations", "fixations", str, 780),
)
_VERDICT_X = 890
_ELIDED = Qt.TextElideMode.ElideRight


def paint_quality_page(painter: QPainter, session: SessionQuality, limits: Calibration) -> None:
    """Draw the page, `WIDTH_PX` by `HEIGHT_PX`.

    Parameters
    ----------
    painter : QPainter
    session : SessionQuality
    limits : Calibration
        What the protocol asks of accuracy and drift.
    """
    _head(painter, session.row)
    _figures(painter, QRectF(40, 120, 560, 478), session.row)
    _validation(painter, QRectF(624, 120, 720, 478), session, limits)
    area = QRectF(1368, 120, 512, 478)
    frame(painter, area)
    write(painter, area.adjusted(24, 18, -24, 0), "Drift at targets", size_px=17, colour="strong")
    inner = area.adjusted(24, 58, -24, -70)
    paint_drift(painter, inner, session.checks.drift_checks, limits.max_drift_deg)
    said = f"gaze minus target; dashed: {limits.max_drift_deg:g}° as the protocol allows"
    write(painter, QRectF(inner.left(), area.bottom() - 32, 460, 22), said,
          size_px=13, colour="muted")  # fmt: skip
    _losses(painter, QRectF(40, 618, 560, 424), session)
    _cases(painter, QRectF(624, 618, 1256, 424), session.readings)


def _head(painter: QPainter, row: Row) -> None:
    title = f"Gaze quality · {row['session_id']} · {row['reader_id']}"
    write(painter, QRectF(40, 26, 1400, 40), title, size_px=27, colour="strong")
    meets = row["meets_protocol"]
    said = "Meets the protocol" if meets else f"Does not meet the protocol: {row['verdict']}"
    usable = f"{row['usable_readings']} of {row['readings']} readings usable"
    text = f"{said}.  {usable}, {clock(row['reading_s'])} min read."
    colour = "accent" if meets else "amber"
    write(painter, QRectF(40, 70, 1500, 24), text, size_px=16, colour=colour)
    if row["simulated"]:
        badge(painter, WIDTH_PX - 40, 30, "SIMULATED GAZE")
    if row["correction"] is not None:
        write(painter, QRectF(1480, 74, 400, 22), f"gaze corrected, version {row['correction']}",
              size_px=13, colour="muted", align="right")  # fmt: skip


def _figures(painter: QPainter, area: QRectF, row: Row) -> None:
    frame(painter, area)
    left, top = area.left() + 24, area.top() + 18
    write(painter, QRectF(left, top, 300, 26), "Figures", size_px=17, colour="strong")
    columns = (left + 170, left + 300, left + 410)
    for x, name in zip(columns, ("gaze point", "left eye", "right eye"), strict=True):
        write(painter, QRectF(x, top + 4, 100, 22), name, size_px=13, colour="muted")
    y = top + 40
    for name, column, said in _BY_EYE:
        write(painter, QRectF(left, y, 170, 24), name, colour="muted")
        for x, eye in zip(columns, ("", "_left", "_right"), strict=True):
            write(painter, QRectF(x, y, 110, 24), said(row[column.format(eye)]))
        y += 33
    for name, column, said in _ALONE:
        write(painter, QRectF(left, y, 170, 24), name, colour="muted")
        value = said(row[column])
        if column == "effective_rate_hz":
            value += f" of {hertz(row['rate_hz'])}"
        write(painter, QRectF(columns[0], y, 320, 24), value)
        y += 33
    share = percent(row["bcea_probability"])
    note = f"Precision within fixations; BCEA holds {share} of gaze; medians over readings."
    write(painter, QRectF(left, area.bottom() - 42, area.width() - 48, 36), note,
          size_px=12, colour="muted")  # fmt: skip


def _validation(
    painter: QPainter, area: QRectF, session: SessionQuality, limits: Calibration
) -> None:
    frame(painter, area)
    left, top = area.left() + 24, area.top() + 18
    write(painter, QRectF(left, top, 400, 26), "Validation", size_px=17, colour="strong")
    validations = session.checks.validations
    if not validations:
        write(painter, QRectF(left, top + 44, 600, 30), "No validation was recorded.",
              colour="amber")  # fmt: skip
        return
    last = validations[-1]
    inner = QRectF(left, top + 40, area.width() - 48, area.height() - 130)
    paint_validation(painter, inner, last, session.checks.screen, limits.max_accuracy_deg)
    which = f"the last of {len(validations)}" if len(validations) > 1 else "the only one"
    angles = "true angles" if last.angles == "3d" else "angles from the protocol's distance"
    times = enlargement(session.checks.screen, limits.max_accuracy_deg)
    said = f"{which}; dashed: {limits.max_accuracy_deg:g}° as allowed; offsets ×{times}; {angles}"
    write(painter, QRectF(left, area.bottom() - 62, 660, 22), said, size_px=13, colour="muted")
    paint_eye_legend(painter, left, area.bottom() - 36)


def _losses(painter: QPainter, area: QRectF, session: SessionQuality) -> None:
    frame(painter, area)
    left, top = area.left() + 24, area.top() + 18
    write(painter, QRectF(left, top, 400, 26), "Samples lost over time", size_px=17,
          colour="strong")  # fmt: skip
    inner = QRectF(left, top + 46, area.width() - 48, area.height() - 130)
    paint_losses(painter, inner, session.loss, session.readings)
    paint_loss_legend(painter, left, area.bottom() - 50)
    said = f"each bar {session.loss.width_s:.3g} s; minutes since the recording began"
    write(painter, QRectF(left, area.bottom() - 28, 500, 20), said, size_px=12, colour="muted")


def _cases(painter: QPainter, area: QRectF, readings: tuple[Row, ...]) -> None:
    frame(painter, area)
    left, top = area.left() + 24, area.top() + 18
    shown = readings
    said = "Cases in the order read"
    if len(readings) > MAX_ROWS:
        worst = sorted(readings, key=lambda row: (row["usable"], -row["data_loss"]))[:MAX_ROWS]
        shown = tuple(worst)
        said = f"The worst {MAX_ROWS} of {len(readings)} cases (all: quality.parquet)"
    write(painter, QRectF(left, top, 700, 26), said, size_px=17, colour="strong")
    y = top + 36
    for name, _column, _said, x in (*_CASES, ("verdict", "", str, _VERDICT_X)):
        write(painter, QRectF(left + x, y, 120, 20), name, size_px=12, colour="muted")
    y += 22
    for row in shown:
        painter.setPen(QPen(QColor(COLOURS["line"]), 1))
        painter.drawLine(QPointF(left, y), QPointF(area.right() - 24, y))
        for _name, column, as_text, x in _CASES:
            write(painter, QRectF(left + x, y + 4, 130, 20), as_text(row[column]), size_px=14)
        at = left + _VERDICT_X
        _verdict(painter, QRectF(at, y + 4, area.right() - at - 20, 20), row)
        y += ROW_PX


def _verdict(painter: QPainter, area: QRectF, row: Row) -> None:
    """On one line, cut where it does not fit."""
    painter.setFont(font(14))
    text = row["verdict"] or "usable"
    painter.setPen(QColor(COLOURS["muted" if row["usable"] else "amber"]))
    short = painter.fontMetrics().elidedText(text, _ELIDED, int(area.width()))
    painter.drawText(area, short)
