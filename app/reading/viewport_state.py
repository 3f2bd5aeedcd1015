"""What a viewport shows, as a frozen value: geometry, window, and the transform that follows.

No Qt here: the state is made, changed and tested without a window. Its `transform` is the one
used for painting, for mapping gaze, and for the markers.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gazecore.dicom.recorded_frame import viewport_shape, within_viewport
from gazecore.geometry import Transform

if TYPE_CHECKING:
    from gazecore.dicom import Window
    from gazecore.display.correction import DisplayCorrection

Pair = tuple[float, float]
Rectangle = tuple[float, float, float, float]
Orientation = tuple[int, int, int, int]

ZOOM_LIMITS = (0.02, 40.0)
"""Screen pixels per image pixel that a reader can reach."""

UPRIGHT: Orientation = (1, 0, 0, 1)
_CLOCKWISE: Orientation = (0, -1, 1, 0)
_ANTICLOCKWISE: Orientation = (0, 1, -1, 0)
_MIRROR_X: Orientation = (-1, 0, 0, 1)
_MIRROR_Y: Orientation = (1, 0, 0, -1)


@dataclass(frozen=True, slots=True)
class ViewportState:
    """One image in one rectangle of the tracked screen.

    Attributes
    ----------
    image_width_px, image_height_px : int
        Size of the stored image.
    shown_screen_px : tuple of float
        The viewport on the tracked screen in physical pixels: x, y, width, height.
    window, start_window : Window
        The DICOM window shown, and the one the image opened with.
    device_pixel_ratio : float
        Physical pixels per logical pixel of the screen.
    pixel_aspect : float
        Height of a stored pixel over its width; the transform stretches y by it.
    zoom : float
        Physical screen pixels per image pixel along the image's x axis.
    centre_image_px : tuple of float
        The image point at the viewport's centre.
    orientation : tuple of int
        The 2x2 signed permutation from image axes to screen axes, row-major.
    white_level : int
        The level that white is shown at; below 255 where the picture would be too bright.
    correction : DisplayCorrection or None
        How the screen is driven to show grey levels.
    image_overlays : bool
        The overlay planes that came with the image are drawn over it.
    """

    image_width_px: int
    image_height_px: int
    shown_screen_px: Rectangle
    window: Window
    start_window: Window
    device_pixel_ratio: float = 1.0
    pixel_aspect: float = 1.0
    zoom: float = 1.0
    centre_image_px: Pair = (0.0, 0.0)
    orientation: Orientation = UPRIGHT
    white_level: int = 255
    correction: DisplayCorrection | None = None
    image_overlays: bool = False

    @property
    def transform(self) -> Transform:
        """Image pixels -> physical pixels of the tracked screen."""
        a, b, c, d = self._linear()
        centre_x, centre_y = self._centre_screen_px()
        image_x, image_y = self.centre_image_px
        return Transform(
            (
                a,
                b,
                centre_x - a * image_x - b * image_y,
                c,
                d,
                centre_y - c * image_x - d * image_y,
                0.0,
                0.0,
                1.0,
            )
        )

    @property
    def to_viewport(self) -> Transform:
        """Image pixels -> physical pixels of the viewport, whose top left corner is (0, 0)."""
        return within_viewport(self.transform, self.shown_screen_px)

    @property
    def shape_px(self) -> tuple[int, int]:
        """Rows and columns of physical pixels that cover the viewport."""
        return viewport_shape(self.shown_screen_px)

    def fitted(self) -> ViewportState:
        """The whole image, as large as it goes, in the middle."""
        _, _, width, height = self.shown_screen_px
        shown_width, shown_height = self._size_at_zoom_one()
        zoom = min(width / shown_width, height / shown_height)
        return replace(self, zoom=_within_limits(zoom), centre_image_px=self._image_centre())

    def one_to_one(self) -> ViewportState:
        """One image pixel per physical pixel around the present centre, edges on pixel edges."""
        state = replace(self, zoom=1.0)
        offset_x, offset_y = state.to_viewport.elements[2], state.to_viewport.elements[5]
        return state.panned((round(offset_x) - offset_x, round(offset_y) - offset_y))

    def zoomed(self, factor: float, at_screen_px: Pair) -> ViewportState:
        """Closer by `factor`; the image point under `at_screen_px` stays where it is."""
        image_x, image_y = self.transform.to_image([at_screen_px])[0]
        closer = replace(
            self,
            zoom=_within_limits(self.zoom * factor),
            centre_image_px=(float(image_x), float(image_y)),
        )
        centre_x, centre_y = self._centre_screen_px()
        return closer.panned((at_screen_px[0] - centre_x, at_screen_px[1] - centre_y))

    def panned(self, by_screen_px: Pair) -> ViewportState:
        """The image moved by physical screen pixels."""
        centre_x, centre_y = self._centre_screen_px()
        moved = (centre_x - by_screen_px[0], centre_y - by_screen_px[1])
        image_x, image_y = self.transform.to_image([moved])[0]
        return replace(self, centre_image_px=(float(image_x), float(image_y)))

    def rotated(self, quarter_turns: int) -> ViewportState:
        """What is on the screen turned clockwise by quarter turns (negative: the other way).

        A fitted image is fitted again.
        """
        turn = _CLOCKWISE if quarter_turns > 0 else _ANTICLOCKWISE
        orientation = self.orientation
        for _ in range(abs(quarter_turns)):
            orientation = _product(turn, orientation)
        turned = replace(self, orientation=orientation)
        return turned.fitted() if self == self.fitted() else turned

    def flipped(self, *, across_x: bool = False, across_y: bool = False) -> ViewportState:
        """What is on the screen mirrored: `across_x` swaps its left and right."""
        orientation = self.orientation
        if across_x:
            orientation = _product(_MIRROR_X, orientation)
        if across_y:
            orientation = _product(_MIRROR_Y, orientation)
        return replace(self, orientation=orientation)

    def windowed(self, window: Window) -> ViewportState:
        """The same place through another window."""
        return replace(self, window=window)

    def inverted(self) -> ViewportState:
        """Black for white."""
        return replace(self, window=replace(self.window, invert=not self.window.invert))

    def overlaid(self) -> ViewportState:
        """With the overlay planes of the image if they are not drawn, else without."""
        return replace(self, image_overlays=not self.image_overlays)

    def restarted(self) -> ViewportState:
        """As the image opened: upright, fitted, the window it came with."""
        return replace(self, orientation=UPRIGHT, window=self.start_window).fitted()

    def placed(self, shown_screen_px: Rectangle, device_pixel_ratio: float) -> ViewportState:
        """The same view in another rectangle; a fitted image stays fitted."""
        was_fitted = self == self.fitted()
        moved = replace(
            self, shown_screen_px=shown_screen_px, device_pixel_ratio=device_pixel_ratio
        )
        return moved.fitted() if was_fitted else moved

    def _linear(self) -> tuple[float, float, float, float]:
        a, b, c, d = self.orientation
        along_y = self.zoom * self.pixel_aspect
        return a * self.zoom, b * along_y, c * self.zoom, d * along_y

    def _centre_screen_px(self) -> Pair:
        x, y, width, height = self.shown_screen_px
        return x + width / 2, y + height / 2

    def _image_centre(self) -> Pair:
        return self.image_width_px / 2, self.image_height_px / 2

    def _size_at_zoom_one(self) -> Pair:
        width, height = float(self.image_width_px), self.image_height_px * self.pixel_aspect
        return (height, width) if self.orientation[0] == 0 else (width, height)


def _product(left: Orientation, right: Orientation) -> Orientation:
    a, b, c, d = left
    e, f, g, h = right
    return a * e + b * g, a * f + b * h, c * e + d * g, c * f + d * h


def _within_limits(zoom: float) -> float:
    return min(max(zoom, ZOOM_LIMITS[0]), ZOOM_LIMITS[1])
