"""From a viewport state to grey levels: resample stored values once, then look the window up.

A pan or zoom resamples the stored values to the viewport's physical pixels; a window step only
looks those up in another table. Nothing here knows Qt.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gazecore.dicom.colors import color_table
from gazecore.dicom.drawn_overlays import LABEL_RGB
from gazecore.dicom.levels import GreyLevels
from gazecore.dicom.luminance import sample_viewport
from gazecore.dicom.recorded_frame import DrawableImage
from gazecore.dicom.rendering import look_up
from gazecore.display.correction import shown_levels

if TYPE_CHECKING:
    import numpy.typing as npt

    from app.reading.viewport_state import ViewportState
    from gazecore.dicom import Window, XrayImage
    from gazecore.dicom.drawn_overlays import DrawnOverlays, Labels
    from gazecore.dicom.luminance import SampledViewport, Shares
    from gazecore.dicom.rendering import ResampledViewport

BLACK = 0xFF000000
"""An opaque pixel, 0xffRRGGBB."""
_GREY = (0x00010101,)
"""A grey level times this has it in red, green and blue."""
_COLORS = (0x00010000, 0x00000100, 0x00000001)
"""The same for the levels of red, green and blue alone."""
_LABEL_PIXELS = np.array(
    [0, *(BLACK | red << 16 | green << 8 | blue for red, green, blue in LABEL_RGB[1:])],
    dtype=np.uint32,
)
"""A pixel of the overlay layer by its label; clear where there is nothing."""


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


class OverlayPixels:
    """The overlay planes of an image as the screen takes them; kept while the place is the same."""

    def __init__(self, overlays: DrawnOverlays) -> None:
        self._overlays = overlays
        self._place: tuple[object, ...] = ()
        self._frame: ScreenFrame | None = None

    def at(self, state: ViewportState) -> ScreenFrame | None:
        """The rectangle of the viewport with all that is drawn, clear around; None: nothing is."""
        place = (state.to_viewport, state.shape_px)
        if place != self._place:
            self._frame = _cropped(self._overlays.resample(*place))
            self._place = place
        return self._frame


def _cropped(labels: Labels) -> ScreenFrame | None:
    rows, columns = (np.flatnonzero(labels.any(axis=axis)) for axis in (1, 0))
    if not len(rows):
        return None
    top, left = int(rows[0]), int(columns[0])
    drawn = labels[top : rows[-1] + 1, left : columns[-1] + 1]
    return ScreenFrame(_LABEL_PIXELS.take(drawn), top, left)


class FrameRenderer:
    """Renders one image; keeps the resampled viewport and the table while they stay valid."""

    def __init__(self, image: XrayImage | DrawableImage) -> None:
        self._drawable = image if isinstance(image, DrawableImage) else DrawableImage(image)
        self._image = self._drawable.image
        stored = self._image.stored
        self._levels = GreyLevels.between(
            self._drawable.shown, int(stored.min()), int(stored.max())
        )
        self._place: tuple[object, ...] = ()
        self._channels: tuple[ResampledViewport, ...] = ()
        self._window: Window | None = None
        self._grey: npt.NDArray[np.uint8] = np.zeros(1 << 16, dtype=np.uint8)
        self._shown_as: tuple[object, ...] = ()
        drawn = self._drawable.overlays
        self._overlays = OverlayPixels(drawn) if drawn is not None else None
        self._tables: tuple[npt.NDArray[np.uint32], ...] = ()
        self._sampled_place: tuple[object, ...] = ()
        self._samples: SampledViewport | None = None

    @property
    def image(self) -> XrayImage:
        """The image that is rendered."""
        return self._image

    def beside(self) -> FrameRenderer:
        """Another renderer of this image, for a viewport of its own; they share the pyramid."""
        return FrameRenderer(self._drawable)

    @property
    def drawable(self) -> DrawableImage:
        """The image with its pyramid and its overlay planes."""
        return self._drawable

    @property
    def covered(self) -> tuple[slice, slice]:
        """The rows and columns of physical pixels that may show image, as last rendered."""
        return self._channels[0].covered if self._channels else (slice(0, 0), slice(0, 0))

    def render(self, state: ViewportState, *, smooth: bool) -> ScreenFrame:
        """What a state shows, in physical pixels."""
        channels = self._resampled(state, smooth=smooth)
        shown_as = (state.window, state.white_level, state.correction)
        if shown_as != self._shown_as:
            self._tables = self._pixel_tables(state)
            self._shown_as = shown_as
        pixels = look_up(channels[0].patterns, self._tables[0], BLACK)
        for channel, table in zip(channels[1:], self._tables[1:], strict=True):
            pixels = pixels | look_up(channel.patterns, table)
        rows, columns = channels[0].covered
        return ScreenFrame(pixels, rows.start, columns.start)

    def overlays(self, state: ViewportState) -> ScreenFrame | None:
        """What a state shows of overlay planes, 0xffRRGGBB or 0 where clear; None for nothing."""
        if self._overlays is None or not state.image_overlays:
            return None
        return self._overlays.at(state)

    def shares(self, state: ViewportState) -> Shares:
        """Which part of the viewport each grey level takes before dimming, (256,), about.

        Of a colour image by the greys of as much light.
        """
        window = state.window
        table = color_table(window) if self._image.is_color else self._grey_levels(window)
        return self._sampled(state).shares(table)

    def _sampled(self, state: ViewportState) -> SampledViewport:
        place = (state.to_viewport, state.shape_px)
        if self._samples is None or place != self._sampled_place:
            image = self._image
            values = image.stored if image.colors is None else image.colors
            self._samples = sample_viewport(values, self._drawable.hidden, *place)
            self._sampled_place = place
        return self._samples

    def _pixel_tables(self, state: ViewportState) -> tuple[npt.NDArray[np.uint32], ...]:
        """What each channel's patterns add to a pixel: one table for grey, three for colours."""
        is_color = self._image.is_color
        window = state.window
        levels = shown_levels(
            color_table(window) if is_color else self._grey_levels(window),
            white_level=state.white_level,
            correction=state.correction,
        )
        first, *others = (levels * np.uint32(at) for at in (_COLORS if is_color else _GREY))
        return first + np.uint32(BLACK), *others

    def _grey_levels(self, window: Window) -> npt.NDArray[np.uint8]:
        if window != self._window:
            self._grey = self._levels.table(window)
            self._window = window
        return self._grey

    def _resampled(self, state: ViewportState, *, smooth: bool) -> tuple[ResampledViewport, ...]:
        place = (state.to_viewport, state.shape_px, smooth)
        if place != self._place:
            self._channels = self._drawable.resample_channels(
                state.to_viewport, state.shape_px, smooth=smooth
            )
            self._place = place
        return self._channels
