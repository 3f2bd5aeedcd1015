"""From a viewport state to grey levels: resample stored values once, then look the window up.

A pan or zoom resamples the stored values to the viewport's physical pixels; a window step only
looks those up in another table. Nothing here knows Qt.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gazecore.dicom.levels import table_between
from gazecore.dicom.luminance import shown_shares
from gazecore.dicom.recorded_frame import DrawableImage
from gazecore.dicom.rendering import look_up
from gazecore.display.correction import shown_levels

if TYPE_CHECKING:
    import numpy.typing as npt

    from app.reading.viewport_state import ViewportState
    from gazecore.dicom import Window, XrayImage
    from gazecore.dicom.luminance import Shares
    from gazecore.dicom.rendering import ResampledViewport

BLACK = 0xFF000000
"""An opaque pixel, 0xffRRGGBB."""
_GREY = 0x00010101
"""A grey level times this has it in red, green and blue."""


@dataclass(frozen=True, slots=True, eq=False)
class ScreenFrame:
    """The part of a viewport that shows image, as the screen takes it; black around.

    Attributes
    ----------
    pixels : (rows, columns) uint32
        0xffRRGGBB for each physical pixel, C-contiguous, read-only.
    top_px, left_px : int
        The viewport's row and column at which it begins.
    """

    pixels: npt.NDArray[np.uint32]
    top_px: int
    left_px: int


class FrameRenderer:
    """Renders one image; keeps the resampled viewport and the table while they stay valid."""

    def __init__(self, image: XrayImage | DrawableImage) -> None:
        self._drawable = image if isinstance(image, DrawableImage) else DrawableImage(image)
        self._image = self._drawable.image
        self._reach = (int(self._image.stored.min()), int(self._image.stored.max()))
        self._place: tuple[object, ...] = ()
        self._viewport: ResampledViewport | None = None
        self._window: Window | None = None
        self._grey: npt.NDArray[np.uint8] = np.zeros(1 << 16, dtype=np.uint8)
        self._shown_as: tuple[object, ...] = ()
        self._table: npt.NDArray[np.uint32] = np.full(1 << 16, BLACK, dtype=np.uint32)

    @property
    def image(self) -> XrayImage:
        """The image that is rendered."""
        return self._image

    def beside(self) -> FrameRenderer:
        """Another renderer of this image, for a viewport of its own; they share the pyramid."""
        return FrameRenderer(self._drawable)

    @property
    def covered(self) -> tuple[slice, slice]:
        """The rows and columns of physical pixels that may show image, as last rendered."""
        return (slice(0, 0), slice(0, 0)) if self._viewport is None else self._viewport.covered

    def render(self, state: ViewportState, *, smooth: bool) -> ScreenFrame:
        """What a state shows, in physical pixels."""
        viewport = self._resampled(state, smooth=smooth)
        shown_as = (state.window, state.white_level, state.correction)
        if shown_as != self._shown_as:
            levels = shown_levels(
                self._grey_levels(state.window),
                white_level=state.white_level,
                correction=state.correction,
            )
            self._table = levels * np.uint32(_GREY) + np.uint32(BLACK)
            self._shown_as = shown_as
        rows, columns = viewport.covered
        pixels = look_up(viewport.patterns, self._table, BLACK)
        return ScreenFrame(pixels, rows.start, columns.start)

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
        return self._viewport
