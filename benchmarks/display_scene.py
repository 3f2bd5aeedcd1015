"""The station's own viewport and pyqtgraph's ImageItem on one screen, step by step in turn.

The image alone, as the peer shows it, and then ours as a reader has it: corner texts with the live
numbers of the window, badges, orientation letters and scale bar over it.

``python benchmarks/display_scene.py WIDTH HEIGHT REPEATS`` prints milliseconds per step as JSON;
`benchmarks/display.py` runs it once for every kind of screen.
"""

from __future__ import annotations

import importlib.util
import json
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("PYQTGRAPH_QT_LIB", "PySide6")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from app.reading.frame import FrameRenderer
from app.reading.shown_case import ShownCase
from app.reading.viewport_controller import ViewportController
from app.reading.widgets.overlay import Overlay
from app.reading.widgets.viewport import Viewport
from gazecore.dicom import Window, XrayHeader, XrayImage
from gazecore.display.screen_light import ScreenLight
from gazecore.study.protocol import OVERLAYS, ScreenSettings

if TYPE_CHECKING:
    from collections.abc import Callable

IMAGE_PX = (4096, 3328)
WARM_UP = 3
Step = tuple[float, float]


class OurScreen:
    """The viewport of the station, driven as the reader's hand does."""

    def __init__(self, image: XrayImage, size_px: tuple[int, int]) -> None:
        self.controller = ViewportController()
        self.controller.use_light(ScreenLight(limit=ScreenSettings().max_mean_luminance))
        self.viewport = Viewport(self.controller)
        self.overlay = Overlay(self.controller, self.viewport)
        self.viewport.setWindowFlag(Qt.WindowType.FramelessWindowHint)
        self.viewport.setGeometry(0, 0, *size_px)
        self.viewport.show()
        QApplication.processEvents()
        self.frames = 0
        self.controller.frame_shown.connect(self._on_frame_shown)
        self.controller.begin_session(frozenset())
        self.controller.open(ShownCase(FrameRenderer(image), "reading-000001", "case-0001"))
        QApplication.processEvents()

    def write(self, *, texts: bool) -> None:
        """Have texts over the image, or the image alone."""
        self.overlay.show_layers(OVERLAYS if texts else ())
        QApplication.processEvents()

    def _on_frame_shown(self, _frame: object) -> None:
        self.frames += 1

    def window(self, turn: int) -> None:
        """A drag by some pixels, on to numbers not shown yet; markers and painting belong to it."""
        self.controller.drag_window(1.0 if turn % 80 < 40 else -1.0, 0.7)
        QApplication.processEvents()

    def pan(self, turn: int) -> None:
        """A move by some pixels, drawn quickly."""
        self.controller.begin_moving()
        self.controller.pan((3.0 if turn % 2 else -3.0, 2.0 if turn % 4 < 2 else -2.0))
        QApplication.processEvents()

    def rest(self, turn: int) -> None:
        """The smooth frame after a move; the move itself is not timed by `interleaved`."""
        del turn
        self.controller.come_to_rest()
        QApplication.processEvents()


class PyqtgraphScreen:
    """The same image in pyqtgraph's ImageItem with its defaults."""

    def __init__(self, image: XrayImage, size_px: tuple[int, int], left_px: int) -> None:
        import pyqtgraph as pg

        pg.setConfigOptions(imageAxisOrder="row-major")
        self.view = pg.GraphicsView()
        self.box = pg.ViewBox(lockAspect=True, invertY=True, enableMenu=False)
        self.view.setCentralItem(self.box)
        self.view.setWindowFlag(Qt.WindowType.FramelessWindowHint)
        self.view.setGeometry(left_px, 0, *size_px)
        self.item = pg.ImageItem(image.stored)
        self.box.addItem(self.item)
        self.view.show()
        self.size_px = size_px

    def show(self, scale: float) -> None:
        """Show the image's centre at a scale."""
        width, height = self.size_px[0] / scale, self.size_px[1] / scale
        x, y = (IMAGE_PX[1] - width) / 2, (IMAGE_PX[0] - height) / 2
        self.box.setRange(xRange=(x, x + width), yRange=(y, y + height), padding=0)
        QApplication.processEvents()

    def window(self, turn: int) -> None:
        """New levels, painted at once."""
        center, width = 1500.0 + 3 * turn, 2500.0 + turn
        self.item.setLevels((center - width / 2, center + width / 2))
        self.view.viewport().repaint()

    def pan(self, turn: int) -> None:
        """The same move as ours, painted at once."""
        x, y = (3.0 if turn % 2 else -3.0), (2.0 if turn % 4 < 2 else -2.0)
        width, height = self.box.viewPixelSize()
        self.box.translateBy(x=x * width, y=y * height)
        self.view.viewport().repaint()


