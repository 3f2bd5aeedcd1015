"""One step of the window, from the new window to the painted widget: ours against pyqtgraph.

``python benchmarks/display.py [--json] [--repeats N]``, offscreen unless QT_QPA_PLATFORM says
otherwise. A 12-bit image of 4096 x 3328 pixels on 1920 x 1080 physical pixels.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import platform
import sys
import time
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("PYQTGRAPH_QT_LIB", "PySide6")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication, QWidget

from gazecore.dicom import Window, XrayHeader, XrayImage, display_table
from gazecore.dicom.rendering import Pyramid, render
from gazecore.geometry import Transform

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QPaintEvent

IMAGE_PX = (4096, 3328)
SCREEN_PX = (1080, 1920)
FRAME_MS = 16.7
FIT_RATIO = 6.0


class OurViewport(QWidget):
    """The viewport of the station, reduced to what a step of the window touches."""

    def __init__(self, image: XrayImage, scale: float) -> None:
        super().__init__()
        self._image, self._pyramid = image, Pyramid(image.stored)
        self._buffer = np.zeros(SCREEN_PX, dtype=np.uint8)
        height, width = SCREEN_PX
        self._picture = QImage(
            self._buffer.data, width, height, width, QImage.Format.Format_Grayscale8
        )
        self.resize(width, height)
        self._scale = scale
        self.pan(0.0)

    def pan(self, step_px: float, *, smooth: bool = True) -> None:
        """Resample the stored values, the image's centre at the screen's."""
        offset_px = (
            (SCREEN_PX[1] - self._scale * IMAGE_PX[1]) / 2 + step_px,
            (SCREEN_PX[0] - self._scale * IMAGE_PX[0]) / 2,
        )
        place = Transform.affine((self._scale, self._scale), offset_px)
        self._viewport = self._pyramid.resample(place, SCREEN_PX, smooth=smooth)

    def set_window(self, center: float, width: float) -> None:
        """A new table, looked up and painted at once."""
        render(self._viewport, display_table(self._image, Window(center, width)), self._buffer)
        self.repaint()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.drawImage(0, 0, self._picture)
        painter.end()


def pyqtgraph_step(image: XrayImage, scale: float) -> Callable[[float, float], None]:
    """The same step by pyqtgraph's ImageItem with its defaults."""
    import pyqtgraph as pg

    pg.setConfigOptions(imageAxisOrder="row-major")
    view = pg.GraphicsView()
    box = pg.ViewBox(lockAspect=True, invertY=True, enableMenu=False)
    view.setCentralItem(box)
    view.resize(SCREEN_PX[1], SCREEN_PX[0])
    item = pg.ImageItem(image.stored)
    box.addItem(item)
    view.show()
    width, height = SCREEN_PX[1] / scale, SCREEN_PX[0] / scale
    x, y = (IMAGE_PX[1] - width) / 2, (IMAGE_PX[0] - height) / 2
    box.setRange(xRange=(x, x + width), yRange=(y, y + height), padding=0)
    QApplication.processEvents()

    def step(center: float, window_width: float) -> None:
        item.setLevels((center - window_width / 2, center + window_width / 2))
        view.viewport().repaint()

    return step


def interleaved(steps: dict[str, Callable[[float, float], None]], repeats: int) -> dict[str, Any]:
    """Milliseconds of each step, one after the other in every round; two rounds to warm up."""
    spent: dict[str, list[float]] = {name: [] for name in steps}
    for turn in range(repeats + 2):
        for name, step in steps.items():
            began = time.perf_counter()
            step(1500.0 + 3 * turn, 2500.0 + turn)
            if turn >= 2:
                spent[name].append((time.perf_counter() - began) * 1e3)
    return {name: np.array(values) for name, values in spent.items()}


def make_image() -> XrayImage:
    """Smooth 12-bit values with noise: what they show does not matter to the speed."""
    rng = np.random.default_rng(0)
    ramp = np.add.outer(np.arange(IMAGE_PX[0]), np.arange(IMAGE_PX[1])) % 3500
    stored = (ramp + rng.integers(0, 500, IMAGE_PX)).astype(np.uint16)
    header = XrayHeader(bits_stored=12, default_window=Window(2048, 4096))
    return XrayImage.from_header(header, stored)


def row(case: str, ours: float, peer: float | None, goal: float) -> dict[str, Any]:
    """A row: with a peer the goal is a ratio, without one it is milliseconds."""
    ratio = None if peer is None else peer / ours
    holds = ours <= goal if ratio is None else ratio >= goal
    return {
        "case": case, "ours": round(ours, 3), "peer": None if peer is None else round(peer, 3),
        "unit": "ms", "ratio": None if ratio is None else round(ratio, 2), "goal": goal,
        "holds": bool(holds),
    }  # fmt: skip


def measure(repeats: int, *, with_peer: bool) -> list[dict[str, Any]]:
    """All rows, at fit and at 1:1."""
    image = make_image()
    rows = []
    for name, scale, goal in (("fit", SCREEN_PX[0] / IMAGE_PX[0], FIT_RATIO), ("1:1", 1.0, 2.0)):
        ours = OurViewport(image, scale)
        ours.show()
        QApplication.processEvents()
        steps: dict[str, Callable[[float, float], None]] = {"ours": ours.set_window}
        if with_peer:
            steps["peer"] = pyqtgraph_step(image, scale)
        spent = interleaved(steps, repeats)
        peer = float(np.median(spent["peer"])) if with_peer else None
        rows.append(
            row(f"window step, {name}, median", float(np.median(spent["ours"])), peer, goal)
        )
        rows.append(
            row(
                f"window step, {name}, p95", float(np.percentile(spent["ours"], 95)), None, FRAME_MS
            )
        )
        for smooth in (False, True):
            pan = interleaved({"ours": lambda c, _w: ours.pan(c - 1500, smooth=smooth)}, repeats)  # noqa: B023
            how = "bilinear, at rest" if smooth else "nearest, dragging"
            rows.append(
                row(f"pan step, {name}, {how}", float(np.median(pan["ours"])), None, FRAME_MS)
            )
        ours.close()
    table = interleaved({"ours": lambda c, w: _only_table(image, c, w)}, repeats)
    rows.append(row("table of 65,536 levels", float(np.median(table["ours"])), None, 2.0))
    return rows


def _only_table(image: XrayImage, center: float, width: float) -> None:
    display_table(image, Window(center, width))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument("--repeats", type=int, default=60, help="steps measured, at least 10")
    arguments = parser.parse_args()
    application = QApplication([])
    with_peer = importlib.util.find_spec("pyqtgraph") is not None
    if not with_peer:
        print("pyqtgraph is missing: rows have no peer", file=sys.stderr)
    rows = measure(max(10, arguments.repeats), with_peer=with_peer)
    packages = ("numpy", "pydicom", "PySide6-Essentials", *(["pyqtgraph"] if with_peer else []))
    document = {
        "benchmark": "display",
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, {application.platformName()}",
        "versions": {
            "python": platform.python_version(),
            **{name: metadata.version(name) for name in packages},
        },
        "rows": rows,
    }
    if arguments.json:
        print(json.dumps(document))
        return
    for r in rows:
        peer = "" if r["peer"] is None else f"pyqtgraph {r['peer']:7.2f} ms, {r['ratio']:.1f} x"
        print(f"{r['case']:38} {r['ours']:7.2f} ms  {peer:32} {'holds' if r['holds'] else 'FAILS'}")


if __name__ == "__main__":
    main()
