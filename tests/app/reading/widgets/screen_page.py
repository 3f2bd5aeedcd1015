"""A page of viewports that fills a real screen: hands for it, its markers, its grabbed pixels."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from app.reading.frame import FrameRenderer
from app.reading.page_layout import LAYOUT_BY_TOOL
from app.reading.shown_case import ShownCase
from app.reading.viewports import Viewports
from app.reading.widgets.overlay import Overlay
from app.reading.widgets.viewport_grid import ViewportGrid
from gazecore.lsl import clock_s
from gazecore.messages import CaseOpened, FrameShown, ViewportChanged, parse_marker
from tests.app.reading.widgets.geometry_loop import drag, wheel

if TYPE_CHECKING:
    import random

    import numpy.typing as npt

    from gazecore.dicom import Window, XrayImage
    from gazecore.messages import AnyMarker

MARGINS = (3, 5, 1, 37)
"""Around the page, so that no viewport begins where a pixel does at every ratio."""

TOOLS = (
    "fit",
    "fit",
    "one_to_one",
    "rotate_right",
    "rotate_left",
    "flip_horizontal",
    "flip_vertical",
    "restart",
    "zoom_in",
    "pan_left",
    "pan_right",
    "pan_up",
    "pan_down",
)
LEVEL_TOOLS = ("invert", "auto_window", "window_brighter", "window_narrower")
LAYOUTS = (*LAYOUT_BY_TOOL, "side_by_side", "four_viewports")
WAIT_S = 20.0


class ScreenPage:
    """One case on the last of the application's screens; markers go through their JSON."""

    def __init__(
        self,
        image: XrayImage,
        window: Window | None = None,
        share: float = 0.9,
    ) -> None:
        self.image = image
        self.markers: list[AnyMarker] = []
        self.viewports = Viewports()
        self.viewports.viewport_changed.connect(self._on_marker)
        self.viewports.frame_shown.connect(self._on_marker)
        self.screen = QGuiApplication.screens()[-1]
        self.window = QWidget()
        self.grid = ViewportGrid(self.viewports)
        for texts in self.grid.findChildren(Overlay):
            texts.hide()  # what is written over an image is no part of its frame
        self._fill_screen(share)
        self.viewports.begin_session(frozenset())
        height_px, width_px = image.stored.shape
        opened = CaseOpened(
            t_s=clock_s(),
            reading_id="reading-000001",
            case_id="case-0001",
            image_width_px=width_px,
            image_height_px=height_px,
        )
        self._on_marker(opened)
        planes = bool(image.overlays)
        shown = ShownCase(FrameRenderer(image), "reading-000001", "case-0001", window, planes)
        self.viewports.open((shown,))

    def _fill_screen(self, share: float) -> None:
        """Lay the page over that much of the screen's width and height, from its corner on.

        The offscreen platform grabs of a window as many physical pixels as it has logical ones,
        so the window goes on beyond the page.
        """
        place, ratio = self.screen.geometry(), self.screen.devicePixelRatio()
        width, height = int(place.width() * share), int(place.height() * share)
        window_width, window_height = math.ceil(width * ratio), math.ceil(height * ratio)
        left, top, right, bottom = MARGINS
        right, bottom = right + window_width - width, bottom + window_height - height
        column = QVBoxLayout(self.window)
        column.setContentsMargins(left, top, right, bottom)
        column.addWidget(self.grid)
        self.window.setWindowFlag(Qt.WindowType.FramelessWindowHint)
        self.window.setGeometry(place.x(), place.y(), window_width, window_height)
        self.window.show()
        QApplication.processEvents()
        assert self.window.screen() is self.screen
        assert self.window.geometry().topLeft() == place.topLeft()

    def _on_marker(self, marker: AnyMarker) -> None:
        self.markers.append(parse_marker(marker.to_json()))

    @property
    def ratio(self) -> float:
        """Physical pixels per logical pixel of the screen."""
        return self.window.devicePixelRatioF()

    def do_something(self, draw: random.Random, *, with_levels: bool) -> str:
        """One thing that a reader may do, chosen by lot; returns what it was."""
        what = draw.choice(("tool", "tool", "wheel", "pan", "window", "layout", "next", "rest"))
        viewport = draw.choice(self.grid.shown)
        spot = QPointF(draw.uniform(5, viewport.width() - 5), draw.uniform(5, 200))
        if what == "tool":
            planes = ("image_overlays",) * 15 * bool(self.image.overlays)
            what = draw.choice((*TOOLS, *((*LEVEL_TOOLS, *planes) if with_levels else ())))
            self.viewports.use(what)
        elif what == "layout":
            what = draw.choice(LAYOUTS)
            self.viewports.use(what)
        elif what == "next":
            self.viewports.use("next_viewport")
        elif what == "wheel":
            wheel(viewport, draw.choice((-2, -1, 1, 2)), spot)
        elif what == "rest":
            self.viewports.active.come_to_rest()
        elif what == "pan" or with_levels:
            button = Qt.MouseButton.MiddleButton if what == "pan" else Qt.MouseButton.LeftButton
            moved = QPointF(draw.uniform(-40, 40), draw.uniform(-40, 40))
            drag(viewport, button, spot, spot + moved)
        return what

    def shown_states(self, *, at_rest: bool) -> list[ViewportChanged]:
        """What each viewport on the page shows, once all of them were painted."""
        until_s = time.monotonic() + WAIT_S
        while time.monotonic() < until_s:
            QApplication.processEvents()
            shown = self.viewports.shown
            if at_rest:
                for each in shown:
                    each.come_to_rest()
            painted = {m.serial for m in self.markers if isinstance(m, FrameShown)}
            states = {m.serial: m for m in self.markers if isinstance(m, ViewportChanged)}
            serials = [each.serial for each in shown]
            if painted.issuperset(serials):
                return [states[serial] for serial in serials]
        raise AssertionError("a viewport was not painted")

    def pixels(self) -> npt.NDArray[np.uint8]:
        """The physical pixels of the screen from its top left corner on, (h, w, 3)."""
        grab = self.screen.grabWindow(self.window.winId()).toImage()
        grab = grab.convertToFormat(QImage.Format.Format_RGBX8888)
        rows = np.frombuffer(grab.constBits(), dtype=np.uint8)
        shown: npt.NDArray[np.uint8] = rows.reshape(grab.height(), grab.width(), 4)[..., :3].copy()
        return shown

    def close(self) -> None:
        """Take the page away."""
        self.window.close()
