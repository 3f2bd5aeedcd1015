"""Closed loop: frames of a real viewport against the same frames drawn again from their markers.

Run as a script it prints what it found as JSON; so the same loop runs at any device-pixel ratio.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
import zlib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import imagecodecs
import numpy as np
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from app.reading.frame import FrameRenderer
from app.reading.viewport_controller import ShownCase, ViewportController
from app.reading.widgets.viewport import Viewport
from gazecore.dicom import XrayImage, open_image
from gazecore.dicom.overlays import OverlayPlane
from gazecore.dicom.recorded_frame import DrawableImage, render_overlays, render_picture
from gazecore.dicom.shutter import Shutter
from gazecore.messages import ViewportChanged
from tests.app.reading.widgets.geometry_loop import drag, wheel

if TYPE_CHECKING:
    import numpy.typing as npt


TOOLS: tuple[str, ...] = (
    "fit",
    "one_to_one",
    "invert",
    "rotate_right",
    "rotate_left",
    "flip_horizontal",
    "flip_vertical",
    "restart",
    "auto_window",
    "image_overlays",
)
SEED = 20


class Screen:
    """A viewport in a corner of a window that is no multiple of anything."""

    def __init__(self, image: XrayImage) -> None:
        self.holder = QWidget()
        self.holder.resize(443, 337)
        self.controller = ViewportController()
        self.viewport = Viewport(self.controller)
        column = QVBoxLayout(self.holder)
        column.setContentsMargins(3, 5, 0, 37)
        column.addWidget(self.viewport)
        self.states: dict[int, str] = {}
        self.painted: list[int] = []
        self.controller.viewport_changed.connect(self._on_changed)
        self.controller.frame_shown.connect(lambda frame: self.painted.append(frame.serial))
        self.holder.show()
        QApplication.processEvents()
        self.controller.begin_session(frozenset())
        self.controller.open(ShownCase(FrameRenderer(image), "reading-000001", "case-1"))

    def _on_changed(self, change: ViewportChanged) -> None:
        self.states[change.serial] = change.to_json()

    def shown_px(self) -> npt.NDArray[np.uint8]:
        """What stands on the screen where the viewport is, (rows, columns, 3), physical pixels."""
        QApplication.processEvents()
        window = self.holder.screen().grabWindow(self.holder.winId()).toImage()
        rgb = window.convertToFormat(QImage.Format.Format_RGBX8888)
        rows = np.frombuffer(rgb.constBits(), dtype=np.uint8).reshape(rgb.height(), rgb.width(), 4)
        ratio = self.holder.devicePixelRatioF()
        corner = self.viewport.mapTo(self.holder, QPoint(0, 0))
        # Qt rounds half up
        left, top = int(corner.x() * ratio + 0.5), int(corner.y() * ratio + 0.5)
        right = min(rgb.width(), int((corner.x() + self.viewport.width()) * ratio))
        bottom = min(rgb.height(), int((corner.y() + self.viewport.height()) * ratio))
        shown: npt.NDArray[np.uint8] = rows[top:bottom, left:right, :3].copy()
        return shown

    def use_something(self, draw: random.Random) -> None:
        """One thing that a reader may do, chosen by lot."""
        spot = QPointF(draw.uniform(5, 400), draw.uniform(5, 280))
        what = draw.choice(("tool", "wheel", "pan", "window", "rest"))
        if what == "tool":
            self.controller.use(draw.choice(TOOLS))
        elif what == "wheel":
            wheel(self.viewport, draw.choice((-2, -1, 1, 2)), spot)
        elif what == "rest":
            self.controller.come_to_rest()
        else:
            button = Qt.MouseButton.MiddleButton if what == "pan" else Qt.MouseButton.LeftButton
            to = spot + QPointF(draw.uniform(-40, 40), draw.uniform(-40, 40))
            drag(self.viewport, button, spot, to)


def write_image(folder: Path) -> Path:
    """Noise of 12 bits in 16, so that a pixel that is off by one is seen, (300, 410)."""
    rng = np.random.default_rng(SEED)
    path = folder / "noise.png"
    path.write_bytes(imagecodecs.png_encode(rng.integers(0, 4096, (300, 410)).astype(np.uint16)))
    return path


def layered_image(folder: Path, *, in_color: bool) -> XrayImage:
    """Noise under two overlay planes: in colour and behind a shutter, or half of it padding."""
    image = open_image(write_image(folder))
    rng = np.random.default_rng(SEED)
    planes = tuple(
        OverlayPlane(
            group=0x6000,
            kind=kind,
            rows=120,
            columns=150,
            origin_px=origin_px,
            deflated=zlib.compress(rng.integers(0, 256, 2250, dtype=np.uint8).tobytes()),
        )
        for kind, origin_px in (("G", (-40, -30)), ("R", (300, 200)))
    )
    header = replace(image.header(), overlays=planes, is_color=in_color)
    if in_color:
        colors = rng.integers(0, 256, (*image.stored.shape, 3)).astype(np.uint8)
        header = replace(header, windows=(), shutter=Shutter(circle=(140.0, 200.0, 130.0)))
        return XrayImage.from_header(header, image.stored, colors)
    return XrayImage.from_header(replace(header, padding_range=(0, 2000)), image.stored)


def measure(image: XrayImage, frames: int) -> dict[str, float]:
    """How many frames were compared, how many differed, and what they showed."""
    screen, draw = Screen(image), random.Random(SEED)
    drawable = DrawableImage(image)
    overlaid = 0
    worst = differing = seen = nearest = 0
    for _ in range(frames):
        screen.use_something(draw)
        shown = screen.shown_px()
        state = ViewportChanged.model_validate_json(screen.states[screen.painted[-1]])
        assert state.serial == screen.controller.serial
        again = render_picture(drawable, state)[: shown.shape[0], : shown.shape[1]]
        overlaid += bool(render_overlays(drawable, state).any())
        off = np.abs(again.astype(int) - shown)
        differing += bool(off.any())
        worst = max(worst, int((off > 0).sum()))
        seen += bool(shown.any())
        nearest += not state.smooth
    ratio = screen.viewport.devicePixelRatioF()
    screen.holder.close()
    return {
        "ratio": ratio,
        "frames": frames,
        "differing": differing,
        "worst_pixels": worst,
        "seen": seen,
        "nearest": nearest,
        "overlaid": overlaid,
        "states": len(screen.states),
    }


if __name__ == "__main__":
    application = QApplication(sys.argv[:1])
    with tempfile.TemporaryDirectory() as made:
        noise = open_image(write_image(Path(made)))
        print(json.dumps(measure(noise, int(sys.argv[1]))))
