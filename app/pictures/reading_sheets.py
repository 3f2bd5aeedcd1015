"""Sheets of one reading or case: the image with what gaze tells over it, and what it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage

from app.pictures.attention import (
    OPACITY,
    UNIT,
    attention_layer,
    paint_colour_scale,
    peak_density,
)
from app.pictures.canvas import SHEET_PX, badge, painting, write
from app.pictures.figures import percent
from app.pictures.scanpath import paint_duration_legend, paint_scanpath, unit_px
from app.shared.theme import COLOURS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPainter

    from app.pictures.case_image import CaseImage
    from app.pictures.scanpath import Scanpath
    from gazecore.attention import CaseAttention
    from gazecore.messages import WindowState

_IMAGE = QRectF(40, 40, 1420, 1000)
_LEFT, _WIDTH = 1500.0, 380.0


@dataclass(frozen=True, slots=True)
class About:
    """What a sheet is about.

    Attributes
    ----------
    title : str
    facts : tuple of str
        Lines under it: case, reader, session, verdict.
    simulated : bool
        Said on the picture.
    window : WindowState, optional
        What the image is seen through; None: its default window.
    """

    title: str
    facts: tuple[str, ...]
    simulated: bool
    window: WindowState | None = None

    @property
    def window_text(self) -> str:
        """Which window it is, in words."""
        if self.window is None:
            return "image through its default window"
        said = f"center {self.window.center:g}, width {self.window.width:g}"
        return f"image as last seen: {said}{', inverted' if self.window.invert else ''}"


def scanpath_sheet(image: CaseImage, scanpath: Scanpath, about: About) -> QImage:
    """The scanpath of a reading over its image."""
    with painting(*SHEET_PX) as (sheet, painter):
        area = _image(painter, image, about)
        paint_scanpath(painter, scanpath, area)
        elsewhere = f"without a place on it: {scanpath.left_out}" if scanpath.left_out else ""
        off = _off_image(scanpath)
        lines = [
            f"{scanpath.count} fixations, {scanpath.durations_s.sum():.1f} s together",
            *([f"off the image, not drawn: {off}"] if off else []),
            *([elsewhere] if elsewhere else []),
            about.window_text,
            "numbers: order; circles: duration; lines: from one to the next",
        ]
        y = _text(painter, about, lines)
        paint_duration_legend(painter, _LEFT, y + 16, unit_px(area))
    return sheet


def attention_sheet(image: CaseImage, attention: CaseAttention, about: About) -> QImage:
    """An attention map over its image, with the scale of its colours."""
    with painting(*SHEET_PX) as (sheet, painter):
        area = _image(painter, image, about)
        painter.drawImage(area, attention_layer(attention.map))
        sigma_px = " × ".join(f"{value:.0f}" for value in attention.sigma_px)
        lines = [
            f"{attention.used} fixations of {attention.readers} "
            f"{'reader' if attention.readers == 1 else 'readers'}, {attention.dropped} dropped",
            f"preset {attention.preset}, mean sigma {sigma_px} image px",
            f"{percent(attention.mass_inside)} of the mass on what was shown",
            about.window_text,
        ]
        y = _text(painter, about, lines if attention.used else ["no fixation on the image"])
        peak = peak_density(attention.map)
        if peak > 0:
            paint_colour_scale(painter, QRectF(_LEFT, y + 30, 0, 400), peak, OPACITY)
            write(painter, QRectF(_LEFT + 84, y + 26, _WIDTH - 84, 120), UNIT,
                  size_px=14, colour="muted")  # fmt: skip
    return sheet


def _image(painter: QPainter, image: CaseImage, about: About) -> QRectF:
    area = image.fitted(_IMAGE)
    painter.fillRect(_IMAGE, QColor(COLOURS["room"]))
    size = (int(area.width()), int(area.height()))
    painter.drawImage(area.topLeft(), image.drawn(*size, about.window))
    return area


def _text(painter: QPainter, about: About, lines: Sequence[str]) -> float:
    """Title, facts and lines one under another; where the last ends."""
    y = 40.0
    if about.simulated:
        badge(painter, _LEFT + _WIDTH, y, "SIMULATED GAZE")
        y += 54
    area = QRectF(_LEFT, y, _WIDTH, 200)
    y += write(painter, area, about.title, size_px=27, colour="strong") + 14
    for text in about.facts:
        y += write(painter, QRectF(_LEFT, y, _WIDTH, 120), text, size_px=16, colour="strong") + 6
    y += 14
    for text in lines:
        y += write(painter, QRectF(_LEFT, y, _WIDTH, 120), text, size_px=15) + 6
    return y


def _off_image(scanpath: Scanpath) -> int:
    xy = scanpath.xy_image_px
    inside = (xy >= 0).all(axis=1) & (xy < (scanpath.width_px, scanpath.height_px)).all(axis=1)
    return int((~inside).sum())
