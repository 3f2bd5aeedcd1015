"""Closed loop: discs painted by a real viewport are found in its grabbed pixels.

Run as a script it prints the residuals as JSON; so the same loop runs at any device-pixel ratio.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QImage, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from scipy import ndimage

from app.reading.frame import FrameRenderer
from app.reading.shown_case import ShownCase
from app.reading.viewport_controller import ViewportController
from app.reading.widgets.viewport import REST_MS, Viewport
from gazecore.dicom import Window, open_image
from tests.app.conftest import write_png

if TYPE_CHECKING:
    from collections.abc import Callable

DISCS_PX = np.array(
    [[101.3, 92.7], [402.1, 60.4], [690.8, 148.2], [233.4, 301.9], [455.5, 333.3], [612.2, 502.6]]
)
RADIUS_PX = 14.0
SIZE_PX = (600, 800)


def disc_image() -> npt.NDArray[np.uint8]:
    """Bright discs with soft edges of one pixel on a dark ground, (600, 800)."""
    y, x = np.mgrid[0 : SIZE_PX[0], 0 : SIZE_PX[1]] + 0.5
    image = np.zeros(SIZE_PX)
    for cx, cy in DISCS_PX:
        image = np.maximum(image, np.clip(RADIUS_PX - np.hypot(x - cx, y - cy) + 0.5, 0, 1))
    levels: npt.NDArray[np.uint8] = np.round(200 * image).astype(np.uint8)
    return levels


def found_discs(pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.float64]:
    """Centres of the bright blobs that do not touch the border, (n, 2), pixel centres at +.5."""
    labels, count = ndimage.label(pixels > 20)
    rows, columns = pixels.shape
    centres = []
    for number, (ys, xs) in enumerate(ndimage.find_objects(labels), start=1):
        if ys.start == 0 or xs.start == 0 or ys.stop == rows or xs.stop == columns:
            continue
        y, x = ndimage.center_of_mass(pixels.astype(float), labels, number)
        centres.append((x + 0.5, y + 0.5))
    assert count
    return np.array(centres)


def pixels_of(widget: QWidget) -> npt.NDArray[np.uint8]:
    """The physical pixels of a widget as it paints itself, (h, w) grey."""
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    rows = np.frombuffer(image.constBits(), dtype=np.uint8).reshape(image.height(), -1)
    pixels: npt.NDArray[np.uint8] = rows[:, : image.width()].copy()
    return pixels


def wheel(
    widget: QWidget,
    notches: int,
    at: QPointF,
    held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
    step: int = 120,
) -> None:
    """Turn the wheel over a point of a widget, by steps of so many of Qt's units."""
    step = step if notches > 0 else -step
    for _ in range(abs(notches)):
        event = QWheelEvent(
            at,
            widget.mapToGlobal(at),
            QPoint(),
            QPoint(0, step),
            Qt.MouseButton.NoButton,
            held,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(widget, event)


def drag(
    widget: QWidget,
    button: Qt.MouseButton,
    start: QPointF,
    stop: QPointF,
    modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> None:
    """Drag a mouse button from one point of a widget to another in three moves."""
    none = Qt.MouseButton.NoButton
    steps = [(QEvent.Type.MouseButtonPress, start, button, button)]
    steps += [
        (QEvent.Type.MouseMove, start + (stop - start) * (k / 3), none, button) for k in (1, 2, 3)
    ]
    steps.append((QEvent.Type.MouseButtonRelease, stop, button, none))
    for kind, at, changed, held in steps:
        event = QMouseEvent(kind, at, widget.mapToGlobal(at), changed, held, modifiers)
        QApplication.sendEvent(widget, event)


def rest() -> None:
    """Let the event loop run until a moved view is drawn smoothly."""
    from PySide6.QtCore import QEventLoop

    loop = QEventLoop()
    QTimer.singleShot(REST_MS * 2, loop.quit)
    loop.exec()


def measure(folder: Path) -> dict[str, dict[str, float]]:
    """Per manoeuvre: discs seen, and the largest distance in px from where they should be."""
    image = open_image(write_png(folder / "discs.png", disc_image()))
    holder = QWidget()
    holder.resize(701, 523)
    controller = ViewportController()
    viewport = Viewport(controller)
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 37)
    column.addWidget(viewport)
    holder.show()
    rest()
    controller.begin_session(frozenset())
    controller.open(ShownCase(FrameRenderer(image), "reading-000001", "case-0001"))
    assert controller.state is not None
    controller._state = controller.state.windowed(Window(100.0, 201.0))
    middle = Qt.MouseButton.MiddleButton
    manoeuvres: dict[str, Callable[[], object]] = {
        "fit": lambda: controller.use("fit"),
        "zoomed": lambda: wheel(viewport, 5, QPointF(310.0, 190.0)),
        "panned": lambda: drag(viewport, middle, QPointF(300, 200), QPointF(231, 262)),
        "rotated": lambda: controller.use("rotate_right"),
        "flipped": lambda: controller.use("flip_horizontal"),
        "one_to_one": lambda: controller.use("one_to_one"),
        "far": lambda: wheel(viewport, -6, QPointF(50.0, 400.0)),
        "restarted": lambda: controller.use("restart"),
    }
    results = {}
    for name, manoeuvre in manoeuvres.items():
        manoeuvre()
        if name == "restarted":
            controller._state = controller.state.windowed(Window(100.0, 201.0))
        rest()
        found = found_discs(pixels_of(viewport))
        expected = controller.state.to_viewport.to_screen(DISCS_PX)
        distances = np.linalg.norm(found[:, None] - expected[None], axis=-1)
        results[name] = {"discs": len(found), "worst_px": float(distances.min(axis=1).max())}
    results["screen"] = {"ratio": viewport.devicePixelRatioF()}
    holder.close()
    return results


if __name__ == "__main__":
    application = QApplication(sys.argv[:1])
    with tempfile.TemporaryDirectory() as made:
        print(json.dumps(measure(Path(made))))
