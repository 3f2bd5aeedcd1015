"""From a viewport state to grey levels: resample stored values once, then look the window up.

A pan or zoom resamples the stored values to the viewport's physical pixels; a window step only
looks those up in another table. Nothing here knows Qt.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gazecore.dicom.levels import table_between
from gazecore.dicom.recorded_frame import DrawableImage
from gazecore.dicom.rendering import render

if TYPE_CHECKING:
    import numpy.typing as npt

    from app.reading.viewport_state import ViewportState
    from gazecore.dicom import Window, XrayImage
    from gazecore.dicom.rendering import ResampledViewport

ROW_ALIGNMENT = 4
"""Bytes to which rows are padded, as QImage wants them."""


class FrameRenderer:
    """Renders one image; keeps the resampled viewport and the table while they stay valid."""

    def __init__(self, image: XrayImage) -> None:
        self._image = image
        self._drawable = DrawableImage(image)
        self._reach = (int(image.stored.min()), int(image.stored.max()))
        self._place: tuple[object, ...] = ()
        self._viewport: ResampledViewport | None = None
        self._window: Window | None = None
        self._table: npt.NDArray[np.uint8] = np.zeros(65536, dtype=np.uint8)
        self._rows: npt.NDArray[np.uint8] = np.zeros((1, ROW_ALIGNMENT), dtype=np.uint8)
        self._levels = self._rows[:, :1]

    @property
    def image(self) -> XrayImage:
        """The image that is rendered."""
        return self._image

    @property
    def rows(self) -> npt.NDArray[np.uint8]:
        """The rendered rows with their padding, C-contiguous, for handing to a painter."""
        return self._rows

    @property
    def covered(self) -> tuple[slice, slice]:
        """The rows and columns of physical pixels that may show image, as last rendered."""
        if self._viewport is None:
            return slice(0, self._levels.shape[0]), slice(0, self._levels.shape[1])
        rows, columns = (
            slice(*part.indices(size)[:2])
            for part, size in zip(self._viewport.covered, self._viewport.shape, strict=True)
        )
        return rows, columns

    def render(self, state: ViewportState, *, smooth: bool) -> npt.NDArray[np.uint8]:
        """The grey levels of the viewport in physical pixels, (rows, columns), black outside.

        A part of `rows`, which the next call writes over.
        """
        viewport = self._resampled(state, smooth=smooth)
        if state.window != self._window:
            self._table = table_between(self._drawable.shown, state.window, *self._reach)
            self._window = state.window
        render(viewport, self._table, self._levels)
        return self._levels

    def _resampled(self, state: ViewportState, *, smooth: bool) -> ResampledViewport:
        place = (state.to_viewport, state.shape_px, smooth)
        if self._viewport is None or place != self._place:
            self._viewport = self._drawable.resample(
                state.to_viewport, state.shape_px, smooth=smooth
            )
            self._place = place
            rows, columns = state.shape_px
            if self._levels.shape != state.shape_px:
                padded = -(-columns // ROW_ALIGNMENT) * ROW_ALIGNMENT
                self._rows = np.zeros((rows, padded), dtype=np.uint8)
                self._levels = self._rows[:, :columns]
        return self._viewport
