"""Draws what is shown: the image with scanpath and attention, or a session's quality page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.pictures.attention import UNIT, attention_layer, paint_colour_scale, peak_density
from app.pictures.canvas import SHEET_PX, badge, write
from app.pictures.quality_page import paint_quality_page
from app.pictures.scanpath import paint_duration_legend, paint_scanpath, unit_px
from app.shared.theme import COLOURS

if TYPE_CHECKING:
    from app.pictures.case_image import CaseImage
    from app.results.controller import ResultsController, Shown
    from app.results.viewmodel import ResultsState

LEGEND_PX = 170.0


class PictureView(QWidget):
    """Follows a controller; images are drawn once per size and window."""

    def __init__(self, controller: ResultsController) -> None:
        super().__init__()
        self.setObjectName("result_picture")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._controller = controller
        self._drawn: tuple[object, QImage] | None = None
        self._layer: tuple[object, QImage] | None = None
        controller.state_changed.connect(lambda _state: self.update())
        controller.shown_changed.connect(lambda _shown: self.update())

    def sizeHint(self) -> QSize:
        """Room for a page."""
        return QSize(1200, 800)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw what is shown."""
        del event
        shown, state = self._controller.shown, self._controller.state
        painter = QPainter(self)
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
        )
        if shown.session is not None:
            self._draw_page(painter)
        elif shown.image is not None:
            self._draw_case(painter, shown, shown.image, state)
        else:
            is_coming = not shown.message and bool(state.case_id)
            text = "Opening the image …" if is_coming else ""
            painter.fillRect(self.rect(), QColor(COLOURS["room"]))
            write(painter, QRectF(40, self.height() / 2 - 40, self.width() - 80, 120), text,
                  size_px=16, colour="muted", align="centre")  # fmt: skip
        painter.end()

    def _draw_page(self, painter: QPainter) -> None:
        session = self._controller.shown.session
        assert session is not None
        scale = min(self.width() / SHEET_PX[0], self.height() / SHEET_PX[1])
        painter.scale(scale, scale)
        paint_quality_page(painter, session, self._controller.limits)

    def _draw_case(
        self, painter: QPainter, shown: Shown, image: CaseImage, state: ResultsState
    ) -> None:
        painter.fillRect(self.rect(), QColor(COLOURS["room"]))
        area = image.fitted(QRectF(0, 0, self.width() - LEGEND_PX, self.height()))
        painter.drawImage(area, self._image(image, shown, area))
        attention, scanpath = shown.attention, shown.scanpath
        left = self.width() - LEGEND_PX + 24
        if attention is not None and state.shows_attention:
            painter.drawImage(area, self._attention(attention.map, state.opacity))
            peak = peak_density(attention.map)
            if peak > 0:
                write(painter, QRectF(left, 70, LEGEND_PX - 34, 80), UNIT,
                      size_px=12, colour="muted")  # fmt: skip
                paint_colour_scale(painter, QRectF(left, 150, 0, 240), peak, state.opacity)
        if scanpath is not None and state.shows_scanpath:
            paint_scanpath(painter, scanpath, area)
            paint_duration_legend(painter, left, 430, unit_px(area), stacked=True)
        if shown.simulated:
            badge(painter, self.width() - 12, 16, "SIMULATED GAZE")

    def _image(self, image: CaseImage, shown: Shown, area: QRectF) -> QImage:
        """The image at its physical size on the screen."""
        ratio = self.devicePixelRatio()
        size = (round(area.width() * ratio), round(area.height() * ratio))
        key = (id(image), size, shown.window, shown.white_level)
        if self._drawn is None or self._drawn[0] != key:
            self._drawn = (key, image.drawn(*size, shown.window, shown.white_level))
        return self._drawn[1]

    def _attention(self, attention: object, opacity: float) -> QImage:
        key = (id(attention), opacity)
        if self._layer is None or self._layer[0] != key:
            self._layer = (key, attention_layer(attention, opacity))  # type: ignore[arg-type]
        return self._layer[1]
