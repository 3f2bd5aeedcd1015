"""What each tool makes of a viewport state, and how a drag or typed numbers change a window.

No Qt here. Every function returns a new value; the controller says what changed.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.reading.viewport_state import ViewportState
from gazecore.dicom import Window, auto_window
from gazecore.dicom.limits import MAX_FRAMES
from gazecore.study.tool_keys import PRESET_COUNT

if TYPE_CHECKING:
    from gazecore.dicom import XrayImage
    from gazecore.messages import ViewportCause

WINDOW_WIDTHS_PER_PX = 1 / 400
"""At speed 1 a drag of 400 physical pixels moves the centre by one width, or the width by e."""

ZOOM_PER_NOTCH = 1.15
"""Zoom factor of one notch of the mouse wheel (120 of Qt's units), or of one key press."""

NARROW_WIDTH = 20.0
"""Below this a window's numbers are shown with a decimal: a tenth matters there."""

MOST_MODALITY = 1e12
"""No drag goes beyond centres and widths of this size, and none is typed: numbers stay numbers."""

KEY_STEP_PX = 40.0
"""A key windows like a drag this long; a key moves the image by an eighth of the viewport."""

Change = Callable[[ViewportState, "XrayImage"], ViewportState]


@dataclass(frozen=True, slots=True)
class DragManner:
    """How a drag windows: its speed, the axis of the width, whether up is brighter."""

    speed: float = 1.0
    is_width_across: bool = True
    is_up_brighter: bool = True


PLAIN_DRAG = DragManner()


def dragged(
    window: Window,
    photometric: str,
    by_screen_px: tuple[float, float],
    manner: DragManner = PLAIN_DRAG,
) -> Window:
    """The window after a drag, in proportion to its width.

    Parameters
    ----------
    window : Window
        Before the drag; a VOI LUT goes over to a linear window of the same reach.
    photometric : str
        Of the image, which says with `window.invert` whether a lower centre is brighter.
    by_screen_px : (float, float)
        Physical pixels to the right and down.
    manner : DragManner
        Axes and speed.
    """
    if window.voi_index is not None:
        window = replace(window, voi_index=None, function="LINEAR")
    right, down = (moved * manner.speed * WINDOW_WIDTHS_PER_PX for moved in by_screen_px)
    wider, darker = (right, down) if manner.is_width_across else (down, -right)
    is_dark_high = (photometric == "MONOCHROME1") != window.invert
    sign = (-1.0 if is_dark_high else 1.0) * (1.0 if manner.is_up_brighter else -1.0)
    return replace(
        window,
        center=_bounded(window.center + sign * darker * window.width, -MOST_MODALITY),
        width=_bounded(
            window.width * math.exp(min(wider, 99.0)), Window.least_width(window.function)
        ),
    )


def _bounded(value: float, least: float) -> float:
    return min(max(value, least), MOST_MODALITY)


def typed_window(text: str, shown: Window) -> Window | None:
    """The linear window of two typed numbers, centre then width; None for anything else.

    A comma is as good as a point.
    """
    try:
        center, width = (float(part.replace(",", ".")) for part in text.replace(";", " ").split())
    except ValueError:
        return None
    if not (abs(center) <= MOST_MODALITY and 1.0 <= width <= MOST_MODALITY):  # nor NaN
        return None
    function = "LINEAR" if shown.voi_index is not None else shown.function
    return replace(shown, center=center, width=width, function=function, voi_index=None)


def window_figures(center: float, width: float) -> tuple[str, str]:
    """Centre and width as they are shown: whole, and with a decimal where a window is narrow."""
    decimals = 1 if width < NARROW_WIDTH and not (center % 1 == 0 == width % 1) else 0
    return f"{center:.{decimals}f}", f"{width:.{decimals}f}"


def window_numbers(center: float, width: float) -> str:
    """Centre and width as a reader sees them while reading."""
    return "C {}  W {}".format(*window_figures(center, width))


def region_window(
    image: XrayImage, shown: Window, region_px: tuple[float, float, float, float]
) -> Window | None:
    """The window that spans what a region of the image holds; None outside the image."""
    x0, y0, x1, y1 = region_px
    if min(x1, image.width_px) - max(x0, 0.0) < 1 or min(y1, image.height_px) - max(y0, 0.0) < 1:
        return None
    return replace(auto_window(image, region_px), invert=shown.invert)


def window_on_frame(shown: Window, was: XrayImage, now: XrayImage) -> Window:
    """The window of another frame: the file's own one becomes that frame's, a reader's stays."""
    plain = replace(shown, invert=False)
    before = (was.default_window, *(named.window for named in was.windows))
    after = (now.default_window, *(named.window for named in now.windows))
    for own, its in zip(before, after, strict=False):
        if plain == own:
            return replace(its, invert=shown.invert)
    if shown.voi_index is not None:
        return replace(now.default_window, invert=shown.invert)
    return replace(shown, frame=now.frame)


def true_size_zoom(image: XrayImage, screen_mm_per_px: float | None) -> float | None:
    """Screen pixels per image pixel at which a millimetre is one; None where it is not known."""
    if image.spacing_mm is None or screen_mm_per_px is None:
        return None
    return image.spacing_mm[1] / screen_mm_per_px


def _next_window(shown: Window, image: XrayImage) -> Window:
    windows = [named.window for named in image.windows] or [image.default_window]
    position = windows.index(shown) + 1 if shown in windows else 0
    return windows[position % len(windows)]


def _preset(number: int) -> Change:
    def change(state: ViewportState, image: XrayImage) -> ViewportState:
        windows = [named.window for named in image.windows]
        return state.windowed(windows[number - 1]) if number <= len(windows) else state

    return change


def _key_drag(right_px: float, down_px: float) -> Change:
    return lambda state, image: state.windowed(
        dragged(state.window, image.photometric, (right_px, down_px))
    )


def _moved(right: float, down: float) -> Change:
    def change(state: ViewportState, _image: XrayImage) -> ViewportState:
        _, _, width, height = state.shown_screen_px
        return state.panned((right * width / 8, down * height / 8))

    return change


def _closer(notches: float) -> Change:
    def change(state: ViewportState, _image: XrayImage) -> ViewportState:
        x, y, width, height = state.shown_screen_px
        return state.zoomed(math.pow(ZOOM_PER_NOTCH, notches), (x + width / 2, y + height / 2))

    return change


CHANGE_BY_TOOL: dict[str, tuple[ViewportCause, Change]] = {
    "fit": ("fit", lambda state, _image: state.fitted()),
    "one_to_one": ("zoom", lambda state, _image: state.one_to_one()),
    "restart": ("fit", lambda state, _image: state.restarted()),
    "zoom_in": ("zoom", _closer(1)),
    "zoom_out": ("zoom", _closer(-1)),
    "pan_left": ("pan", _moved(-1, 0)),
    "pan_right": ("pan", _moved(1, 0)),
    "pan_up": ("pan", _moved(0, -1)),
    "pan_down": ("pan", _moved(0, 1)),
    "invert": ("invert", lambda state, _image: state.inverted()),
    "image_overlays": (
        "overlay",
        lambda state, image: state.overlaid() if image.overlays else state,
    ),
    "rotate_right": ("rotate", lambda state, _image: state.rotated(1)),
    "rotate_left": ("rotate", lambda state, _image: state.rotated(-1)),
    "flip_horizontal": ("flip", lambda state, _image: state.flipped(across_x=True)),
    "flip_vertical": ("flip", lambda state, _image: state.flipped(across_y=True)),
    "auto_window": ("window", lambda state, image: state.windowed(auto_window(image))),
    "default_window": ("window", lambda state, image: state.windowed(image.default_window)),
    "next_window": (
        "window",
        lambda state, image: state.windowed(_next_window(state.window, image)),
    ),
    "window_brighter": ("window", _key_drag(0, -KEY_STEP_PX)),
    "window_darker": ("window", _key_drag(0, KEY_STEP_PX)),
    "window_wider": ("window", _key_drag(KEY_STEP_PX, 0)),
    "window_narrower": ("window", _key_drag(-KEY_STEP_PX, 0)),
    **{f"preset_{n}": ("window", _preset(n)) for n in range(1, PRESET_COUNT + 1)},
}
"""The cause on record and the change of each tool; true size and the typed window are apart."""

FRAME_STEPS = {
    "next_frame": 1,
    "previous_frame": -1,
    "first_frame": -MAX_FRAMES,
    "last_frame": MAX_FRAMES,
}
"""How many frames each tool goes on; the first and the last frame stop."""
