"""A case's image drawn at any size through any window, by the code that draws it for readers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage

from gazecore.dicom.recorded_frame import DrawableImage, render_frame
from gazecore.messages import ViewportChanged, WindowState

if TYPE_CHECKING:
    from gazecore.dicom import XrayImage


class CaseImage:
    """One opened image; large ones are reduced by the pyramid they are shown with.

    Parameters
    ----------
    image : XrayImage
    """

    def __init__(self, image: XrayImage) -> None:
        self.width_px, self.height_px = image.width_px, image.height_px
        self._image = image
        self._drawable = DrawableImage(image)

    @property
    def default_window(self) -> WindowState:
        """The window the image opens with."""
        window = self._image.default_window
        return WindowState(
            center=window.center,
            width=window.width,
            function=window.function,
            voi_index=window.voi_index,
            invert=window.invert,
            frame=self._image.frame,
        )

    def fitted(self, within: QRectF) -> QRectF:
        """The largest rectangle of the image's shape in an area, centred, in whole pixels."""
        height_px = self.height_px * self._image.pixel_aspect
        scale = min(within.width() / self.width_px, within.height() / height_px)
        width, height = round(self.width_px * scale), round(height_px * scale)
        left = round(within.left() + (within.width() - width) / 2)
        top = round(within.top() + (within.height() - height) / 2)
        return QRectF(left, top, max(1, width), max(1, height))

    def drawn(
        self,
        width_px: int,
        height_px: int,
        window: WindowState | None = None,
        white_level: int = 255,
    ) -> QImage:
        """The whole image at a size.

        Parameters
        ----------
        width_px, height_px : int
            Physical pixels.
        window : WindowState, optional
            By default the one it opens with, also where this one is of another frame.
        white_level : int, optional
            What white is shown at, where the picture would be too bright for a dark room.
        """
        if window is None or window.frame != self._image.frame:
            window = self.default_window
        across, down = width_px / self.width_px, height_px / self.height_px
        levels = render_frame(
            self._drawable,
            ViewportChanged(
                t_s=0.0,
                serial=0,
                reading_id="",
                case_id="",
                cause="open",
                transform=(across, 0.0, 0.0, 0.0, down, 0.0, 0.0, 0.0, 1.0),
                shown_screen_px=(0.0, 0.0, float(width_px), float(height_px)),
                window=window,
                white_level=white_level,
            ),
        )
        return _as_image(np.ascontiguousarray(levels))


def _as_image(levels: np.ndarray) -> QImage:
    height, width = levels.shape[:2]
    is_colour = levels.ndim == 3
    kind = QImage.Format.Format_RGB888 if is_colour else QImage.Format.Format_Grayscale8
    return QImage(levels.data, width, height, levels.strides[0], kind).copy()
