"""Changes what the viewport shows and says so: every change is a marker with the full state."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.reading.serial_count import SerialCount
from app.reading.viewport_state import Pair, Rectangle, ViewportState
from app.reading.window_tools import (
    CHANGE_BY_TOOL,
    FRAME_STEPS,
    PLAIN_DRAG,
    ZOOM_PER_NOTCH,
    Change,
    DragManner,
    dragged,
    region_window,
    true_size_zoom,
    typed_window,
    window_on_frame,
)
from gazecore.display.screen_light import ScreenLight
from gazecore.lsl import clock_s
from gazecore.messages import FrameShown, ViewportCause, ViewportChanged, WindowState
from gazecore.study.tool_keys import preset_number
from gazecore.study.tool_locks import locked_names

if TYPE_CHECKING:
    from app.reading.frame import FrameRenderer
    from gazecore.dicom import Window, XrayImage


ONE_FRAME = "This image has one frame."
COLOR_HAS_NO_WINDOW = "No window applies to an image in color."


@dataclass(frozen=True, slots=True)
class ShownCase:
    """The image on the screen, ready to be drawn, and the reading that it belongs to.

    It opens through `window`, by default the one that the image comes with, and with its overlay
    planes drawn if `image_overlays` says so.
    """

    renderer: FrameRenderer
    reading_id: str
    case_id: str
    window: Window | None = None
    image_overlays: bool = False


class ViewportController(QObject):
    """Holds the state of one viewport; widgets ask it for changes and paint what it says.

    Parameters
    ----------
    index : int
        Which viewport of the page, from 0.
    serials : SerialCount, optional
        Numbers the states, shared by all viewports of a session; one of its own by default.
    parent : QObject, optional
        What this belongs to.

    Signals
    -------
    viewport_changed : `gazecore.messages.ViewportChanged`
        After each change, before the frame is painted.
    frame_shown : `gazecore.messages.FrameShown`
        After each paint of an open case; `t_s` is the end of painting.
    case_cleared
        The viewport shows nothing any more.
    notice_made : str
        Why a tool did nothing, in one line for the reader.
    frame_wanted : int
        The reader asks for another frame of the image, from 0; `show_frame` gives it.
    """

    viewport_changed = Signal(object)
    frame_shown = Signal(object)
    case_cleared = Signal()
    notice_made = Signal(str)
    frame_wanted = Signal(int)

    def __init__(
        self,
        index: int = 0,
        serials: SerialCount | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.index = index
        self._serials = serials or SerialCount()
        self._shown: ShownCase | None = None
        self._state: ViewportState | None = None
        self._is_gone = False
        self._serial = -1
        self._place: Rectangle = (0.0, 0.0, 1.0, 1.0)
        self._device_pixel_ratio = 1.0
        self._locked: frozenset[str] = frozenset()
        self._is_moving = False
        self._smooth = True
        self._wanted_frame: int | None = None
        self._screen_mm_per_px: float | None = None
        self._light = ScreenLight()

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
        """Count states from `first_serial`, and take away what the protocol locks, by name."""
        self._serials.restart(first_serial)
        self._serial = -1
        self._locked = locked_names(locked_tools)

    def open(self, shown: ShownCase) -> None:
        """Show an image fitted into the viewport, through the window that it opens with."""
        image = shown.renderer.image
        height_px, width_px = image.stored.shape
        self._shown, self._is_moving, self._is_gone = shown, False, False
        self._wanted_frame = None
        window = shown.window or image.default_window
        start = ViewportState(
            image_width_px=width_px,
            image_height_px=height_px,
            shown_screen_px=self._place,
            window=window,
            start_window=window,
            device_pixel_ratio=self._device_pixel_ratio,
            pixel_aspect=image.pixel_aspect,
            image_overlays=shown.image_overlays and bool(image.overlays),
        )
        self._become(start.fitted(), "open")

    def clear(self) -> None:
        """Show nothing."""
        self._shown = self._state = self._wanted_frame = None
        self._is_moving = self._is_gone = False
        self.case_cleared.emit()

    def leave(self) -> None:
        """Go from the page and say so; what was shown is kept for `come_back`."""
        if self._state is not None and self._shown is not None and not self._is_gone:
            self._is_moving, self._is_gone = False, True
            nowhere = replace(self._state, shown_screen_px=(0.0, 0.0, 0.0, 0.0))
            self._tell(nowhere, self._shown, "layout")

    def come_back(self) -> None:
        """Show again, where the viewport lies now, what was shown when it left."""
        if self._state is not None and self._is_gone:
            self._is_gone = False
            self._become(self._state.placed(self._place, self._device_pixel_ratio), "layout")

    def place(self, shown_screen_px: Rectangle, device_pixel_ratio: float) -> None:
        """Take note of where the viewport lies on the tracked screen, in physical pixels."""
        if (shown_screen_px, device_pixel_ratio) == (self._place, self._device_pixel_ratio):
            return
        self._place, self._device_pixel_ratio = shown_screen_px, device_pixel_ratio
        if self._state is not None and not self._is_gone:
            self._become(self._state.placed(shown_screen_px, device_pixel_ratio), "resize")

    def begin_moving(self) -> None:
        """The reader drags or zooms: from the next change on each frame is drawn quickly."""
        self._is_moving = self._state is not None and not self._is_gone

    def come_to_rest(self) -> None:
        """The reader has stopped: what was drawn quickly is drawn smoothly, a state of its own."""
        self._is_moving = False
        if self._state is not None and not self._smooth and not self._is_gone:
            self._become(self._state, "repeat")

    def zoom(self, notches: float, at_screen_px: Pair) -> None:
        """Zoom by wheel notches; the image point under the cursor stays there."""
        factor = math.pow(ZOOM_PER_NOTCH, notches)
        self._change("zoom_wheel", "zoom", lambda state, _image: state.zoomed(factor, at_screen_px))

    def pan(self, by_screen_px: Pair) -> None:
        """Move the image by physical pixels."""
        self._change("pan_drag", "pan", lambda state, _image: state.panned(by_screen_px))

    def drag_window(self, right_px: float, down_px: float, manner: DragManner = PLAIN_DRAG) -> None:
        """Right widens the window, up brightens, in proportion to the window's width.

        A drag while a VOI LUT is shown goes over to a linear window of the same reach.
        """
        self._change(
            "window_drag",
            "window",
            lambda state, image: state.windowed(
                dragged(state.window, image.photometric, (right_px, down_px), manner)
            ),
        )

    def window_region(self, corner_screen_px: Pair, other_screen_px: Pair) -> None:
        """Window to what lies between two points of the screen; nothing outside the image."""
        if self._state is None or self._shown is None or self.is_locked("region_drag"):
            return
        corners = self._state.transform.to_image([corner_screen_px, other_screen_px])
        (x0, y0), (x1, y1) = corners.min(axis=0), corners.max(axis=0)
        region_px = (float(x0), float(y0), float(x1), float(y1))
        window = region_window(self._shown.renderer.image, self._state.window, region_px)
        if window is None:
            self.notice_made.emit("The region holds no image.")
        else:
            self._change("region_drag", "window", lambda state, _image: state.windowed(window))

    def type_window(self, text: str) -> bool:
        """Window by two typed numbers, centre and width; returns whether they were that."""
        window = typed_window(text, self._state.window) if self._state else None
        if window is None:
            self.notice_made.emit("Two numbers, please: centre and width, at least 1.")
            return False
        self._change("window_entry", "window", lambda state, _image: state.windowed(window))
        return True

    def use(self, tool: str) -> None:
        """Use a tool that has a key: fit, rotate, invert, auto window..."""
        if tool == "true_size":
            self._show_true_size()
            return
        if why := self._lack(tool):
            self.notice_made.emit(why)
            return
        if tool in FRAME_STEPS:
            if not self.is_locked(tool):
                self.step_frame(FRAME_STEPS[tool])
            return
        cause, change = CHANGE_BY_TOOL[tool]
        self._change(tool, cause, change)

    def _lack(self, tool: str) -> str:
        """What the image has not that a tool would show, in one line; empty if it can work."""
        image = self.image
        if image is None or self.is_locked(tool):
            return ""
        if tool == "image_overlays" and not image.overlays:
            return "This image has no overlays."
        if tool in FRAME_STEPS and image.frames == 1:
            return ONE_FRAME
        number, windows = preset_number(tool), len(image.windows)
        if number is None or number <= windows:
            return ""
        count = f"{windows} window" if windows == 1 else f"{windows or 'no'} windows"
        return f"The image has {count} of its own."

    def step_frame(self, by: int) -> None:
        """Ask for another frame, so many further from the one wanted last; the ends stop."""
        image = self.image
        if image is None or self._is_gone:
            return
        if image.frames == 1:
            self.notice_made.emit(ONE_FRAME)
        at = image.frame if self._wanted_frame is None else self._wanted_frame
        frame = min(max(at + by, 0), image.frames - 1)
        if frame != at:
            self._wanted_frame = frame
            self.frame_wanted.emit(frame)

    def show_frame(self, renderer: FrameRenderer) -> bool:
        """Show another frame in the same place, if it is the one wanted; returns whether it is."""
        shown, state, image = self._shown, self._state, renderer.image
        if shown is None or state is None or image.frame != self._wanted_frame:
            return False
        self._wanted_frame = None
        window = window_on_frame(state.window, shown.renderer.image, image)
        self._shown = replace(shown, renderer=renderer)
        state = replace(state, window=window, start_window=image.default_window)
        if not image.overlays:
            state = replace(state, image_overlays=False)
        self._become(state, "frame")
        return True

    def give_up_frame(self) -> None:
        """Wait no longer for the frame that was wanted; the one shown stays."""
        self._wanted_frame = None

    def refuse_frame(self, frame: int, reason: str) -> None:
        """Say why the frame that was wanted does not come."""
        if frame == self._wanted_frame:
            self._wanted_frame = None
            self.notice_made.emit(f"Frame {frame + 1} cannot be shown: {reason}")

    def is_locked(self, name: str) -> bool:
        """Whether the protocol takes a tool or gesture away."""
        return name in self._locked

    def measure_screen(self, mm_per_px: float | None) -> None:
        """Take note of the size of a physical pixel of the screen; None: not known."""
        self._screen_mm_per_px = mm_per_px

    def use_light(self, light: ScreenLight) -> None:
        """Show through the screen's correction, and keep its limit of brightness."""
        self._light = light
        if self._state is not None and not self._is_gone:
            self._become(self._state, "screen")

    def _show_true_size(self) -> None:
        if self._state is None or self._shown is None or self.is_locked("true_size"):
            return
        zoom = true_size_zoom(self._shown.renderer.image, self._screen_mm_per_px)
        if zoom is None:
            self.notice_made.emit("No true size: how large a pixel is is not known.")
            return
        x, y, width, height = self._state.shown_screen_px
        centre = (x + width / 2, y + height / 2)
        factor = zoom / self._state.zoom
        self._change("true_size", "zoom", lambda state, _image: state.zoomed(factor, centre))

    def note_painted(self, serial: int) -> None:
        """A frame of state `serial` is on its way to the screen; call at the end of painting."""
        if self._shown is not None and serial >= 0:
            self.frame_shown.emit(FrameShown(t_s=clock_s(), serial=serial))

    def _change(self, tool: str, cause: ViewportCause, change: Change) -> None:
        if self._state is None or self._shown is None or self._is_gone or self.is_locked(tool):
            return
        image = self._shown.renderer.image
        if cause == "window" and image.is_color:
            self.notice_made.emit(COLOR_HAS_NO_WINDOW)
            return
        changed = change(self._state, image)
        if changed != self._state:
            self._become(changed, cause)

    def _become(self, state: ViewportState, cause: ViewportCause) -> None:
        if self._shown is not None:
            self._state = self._lit(state, self._shown.renderer)
            self._tell(self._state, self._shown, cause)

    def _tell(self, state: ViewportState, shown: ShownCase, cause: ViewportCause) -> None:
        self._serial = self._serials.take()
        self._smooth = not self._is_moving
        window = state.window
        self.viewport_changed.emit(
            ViewportChanged(
                t_s=clock_s(),
                serial=self._serial,
                viewport=self.index,
                reading_id=shown.reading_id,
                case_id=shown.case_id,
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
                correction=state.correction.sha256 if state.correction else "",
                white_level=state.white_level,
                image_overlays=state.image_overlays,
            )
        )

    def _lit(self, state: ViewportState, renderer: FrameRenderer) -> ViewportState:
        """The state as this screen shows it: corrected, and dimmed where it would be too bright."""
        light = self._light
        white = light.white_level(renderer.shares(state)) if light.limit < 1 else 255
        return replace(state, white_level=white, correction=light.correction)