def interleaved(
    steps: dict[str, Callable[[int], None]], repeats: int, before: Callable[[int], None] | None
) -> dict[str, list[float]]:
    """Milliseconds of each step, in turn; between them what is pending is done, untimed.

    Under `NAME cpu` those that this process computed, which other programs hardly lengthen.
    """
    spent: dict[str, list[float]] = {name + kind: [] for name in steps for kind in ("", " cpu")}
    for turn in range(repeats + WARM_UP):
        for name, step in steps.items():
            if before is not None:
                before(turn)
            QApplication.processEvents()
            began, computed = time.perf_counter(), time.process_time()
            step(turn)
            if turn >= WARM_UP:
                spent[name].append((time.perf_counter() - began) * 1e3)
                spent[name + " cpu"].append((time.process_time() - computed) * 1e3)
    return spent


def make_image(*, padded: bool = False) -> XrayImage:
    """Smooth 12-bit values with noise: what they show does not matter to the speed.

    With `padded` two thirds are padding around a half disc, as in a mammogram.
    """
    rng = np.random.default_rng(0)
    row, column = np.ogrid[: IMAGE_PX[0], : IMAGE_PX[1]]
    stored = ((row + column) % 3500 + rng.integers(1, 500, IMAGE_PX)).astype(np.uint16)
    if padded:
        stored[np.hypot(row - IMAGE_PX[0] / 2, column) > 0.42 * IMAGE_PX[0]] = 0
    header = XrayHeader(
        bits_stored=12,
        default_window=Window(2048, 4096),
        padding_range=(0, 0) if padded else None,
        modality="DX",
        view_position="AP",
        laterality="R",
        patient_orientation=("L", "F"),
        spacing_mm=(0.14, 0.14),
        spacing_source="at detector",
        simulated=True,
    )
    return XrayImage.from_header(header, stored)


def measure(size_px: tuple[int, int], repeats: int) -> dict[str, Any]:
    """Milliseconds per step at fit and at 1:1; without pyqtgraph ours alone."""
    image = make_image()
    ours = OurScreen(image, size_px)
    has_peer = importlib.util.find_spec("pyqtgraph") is not None
    peer = PyqtgraphScreen(image, size_px, left_px=size_px[0]) if has_peer else None
    spent: dict[str, Any] = {}
    for name, tool in (("fit", "fit"), ("1:1", "one_to_one")):
        ours.controller.use(tool)
        state = ours.controller.state
        steps: dict[str, Callable[[int], None]] = {"ours": ours.window}
        pans: dict[str, Callable[[int], None]] = {"ours": ours.pan}
        if peer is not None and state is not None:
            peer.show(state.zoom)
            steps["peer"], pans["peer"] = peer.window, peer.pan
        QApplication.processEvents()
        shown_before = ours.frames
        for texts, kind in ((False, "window"), (True, "window with texts")):
            ours.write(texts=texts)
            spent[f"{name}, {kind}"] = interleaved(steps, repeats, None)
        if ours.frames - shown_before < 2 * (repeats + WARM_UP):
            raise SystemExit("not every step of ours was painted: the figures mean nothing")
        spent[f"{name}, pan"] = interleaved(pans, repeats, None)
        spent[f"{name}, rest"] = interleaved({"ours": ours.rest}, repeats, ours.pan)
        ours.controller.come_to_rest()
    ours.viewport.close()
    spent.update(padded_steps(size_px, repeats))
    return spent


def make_ready(image: XrayImage) -> None:
    """Build what an image needs to be drawn, and drop it."""
    FrameRenderer(image)


def padded_steps(size_px: tuple[int, int], repeats: int) -> dict[str, dict[str, list[float]]]:
    """The same of an image with padding, where edges are drawn apart; and making it ready."""
    image = make_image(padded=True)
    ours = OurScreen(image, size_px)
    ours.write(texts=True)
    spent = {
        "padded, window": interleaved({"ours": ours.window}, repeats, None),
        "padded, pan": interleaved({"ours": ours.pan}, repeats, None),
        "padded, rest": interleaved({"ours": ours.rest}, repeats, ours.pan),
        "padded, ready": interleaved({"ours": lambda _: make_ready(image)}, 10, None),
    }
    plain = make_image()
    spent["plain, ready"] = interleaved({"ours": lambda _: make_ready(plain)}, 10, None)
    ours.viewport.close()
    return spent


def main() -> None:
    """Measure on this platform and print."""
    application = QApplication([])
    width, height, repeats = (int(text) for text in sys.argv[1:4])
    print(json.dumps(measure((width, height), repeats)))
    del application


if __name__ == "__main__":
    main()
