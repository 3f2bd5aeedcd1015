"""The state of one viewport, on record: every change is a marker with the full state."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.reading.serial_count import SerialCount
from app.reading.viewport_state import Rectangle, ViewportState
from gazecore.display.screen_light import ScreenLight
from gazecore.lsl import clock_s
from gazecore.messages import FrameShown, ViewportCause, ViewportChanged, WindowState

if TYPE_CHECKING:
    from app.reading.frame import FrameRenderer
    from app.reading.shown_case import ShownCase
    from gazecore.dicom import Window, XrayImage


class RecordedViewport(QObject):
    """Holds what one viewport shows; no change of it goes without a marker.

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
    """

    viewport_changed = Signal(object)
    frame_shown = Signal(object)
    case_cleared = Signal()

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
        self._is_moving = False
        self._smooth = True
        self._light = ScreenLight()

    @property
    def state(self) -> ViewportState | None:
        """What is shown, or was when the viewport left the page; None without a case."""
        return self._state

    @property
    def state_here(self) -> ViewportState | None:
        """What is shown; None without a case, and while the viewport is not on the page."""
        return None if self._is_gone else self._state

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

    def count_from(self, first_serial: int) -> None:
        """Count the states of all viewports from this number."""
        self._serials.restart(first_serial)
        self._serial = -1

    def open(self, shown: ShownCase) -> None:
        """Show an image fitted into the viewport, through the window that it opens with."""
        image = shown.renderer.image
        height_px, width_px = image.stored.shape
        self._shown, self._is_moving, self._is_gone = shown, False, False
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
        self.become(start.fitted(), "open")

    def clear(self) -> None:
        """Show nothing."""
        self._shown = self._state = None
        self._is_moving = self._is_gone = False
        self.case_cleared.emit()

    def leave(self) -> None:
        """Go from the page and say so; what was shown is kept for `come_back`."""
        state = self.state_here
        if state is not None and self._shown is not None:
            self._is_moving, self._is_gone = False, True
            nowhere = replace(state, shown_screen_px=(0.0, 0.0, 0.0, 0.0))
            self._tell(nowhere, self._shown, "layout")

    def come_back(self) -> None:
        """Show again, where the viewport lies now, what was shown when it left."""
        if self._state is not None and self._is_gone:
            self._is_gone = False
            self.become(self._state.placed(self._place, self._device_pixel_ratio), "layout")

    def place(self, shown_screen_px: Rectangle, device_pixel_ratio: float) -> None:
        """Take note of where the viewport lies on the tracked screen, in physical pixels."""
        if (shown_screen_px, device_pixel_ratio) == (self._place, self._device_pixel_ratio):
            return
        self._place, self._device_pixel_ratio = shown_screen_px, device_pixel_ratio
        if (state := self.state_here) is not None:
            self.become(state.placed(shown_screen_px, device_pixel_ratio), "resize")

    def use_light(self, light: ScreenLight) -> None:
        """Show through the screen's correction, and keep its limit of brightness."""
        self._light = light
        if (state := self.state_here) is not None:
            self.become(state, "screen")

    def begin_moving(self) -> None:
        """The reader drags or zooms: from the next change on each frame is drawn quickly."""
        self._is_moving = self.state_here is not None

    def come_to_rest(self) -> None:
        """The reader has stopped: what was drawn quickly is drawn smoothly, a state of its own."""
        self._is_moving = False
        if not self._smooth and (state := self.state_here) is not None:
            self.become(state, "repeat")

    def become(
        self, state: ViewportState, cause: ViewportCause, renderer: FrameRenderer | None = None
    ) -> None:
        """Show another state, of another frame of the image if one is given; nothing uncased."""
        if self._shown is None:
            return
        if renderer is not None:
            self._shown = replace(self._shown, renderer=renderer)
        self._state = self._lit(state, self._shown.renderer)
        self._tell(self._state, self._shown, cause)

    def note_painted(self, serial: int) -> None:
        """A frame of state `serial` is on its way to the screen; call at the end of painting."""
        if self._shown is not None and serial >= 0:
            self.frame_shown.emit(FrameShown(t_s=clock_s(), serial=serial))

    def _tell(self, state: ViewportState, shown: ShownCase, cause: ViewportCause) -> None:
        self._serial = self._serials.take()
        self._smooth = not self._is_moving
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
                window=_on_record(state.window),
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


def _on_record(window: Window) -> WindowState:
    return WindowState(
        center=window.center,
        width=window.width,
        function=window.function,
        voi_index=window.voi_index,
        invert=window.invert,
        frame=window.frame,
    )
