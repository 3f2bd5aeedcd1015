"""Draw the pictures of the documentation: the real station, drawn to memory, in every state.

``make pictures`` writes them into ``docs/pictures``. Images and gaze are simulated; nothing is
taken from anywhere else.
"""

from __future__ import annotations

import os
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QEventLoop, QPointF, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from app.acquisition.viewmodel import TrackerChoice
from app.application import StationApplication, StationSettings
from app.pilot.hands import grab_screen, press_key
from gazecore import lsl
from scripts.picture_cases import make_picture_study
from scripts.small_png import write_small_png

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PICTURES = Path(__file__).resolve().parent.parent / "docs" / "pictures"
SCREEN_PX = (1440, 900)
LIMIT_S = 90.0
TRACKER = TrackerChoice(arguments=("--seed", "3", "--noise-deg", ".2"))
CTRL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


class PictureError(Exception):
    """The station did not come to a state within the limit."""

    def __init__(self, state: str) -> None:
        super().__init__(f"the station did not come to '{state}' in {LIMIT_S:g} s")


class Camera:
    """Leads one station and takes pictures of its screen."""

    def __init__(self, application: StationApplication, out: Path) -> None:
        self._application, self._out = application, out
        self.window = application.window
        self.sizes: dict[str, int] = {}

    def take(self, name: str, settle_s: float = 0.4) -> None:
        """A picture of the screen as it is."""
        self.wait(settle_s)
        shown = grab_screen().copy(self.window.geometry()).toImage()
        self.sizes[name] = write_small_png(shown, self._out / f"{name}.png")

    def wait(self, seconds: float) -> None:
        """Let the station live for a while."""
        loop = QEventLoop()
        QTimer.singleShot(round(1000 * seconds), loop.quit)
        loop.exec()

    def until(self, holds: Callable[[], bool], state: str) -> None:
        """Let the station live until something holds.

        Raises
        ------
        PictureError
        """
        for _ in range(round(LIMIT_S / 0.05)):
            if holds():
                return
            self.wait(0.05)
        raise PictureError(state)

    def press(self, name: str) -> None:
        """Click a button once it can be clicked."""

        def is_ready() -> bool:
            found = self.window.findChild(QPushButton, name)
            return found is not None and found.isVisible() and found.isEnabled()

        self.until(is_ready, f"the button {name}")
        found = self.window.findChild(QPushButton, name)
        assert isinstance(found, QPushButton)
        QTest.mouseClick(found, Qt.MouseButton.LeftButton)

    def keys(self, *names: str) -> None:
        """Press keys by their portable names."""
        for name in names:
            press_key(self.window, name)
            self.wait(0.05)

    def hide_texts(self) -> None:
        """As in a study whose protocol hides everything over the image."""
        assert self._application.station is not None
        self._application.station.reading_page.grid.show_layers(())

    @contextmanager
    def dragging(
        self, start: tuple[float, float], stop: tuple[float, float], *, region: bool = False
    ) -> Iterator[None]:
        """Hold a left drag of the active viewport, between fractions of it."""
        assert self._application.station is not None
        viewport: QWidget = self._application.station.reading_page.viewport
        size = viewport.size()
        a, b = (QPointF(x * size.width(), y * size.height()) for x, y in (start, stop))
        keys = CTRL_SHIFT if region else Qt.KeyboardModifier.NoModifier
        self._mouse(viewport, QEvent.Type.MouseButtonPress, a, keys)
        self._mouse(viewport, QEvent.Type.MouseMove, b, keys)
        yield
        self._mouse(viewport, QEvent.Type.MouseButtonRelease, b, keys)

    def _mouse(
        self, viewport: QWidget, kind: QEvent.Type, at: QPointF, keys: Qt.KeyboardModifier
    ) -> None:
        left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
        changed = none if kind == QEvent.Type.MouseMove else left
        held = none if kind == QEvent.Type.MouseButtonRelease else left
        event = QMouseEvent(kind, at, viewport.mapToGlobal(at), changed, held, keys)
        QGuiApplication.sendEvent(viewport, event)


def draw_before_reading(camera: Camera, application: StationApplication, study: Path) -> None:
    """Start page, worklist, all keys, screen."""
    application.start()
    camera.take("start")
    station = application.open_study(study)
    station.worklist.sign_in("reader-1")
    camera.take("worklist")
    camera.keys("F1")
    camera.take("keys")
    camera.keys("F1")
    camera.window.show_page("screen")
    camera.take("screen")
    camera.window.show_page("worklist")


