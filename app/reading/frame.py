"""From a viewport state to grey levels: resample stored values once, then look the window up.

A pan or zoom resamples the stored values to the viewport's physical pixels; a window step only
looks those up in another table. Nothing here knows Qt.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gazecore.dicom.levels import table_between
from gazecore.dicom.luminance import shown_shares
from gazecore.dicom.recorded_frame import DrawableImage
from gazecore.dicom.rendering import render
from gazecore.display.correction import shown_levels

if TYPE_CHECKING:
    import numpy.typing as npt

    from app.reading.viewport_state import ViewportState
    from gazecore.dicom import Window, XrayImage
    from gazecore.dicom.luminance import Shares
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
        self._grey: npt.NDArray[np.uint8] = np.zeros(65536, dtype=np.uint8)
        self._shown_as: tuple[object, ...] = ()
        self._table = self._grey
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
        shown_as = (state.window, state.white_level, state.correction)
        if shown_as != self._shown_as:
            self._table = shown_levels(
                self._grey_levels(state.window),
                white_level=state.white_level,
                correction=state.correction,
            )
            self._shown_as = shown_as
        render(viewport, self._table, self._levels)
        return self._levels

    def shares(self, state: ViewportState) -> Shares:
        """Which part of the viewport each grey level takes before dimming, (256,), about."""
        grey = self._grey_levels(state.window)
        drawable = self._drawable
        return shown_shares(
            self._image.stored, drawable.hidden, grey, state.to_viewport, state.shape_px
        )

    def _grey_levels(self, window: Window) -> npt.NDArray[np.uint8]:
        if window != self._window:
            self._grey = table_between(self._drawable.shown, window, *self._reach)
            self._window = window
        return self._grey

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
