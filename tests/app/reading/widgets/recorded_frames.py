"""Closed loop: frames of a real viewport against the same frames drawn again from their markers.

Run as a script it prints what it found as JSON; so the same loop runs at any device-pixel ratio.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
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
from gazecore.dicom import open_image
from gazecore.dicom.recorded_frame import DrawableImage, render_frame
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
)
SEED = 20


class Screen:
    """A viewport in a corner of a window that is no multiple of anything."""

    def __init__(self, path: Path) -> None:
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
        self.controller.open(ShownCase(FrameRenderer(open_image(path)), "reading-000001", "case-1"))

    def _on_changed(self, change: ViewportChanged) -> None:
        self.states[change.serial] = change.to_json()

    def shown_px(self) -> npt.NDArray[np.uint8]:
        """What stands on the screen where the viewport is, in physical pixels."""
        QApplication.processEvents()
        window = self.holder.screen().grabWindow(self.holder.winId()).toImage()
        grey = window.convertToFormat(QImage.Format.Format_Grayscale8)
        rows = np.frombuffer(grey.constBits(), dtype=np.uint8).reshape(grey.height(), -1)
        ratio = self.holder.devicePixelRatioF()
        corner = self.viewport.mapTo(self.holder, QPoint(0, 0))
        # Qt rounds half up
        left, top = int(corner.x() * ratio + 0.5), int(corner.y() * ratio + 0.5)
        right = min(grey.width(), int((corner.x() + self.viewport.width()) * ratio))
        bottom = min(grey.height(), int((corner.y() + self.viewport.height()) * ratio))
        shown: npt.NDArray[np.uint8] = rows[top:bottom, left:right].copy()
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


def measure(folder: Path, frames: int) -> dict[str, float]:
    """How many frames were compared, how many differed, and what they showed."""
    path = write_image(folder)
    screen, draw = Screen(path), random.Random(SEED)
    image = DrawableImage(open_image(path))
    worst = differing = seen = nearest = 0
    for _ in range(frames):
        screen.use_something(draw)
        shown = screen.shown_px()
        state = ViewportChanged.model_validate_json(screen.states[screen.painted[-1]])
        assert state.serial == screen.controller.serial
        again = render_frame(image, state)[: shown.shape[0], : shown.shape[1]]
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
        "states": len(screen.states),
    }


if __name__ == "__main__":
    application = QApplication(sys.argv[:1])
    with tempfile.TemporaryDirectory() as made:
        print(json.dumps(measure(Path(made), int(sys.argv[1]))))