def draw_checks(camera: Camera) -> None:
    """The checks before a sitting, calibration and its validation."""
    camera.press("start_reading_button")
    camera.until(lambda: camera.window.page_name == "preflight", "preflight")
    camera.take("preflight", 4.0)
    if camera.window.page_name == "preflight":
        camera.keys("Space")
    camera.until(lambda: camera.window.page_name == "calibration", "calibration")
    camera.take("calibration-ready", 1.5)
    camera.press("calibrate")
    camera.take("calibration-target", 1.2)
    camera.press("validate")
    camera.until(lambda: _is_shown(camera, "accept_calibration"), "validation")
    camera.take("calibration")
    camera.press("accept_calibration")
    camera.until(lambda: camera.window.page_name == "reading", "reading")


def draw_reading(camera: Camera) -> None:
    """One case with every tool."""
    camera.take("reading", 1.5)
    for name, keys in (
        ("reading-inverted", ("I",)),
        ("reading-preset", ("I", "Ctrl+2")),
        ("reading-zoomed", ("D", "+", "+", "+", "+", "+", "Left", "Up")),
        ("reading-turned", ("Space", "R", "H")),
        ("reading-no-preset", ("Space", "Ctrl+9")),
        ("reading-window-entry", ("Space", "Shift+W")),
        ("reading-two-viewports", ("Esc", "F2")),
        ("reading-four-viewports", ("F4",)),
        ("reading-keys", ("Backspace", "F1")),
        ("reading-stop-question", ("F1", "Esc")),
    ):
        camera.keys(*keys)
        camera.take(name)
    camera.keys("Space")
    with camera.dragging((0.5, 0.6), (0.55, 0.45)):
        camera.take("reading-window-drag")
    camera.keys("Space")
    with camera.dragging((0.42, 0.35), (0.58, 0.62), region=True):
        camera.take("reading-region")
    camera.take("reading-region-done")
    camera.keys("Space")
    camera.hide_texts()
    camera.take("reading-without-texts")


def draw_other_cases(camera: Camera) -> None:
    """A shutter, padding that stays black, badges; then the end."""
    camera.keys("2")
    camera.take("reading-shutter", 1.5)
    camera.keys("3")
    camera.take("reading-padding", 1.5)
    camera.keys("I")
    camera.take("reading-padding-inverted")
    camera.keys("4")
    camera.take("reading-badges", 1.5)
    camera.keys("1")
    camera.until(lambda: camera.window.page_name == "end", "the end page")
    camera.take("end", 4.0)


def _is_shown(camera: Camera, name: str) -> bool:
    found = camera.window.findChild(QPushButton, name)
    return found is not None and found.isVisible() and found.isEnabled()


def draw_all(out: Path, folder: Path) -> dict[str, int]:
    """Every picture, into `out`; returns the size of each file in bytes."""
    out.mkdir(parents=True, exist_ok=True)
    make_picture_study(folder / "study", folder / "images")
    qt = QApplication.instance() or QApplication(["focusstation"])
    assert isinstance(qt, QApplication)
    application = StationApplication(qt, StationSettings(tracker=TRACKER))
    camera = Camera(application, out)
    try:
        draw_before_reading(camera, application, folder / "study")
        draw_checks(camera)
        draw_reading(camera)
        draw_other_cases(camera)
    finally:
        application.close()
        camera.window.close()
    return camera.sizes


def choose_screen(folder: Path) -> None:
    """One screen in memory, and gaze streams that no other program sees."""
    width, height = SCREEN_PX
    screens = folder / "screens.json"
    screens.write_text(
        f'{{"screens": [{{"name": "Pictures", "x": 0, "y": 0, "width": {width}, '
        f'"height": {height}, "logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}}]}}'
    )
    os.environ["QT_QPA_PLATFORM"] = f"offscreen:configfile={screens}"
    os.environ["FOCUSSTATION_LSL_SESSION"] = f"pictures-{os.getpid()}"


def main() -> int:
    """Draw all pictures; returns the exit status."""
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else PICTURES
    with tempfile.TemporaryDirectory(prefix="focusstation-pictures-") as folder:
        choose_screen(Path(folder))
        lsl.configure()
        sizes = draw_all(out, Path(folder))
    lines = [f"{size / 1000:7.1f} kB  {name}.png" for name, size in sizes.items()]
    total = f"{sum(sizes.values()) / 1e6:.2f} MB in {len(sizes)} pictures"
    sys.stdout.write("\n".join([*lines, total]) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
