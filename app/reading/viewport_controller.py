"""Changes what the viewport shows and says so: every change is a marker with the full state."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.reading.viewmodel import TOOL_LOCKS, ToolKey
from app.reading.viewport_state import Pair, Rectangle, ViewportState
from gazecore.dicom import Window, auto_window
from gazecore.lsl import clock_s
from gazecore.messages import FrameShown, ViewportCause, ViewportChanged, WindowState

if TYPE_CHECKING:
    from app.reading.frame import FrameRenderer
    from gazecore.dicom import XrayImage

ZOOM_PER_NOTCH = 1.15
"""Zoom factor of one notch of the mouse wheel (120 of Qt's units)."""

WINDOW_WIDTHS_PER_PX = 1 / 400
"""A drag of 400 physical pixels moves the centre by one width, or the width by a factor e."""


Change = Callable[[ViewportState, "XrayImage"], ViewportState]


@dataclass(frozen=True, slots=True)
class ShownCase:
    """The image on the screen, ready to be drawn, and the reading that it belongs to."""

    renderer: FrameRenderer
    reading_id: str
    case_id: str


class ViewportController(QObject):
    """Holds the state of one viewport; widgets ask it for changes and paint what it says.

    Signals
    -------
    viewport_changed : `gazecore.messages.ViewportChanged`
        After each change, before the frame is painted.
    frame_shown : `gazecore.messages.FrameShown`
        After each paint of an open case; `t_s` is the end of painting.
    case_cleared
        The viewport shows nothing any more.
    """

    viewport_changed = Signal(object)
    frame_shown = Signal(object)
    case_cleared = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shown: ShownCase | None = None
        self._state: ViewportState | None = None
        self._serial = -1
        self._place: Rectangle = (0.0, 0.0, 1.0, 1.0)
        self._device_pixel_ratio = 1.0
        self._locked: frozenset[str] = frozenset()
        self._is_moving = False
        self._smooth = True

    @property
    def state(self) -> ViewportState | None:
        """What is shown, or None without a case."""
        return self._state

    @property
    def image(self) -> XrayImage | None:
        """The image shown, or None without a case."""
        return self._shown.renderer.image if self._shown else None

    @property
    def renderer(self) -> FrameRenderer | None:
        """What draws the image shown, or None without a case."""
        return self._shown.renderer if self._shown else None

    @property
    def serial(self) -> int:
        """The number of the present state; -1 before the first."""
        return self._serial

    @property
    def smooth(self) -> bool:
        """Whether the present state is drawn between stored values, or by the nearest one."""
        return self._smooth

    def begin_session(self, locked_tools: frozenset[str], first_serial: int = 0) -> None:
        """Count states from `first_serial`, and take away the tools that the protocol locks."""
        self._serial = first_serial - 1
        self._locked = locked_tools

    def open(self, shown: ShownCase) -> None:
        """Show an image fitted into the viewport, through the window it comes with."""
        image = shown.renderer.image
        height_px, width_px = image.stored.shape
        self._shown, self._is_moving = shown, False
        start = ViewportState(
            image_width_px=width_px,
            image_height_px=height_px,
            shown_screen_px=self._place,
            window=image.default_window,
            start_window=image.default_window,
            device_pixel_ratio=self._device_pixel_ratio,
            pixel_aspect=image.pixel_aspect,
        )
        self._become(start.fitted(), "open")

    def clear(self) -> None:
        """Show nothing."""
        self._shown = self._state = None
        self._is_moving = False
        self.case_cleared.emit()

    def place(self, shown_screen_px: Rectangle, device_pixel_ratio: float) -> None:
        """Take note of where the viewport lies on the tracked screen, in physical pixels."""
        if (shown_screen_px, device_pixel_ratio) == (self._place, self._device_pixel_ratio):
            return
        self._place, self._device_pixel_ratio = shown_screen_px, device_pixel_ratio
        if self._state is not None:
            self._become(self._state.placed(shown_screen_px, device_pixel_ratio), "resize")

    def begin_moving(self) -> None:
        """The reader drags or zooms: from the next change on each frame is drawn quickly."""
        self._is_moving = self._state is not None

    def come_to_rest(self) -> None:
        """The reader has stopped: what was drawn quickly is drawn smoothly, a state of its own."""
        self._is_moving = False
        if self._state is not None and not self._smooth:
            self._become(self._state, "repeat")

    def zoom(self, notches: float, at_screen_px: Pair) -> None:
        """Zoom by wheel notches; the image point under the cursor stays there."""
        factor = math.pow(ZOOM_PER_NOTCH, notches)
        self._change("zoom", "zoom", lambda state, _image: state.zoomed(factor, at_screen_px))

    def pan(self, by_screen_px: Pair) -> None:
        """Move the image by physical pixels."""
        self._change("pan", "pan", lambda state, _image: state.panned(by_screen_px))

    def drag_window(self, right_px: float, down_px: float) -> None:
        """Right widens the window, up brightens, in proportion to the window's width.

        A drag while a VOI LUT is shown goes over to a linear window of the same reach.
        """
        self._change(
            "window",
            "window",
            lambda state, image: state.windowed(
                _dragged(state.window, image.photometric, right_px, down_px)
            ),
        )

    def use(self, tool: ToolKey) -> None:
        """Use a tool that has a key: fit, rotate, invert, auto window..."""
        cause, change = _CHANGE_BY_TOOL[tool]
        self._change(TOOL_LOCKS.get(tool), cause, change)

    def note_painted(self, serial: int) -> None:
        """A frame of state `serial` is on its way to the screen; call at the end of painting."""
        if self._shown is not None and serial >= 0:
            self.frame_shown.emit(FrameShown(t_s=clock_s(), serial=serial))

    def _change(self, lock: str | None, cause: ViewportCause, change: Change) -> None:
        if self._state is None or self._shown is None or lock in self._locked:
            return
        changed = change(self._state, self._shown.renderer.image)
        if changed != self._state:
            self._become(changed, cause)

    def _become(self, state: ViewportState, cause: ViewportCause) -> None:
        if self._shown is None:
            return
        self._state = state
        self._serial += 1
        self._smooth = not self._is_moving
        window = state.window
        self.viewport_changed.emit(
            ViewportChanged(
                t_s=clock_s(),
                serial=self._serial,
                reading_id=self._shown.reading_id,
                case_id=self._shown.case_id,
                cause=cause,
                transform=state.transform.elements,
                shown_screen_px=state.shown_screen_px,
                window=WindowState(
                    center=window.center,
                    width=window.width,
                    function=window.function,
                    voi_index=window.voi_index,
                    invert=window.invert,
                    frame=window.frame,
                ),
                device_pixel_ratio=state.device_pixel_ratio,
                smooth=self._smooth,
                image_width_px=state.image_width_px,
                image_height_px=state.image_height_px,
            )
        )


def _dragged(window: Window, photometric: str, right_px: float, down_px: float) -> Window:
    if window.voi_index is not None:
        window = replace(window, voi_index=None, function="LINEAR")
    is_dark_high = (photometric == "MONOCHROME1") != window.invert
    darker = -1.0 if is_dark_high else 1.0
    return replace(
        window,
        center=window.center + darker * down_px * window.width * WINDOW_WIDTHS_PER_PX,
        width=max(
            Window.least_width(window.function),
            window.width * math.exp(right_px * WINDOW_WIDTHS_PER_PX),
        ),
    )


def _window_after(shown: Window, image: XrayImage) -> Window:
    windows = [named.window for named in image.windows] or [image.default_window]
    position = windows.index(shown) + 1 if shown in windows else 0
    return windows[position % len(windows)]


_CHANGE_BY_TOOL: dict[ToolKey, tuple[ViewportCause, Change]] = {
    "fit": ("fit", lambda state, _image: state.fitted()),
    "one_to_one": ("zoom", lambda state, _image: state.one_to_one()),
    "invert": ("invert", lambda state, _image: state.inverted()),
    "rotate_right": ("rotate", lambda state, _image: state.rotated(1)),
    "rotate_left": ("rotate", lambda state, _image: state.rotated(-1)),
    "flip_horizontal": ("flip", lambda state, _image: state.flipped(across_x=True)),
    "flip_vertical": ("flip", lambda state, _image: state.flipped(across_y=True)),
    "restart": ("fit", lambda state, _image: state.restarted()),
    "auto_window": ("window", lambda state, image: state.windowed(auto_window(image))),
    "default_window": ("window", lambda state, image: state.windowed(image.default_window)),
    "next_window": (
        "window",
        lambda state, image: state.windowed(_window_after(state.window, image)),
    ),
}
