"""A recorded frame drawn again: from an image and a viewport state to the pixels that were shown.

The station draws with the same functions, so that what is rebuilt years later is what was on the
screen, pixel for pixel.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, cast

import numpy as np

from gazecore.dicom.colors import color_planes, color_table
from gazecore.dicom.drawn_overlays import DrawnOverlays, lay_over
from gazecore.dicom.edges import EdgedPyramid
from gazecore.dicom.hidden import hidden_pixels
from gazecore.dicom.image import VoiFunction, Window
from gazecore.dicom.levels import display_table
from gazecore.dicom.rendering import Pyramid, render
from gazecore.display.correction import shown_levels
from gazecore.errors import DisplayCorrectionError, InvalidSettingError
from gazecore.geometry import Transform

if TYPE_CHECKING:
    import numpy.typing as npt

    from gazecore.dicom.drawn_overlays import Labels
    from gazecore.dicom.image import XrayImage
    from gazecore.dicom.levels import Table
    from gazecore.dicom.rendering import ResampledViewport
    from gazecore.display.correction import DisplayCorrection
    from gazecore.messages import ViewportChanged, WindowState

Rectangle = tuple[float, float, float, float]


class DrawableImage:
    """An image with its pyramid and what is hidden of it, ready to be brought to a viewport.

    Attributes
    ----------
    image : XrayImage
        The image.
    shown : XrayImage
        The same without a padding range, for the table of grey levels: padding is hidden pixel by
        pixel, and a mean of tissue that falls among the padding values is tissue.
    hidden : bool, optional
        Which pixels are shown black whatever their value, (rows, columns); None where none is.
    overlays : DrawnOverlays, optional
        The overlay planes that came with the image; None without any.
    """

    def __init__(self, image: XrayImage) -> None:
        self.image = image
        self.shown = replace(image, padding_range=None)
        self.hidden = hidden_pixels(image)
        self.overlays = DrawnOverlays(image) if image.overlays else None
        planes = (image.stored,) if image.colors is None else color_planes(image.colors)
        self._pyramids = [
            Pyramid(plane) if self.hidden is None else EdgedPyramid(plane, self.hidden)
            for plane in planes
        ]

    def resample(
        self, image_to_viewport: Transform, shape: tuple[int, int], *, smooth: bool
    ) -> ResampledViewport:
        """The stored patterns under each physical pixel, what is hidden among `OUTSIDE`.

        Of a colour image those of its red alone; `resample_channels` gives all.
        """
        return self._pyramids[0].resample(image_to_viewport, shape, smooth=smooth)

    def resample_channels(
        self, image_to_viewport: Transform, shape: tuple[int, int], *, smooth: bool
    ) -> tuple[ResampledViewport, ...]:
        """One viewport for a grey image; for a colour image its red, green and blue."""
        return tuple(
            pyramid.resample(image_to_viewport, shape, smooth=smooth) for pyramid in self._pyramids
        )


def render_frame(
    image: XrayImage | DrawableImage,
    state: ViewportChanged,
    correction: DisplayCorrection | None = None,
) -> Table:
    """What a viewport showed of an image, as it was painted, uint8.

    The driving levels of the screen, which without a display correction are grey levels, (rows,
    columns); of a colour image those of red, green and blue, (rows, columns, 3).

    Parameters
    ----------
    image : XrayImage or DrawableImage
        The image of the state's case, opened again; the latter where several frames are drawn.
    state : ViewportChanged
        The marker of the state. Texts and tools over the image are not part of the frame.
    correction : DisplayCorrection, optional
        The one that the screen was driven with: that of the last ``session_started`` or
        ``screen_changed`` before the state.

    Raises
    ------
    DisplayCorrectionError
        The state was shown through another correction than this.
    InvalidSettingError
        A window or frame that does not fit the image, or a transform without an inverse.
    """
    given = correction.sha256 if correction else ""
    if state.correction != given:
        raise DisplayCorrectionError(state.correction, given)
    drawable = image if isinstance(image, DrawableImage) else DrawableImage(image)
    if drawable.image.frame != state.window.frame:
        own = f"that of the image that was opened, {drawable.image.frame}"
        raise InvalidSettingError("frame", state.window.frame, own)
    channels = drawable.resample_channels(
        within_viewport(Transform(state.transform), state.shown_screen_px),
        viewport_shape(state.shown_screen_px),
        smooth=state.smooth,
    )
    window = recorded_window(state.window)
    is_color = drawable.image.is_color
    levels = color_table(window) if is_color else display_table(drawable.shown, window)
    shown = shown_levels(levels, white_level=state.white_level, correction=correction)
    if is_color:
        return np.stack([render(channel, shown) for channel in channels], axis=-1)
    return render(channels[0], shown)


def render_overlays(image: XrayImage | DrawableImage, state: ViewportChanged) -> Labels:
    """What lay over the frame of overlay planes, (rows, columns) uint8.

    `gazecore.dicom.drawn_overlays` says what the labels mean; all are 0 where the state shows no
    overlays, or where the image has none.
    """
    drawable = image if isinstance(image, DrawableImage) else DrawableImage(image)
    shape = viewport_shape(state.shown_screen_px)
    if drawable.overlays is None or not state.image_overlays:
        return np.zeros(shape, dtype=np.uint8)
    placed = within_viewport(Transform(state.transform), state.shown_screen_px)
    return drawable.overlays.resample(placed, shape)


def render_picture(
    image: XrayImage | DrawableImage,
    state: ViewportChanged,
    correction: DisplayCorrection | None = None,
) -> npt.NDArray[np.uint8]:
    """What the reader saw in a viewport, (rows, columns, 3): the frame, overlay planes over it.

    As `render_frame`, of which it takes and raises the same.
    """
    drawable = image if isinstance(image, DrawableImage) else DrawableImage(image)
    frame = render_frame(drawable, state, correction)
    return lay_over(frame, render_overlays(drawable, state))


def recorded_window(window: WindowState) -> Window:
    """The window of a marker as one that can be applied."""
    return Window(
        window.center,
        window.width,
        cast("VoiFunction", window.function),
        window.voi_index,
        window.invert,
        window.frame,
    )


def within_viewport(image_to_screen: Transform, shown_screen_px: Rectangle) -> Transform:
    """Image pixels -> physical pixels of the viewport, whose top left corner is (0, 0)."""
    t = image_to_screen.elements
    x, y = shown_screen_px[:2]
    return Transform((*t[:2], t[2] - x, *t[3:5], t[5] - y, *t[6:]))


def viewport_shape(shown_screen_px: Rectangle) -> tuple[int, int]:
    """Rows and columns of physical pixels that cover a viewport.

    Examples
    --------
    >>> viewport_shape((10.0, 0.0, 876.25, 600.0))
    (600, 877)
    """
    _, _, width, height = shown_screen_px
    return max(1, math.ceil(height - 1e-6)), max(1, math.ceil(width - 1e-6))
