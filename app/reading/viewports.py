"""The viewports of the reading page: their layout, the active one, one count of states for all.

A case brings one image or several. Viewport i shows image i; where the images are fewer than the
viewports the first ones come again, each time through the image's next window (after its own the
automatic one), with a zoom and window of their own and one pyramid for all. Where a study locks the
next window they come through the same one.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.reading.page_layout import LAYOUT_BY_TOOL, MOST_VIEWPORTS, SINGLE, PageLayout
from app.reading.serial_count import SerialCount
from app.reading.viewport_controller import ViewportController
from gazecore.dicom import auto_window
from gazecore.lsl import clock_s
from gazecore.messages import FrameShown
from gazecore.study.tool_keys import TOOLS
from gazecore.study.tool_locks import locked_names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.reading.frame import FrameRenderer
    from app.reading.shown_case import ShownCase
    from gazecore.dicom import Window, XrayImage
    from gazecore.display.screen_light import ScreenLight

LAYOUT_LOCK = TOOLS["one_viewport"].lock
NEXT_WINDOW = TOOLS["next_window"].name


class Viewports(QObject):
    """Holds every viewport's controller; tools act on the active one.

    Signals
    -------
    viewport_changed, frame_shown : markers of `gazecore.messages`
        Of every viewport; also the frame that showed that a viewport is gone.
    layout_changed : `PageLayout`
        Other viewports are shown, or elsewhere; they take their places before the call returns.
    active_changed : int
        Tools act on this viewport now.
    case_cleared
        Nothing is shown any more.
    frame_wanted : int
        A viewport asks for a frame of its image, from 0.
    """

    viewport_changed = Signal(object)
    frame_shown = Signal(object)
    layout_changed = Signal(object)
    active_changed = Signal(int)
    case_cleared = Signal()
    frame_wanted = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._serials = SerialCount()
        self.all = tuple(
            ViewportController(index, self._serials, self) for index in range(MOST_VIEWPORTS)
        )
        self._layout = SINGLE
        self._active = 0
        self._locked: frozenset[str] = frozenset()
        self._images: tuple[ShownCase, ...] = ()
        self._gone: list[int] = []
        for viewport in self.all:
            viewport.viewport_changed.connect(self.viewport_changed)
            viewport.frame_shown.connect(self._on_frame_shown)
            viewport.frame_wanted.connect(self._on_frame_wanted)

    @property
    def layout(self) -> PageLayout:
        """How the viewports share the page."""
        return self._layout

    @property
    def active(self) -> ViewportController:
        """The viewport that tools act on."""
        return self.all[self._active]

    @property
    def shown(self) -> tuple[ViewportController, ...]:
        """The viewports on the page, row by row."""
        return tuple(self.all[index] for index in self._layout.shown(self._active))

    def begin_session(self, locked_tools: frozenset[str], first_serial: int = 0) -> None:
        """One viewport; states are counted from `first_serial`, locked tools do nothing."""
        self._locked = locked_tools | locked_names(locked_tools)
        for viewport in self.all:
            viewport.begin_session(locked_tools, first_serial)
        self._take(SINGLE, 0)

    def open(self, images: Sequence[ShownCase]) -> None:
        """Show the images of a case in the present layout; the first viewport becomes active."""
        self._images = tuple(images)
        self._take(self._layout, 0)
        for viewport in self.shown:
            viewport.open(self._image_for(viewport.index))

    def show_frame(self, renderer: FrameRenderer) -> None:
        """Show a frame of the case's image in the viewports that wait for it."""
        for viewport in self.all:
            in_use = any(each.renderer is renderer for each in self.all)
            viewport.show_frame(renderer.beside() if in_use else renderer)

    def refuse_frame(self, frame: int, reason: str) -> None:
        """Say why a frame does not come, where it was wanted."""
        for viewport in self.all:
            viewport.refuse_frame(frame, reason)

    def clear(self) -> None:
        """Show nothing."""
        self._images = ()
        self._gone.clear()
        for viewport in self.all:
            viewport.clear()
        self.case_cleared.emit()

    def lay_out(self, layout: PageLayout) -> None:
        """Show the case in another layout; one viewport alone is the active one."""
        if layout == self._layout or not self._images or LAYOUT_LOCK in self._locked:
            return
        active = self._active if layout.count == 1 or self._active < layout.count else 0
        going = [each for each in self.shown if each.index not in layout.shown(active)]
        for viewport in going:
            viewport.leave()
        self._gone += [viewport.serial for viewport in going]
        self._take(layout, active)
        for viewport in self.shown:
            if viewport.state is None:
                viewport.open(self._image_for(viewport.index))
            else:
                viewport.come_back()

    def activate(self, index: int) -> None:
        """Let tools act on a viewport that is on the page."""
        if index != self._active and index in self._layout.shown(self._active):
            self._active = index
            self.active_changed.emit(index)

    def use(self, tool: str) -> None:
        """Use a tool that has a key: one of the page, else one of the active viewport."""
        if tool in self._locked:
            return
        if tool in LAYOUT_BY_TOOL:
            asked = LAYOUT_BY_TOOL[tool]
            self.lay_out(SINGLE if asked == self._layout else asked)
        elif tool in _STEPS:
            self.activate((self._active + _STEPS[tool]) % self._layout.count)
        else:
            self.active.use(tool)

    def cover(self) -> None:
        """Something lies over the whole page: no gaze is on an image until `uncover`."""
        going = [each for each in self.shown if each.state is not None]
        for viewport in going:
            viewport.leave()
        self._gone += [viewport.serial for viewport in going]

    def note_covered(self) -> None:
        """What covers the page is on its way to the screen; call at the end of painting it."""
        self._tell_gone(clock_s())

    def uncover(self) -> None:
        """Show again what was covered."""
        for viewport in self.shown:
            viewport.come_back()

    def measure_screen(self, mm_per_px: float | None) -> None:
        """Take note of the size of a physical pixel of the screen; None: not known."""
        for viewport in self.all:
            viewport.measure_screen(mm_per_px)

    def use_light(self, light: ScreenLight) -> None:
        """Show through the screen's correction; every viewport keeps its limit of brightness."""
        for viewport in self.all:
            viewport.use_light(light)

    def _take(self, layout: PageLayout, active: int) -> None:
        """Another layout and active viewport; what did not change is not told."""
        was = (self._layout, self._active)
        self._layout, self._active = layout, active
        if (layout, layout.shown(active)) != (was[0], was[0].shown(was[1])):
            self.layout_changed.emit(layout)
        if active != was[1]:
            self.active_changed.emit(active)

    def _image_for(self, index: int) -> ShownCase:
        """The image of a viewport; one that is there already through its next window."""
        again, which = divmod(index, len(self._images))
        image = self._images[which]
        if not again:
            return image
        windows = () if NEXT_WINDOW in self._locked else _windows(image.renderer.image)
        window = windows[again] if again < len(windows) else image.window
        return replace(image, renderer=image.renderer.beside(), window=window)

    def _on_frame_wanted(self, frame: int) -> None:
        # one frame is fetched at a time: what another viewport waited for it has to ask again
        for viewport in self.all:
            if viewport is not self.sender():
                viewport.give_up_frame()
        self.frame_wanted.emit(frame)

    def _on_frame_shown(self, frame: FrameShown) -> None:
        self.frame_shown.emit(frame)
        # the page was painted as a whole: what is there now stands where the viewport was
        self._tell_gone(frame.t_s)

    def _tell_gone(self, t_s: float) -> None:
        gone, self._gone = self._gone, []
        for serial in gone:
            self.frame_shown.emit(FrameShown(t_s=t_s, serial=serial))


_STEPS = {"next_viewport": 1, "previous_viewport": -1}


def _windows(image: XrayImage) -> tuple[Window, ...]:
    """Every window that an image may open through, each once; a colour image has but one."""
    own = (image.default_window, *(named.window for named in image.windows))
    return tuple(dict.fromkeys(own if image.is_color else (*own, auto_window(image))))
