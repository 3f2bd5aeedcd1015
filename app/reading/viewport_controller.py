"""The tools of one viewport: gestures and keys become changes of its state, or a word why not."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.reading.recorded_viewport import RecordedViewport
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
from gazecore.study.tool_keys import preset_number
from gazecore.study.tool_locks import locked_names

if TYPE_CHECKING:
    from app.reading.frame import FrameRenderer
    from app.reading.serial_count import SerialCount
    from app.reading.shown_case import ShownCase
    from app.reading.viewport_state import Pair
    from gazecore.messages import ViewportCause

ONE_FRAME = "This image has one frame."
COLOR_HAS_NO_WINDOW = "No window applies to an image in color."


class ViewportController(RecordedViewport):
    """Changes what a viewport shows; widgets ask it for changes and paint what it says.

    Signals
    -------
    notice_made : str
        Why a tool did nothing, in one line for the reader.
    frame_wanted : int
        The reader asks for another frame of the image, from 0; `show_frame` gives it.
    """

    notice_made = Signal(str)
    frame_wanted = Signal(int)

    def __init__(
        self,
        index: int = 0,
        serials: SerialCount | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(index, serials, parent)
        self._locked: frozenset[str] = frozenset()
        self._wanted_frame: int | None = None
        self._screen_mm_per_px: float | None = None

    def begin_session(self, locked_tools: frozenset[str], first_serial: int = 0) -> None:
        """Count states from `first_serial`, and take away what the protocol locks, by name."""
        self.count_from(first_serial)
        self._locked = locked_names(locked_tools)

    def open(self, shown: ShownCase) -> None:
        """Show an image fitted into the viewport, through the window that it opens with."""
        self._wanted_frame = None
        super().open(shown)

    def clear(self) -> None:
        """Show nothing."""
        self._wanted_frame = None
        super().clear()

    def leave(self) -> None:
        """Go from the page and say so; what was shown is kept for `come_back`."""
        self._wanted_frame = None
        super().leave()

    def is_locked(self, name: str) -> bool:
        """Whether the protocol takes a tool or gesture away."""
        return name in self._locked

    def measure_screen(self, mm_per_px: float | None) -> None:
        """Take note of the size of a physical pixel of the screen; None: not known."""
        self._screen_mm_per_px = mm_per_px

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
        state, image = self.state, self.image
        if state is None or image is None or self.is_locked("region_drag"):
            return
        corners = state.transform.to_image([corner_screen_px, other_screen_px])
        (x0, y0), (x1, y1) = corners.min(axis=0), corners.max(axis=0)
        region_px = (float(x0), float(y0), float(x1), float(y1))
        window = region_window(image, state.window, region_px)
        if window is None:
            self.notice_made.emit("The region holds no image.")
        else:
            self._change("region_drag", "window", lambda state, _image: state.windowed(window))

    def type_window(self, text: str) -> bool:
        """Window by two typed numbers, centre and width; returns whether they were that."""
        window = typed_window(text, self.state.window) if self.state else None
        if window is None:
            self.notice_made.emit("Two numbers, please: centre and width, at least 1.")
            return False
        self._change("window_entry", "window", lambda state, _image: state.windowed(window))
        return True

    def use(self, tool: str) -> None:
        """Use a tool that has a key: fit, rotate, invert, auto window..."""
        if self.is_locked(tool):
            return
        if tool == "true_size":
            self._show_true_size()
        elif why := self._lack(tool):
            self.notice_made.emit(why)
        elif tool in FRAME_STEPS:
            self.step_frame(FRAME_STEPS[tool])
        else:
            cause, change = CHANGE_BY_TOOL[tool]
            self._change(tool, cause, change)

    def step_frame(self, by: int) -> None:
        """Ask for another frame, so many further from the one wanted last; the ends stop."""
        image = self.image
        if image is None or self.state_here is None:
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
        state, before, image = self.state, self.image, renderer.image
        if state is None or before is None or image.frame != self._wanted_frame:
            return False
        self._wanted_frame = None
        shown = replace(
            state,
            window=window_on_frame(state.window, before, image),
            start_window=image.default_window,
            image_overlays=state.image_overlays and bool(image.overlays),
        )
        self.become(shown, "frame", renderer)
        return True

    def give_up_frame(self) -> None:
        """Wait no longer for the frame that was wanted; the one shown stays."""
        self._wanted_frame = None

    def refuse_frame(self, frame: int, reason: str) -> None:
        """Say why the frame that was wanted does not come."""
        if frame == self._wanted_frame:
            self._wanted_frame = None
            self.notice_made.emit(f"Frame {frame + 1} cannot be shown: {reason}")

    def _lack(self, tool: str) -> str:
        """What the image has not that a tool would show, in one line; empty if it can work."""
        image = self.image
        if image is None:
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

    def _show_true_size(self) -> None:
        state, image = self.state, self.image
        if state is None or image is None:
            return
        zoom = true_size_zoom(image, self._screen_mm_per_px)
        if zoom is None:
            self.notice_made.emit("No true size: how large a pixel is is not known.")
            return
        x, y, width, height = state.shown_screen_px
        centre = (x + width / 2, y + height / 2)
        factor = zoom / state.zoom
        self._change("true_size", "zoom", lambda state, _image: state.zoomed(factor, centre))

    def _change(self, tool: str, cause: ViewportCause, change: Change) -> None:
        state, image = self.state_here, self.image
        if state is None or image is None or self.is_locked(tool):
            return
        if cause == "window" and image.is_color:
            self.notice_made.emit(COLOR_HAS_NO_WINDOW)
            return
        changed = change(state, image)
        if changed != state:
            self.become(changed, cause)
