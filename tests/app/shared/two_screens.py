"""A station's viewport on the second of two screens, left of and above the first; prints JSON.

Run in a process of its own: the platform and its screens are fixed when Qt starts.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QTimer
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from app.reading.viewport_controller import ViewportController
from app.reading.widgets.viewport import Viewport
from app.screen_setup.watch import ScreenWatch
from app.shared.tracked_screen import desktop_point, fingerprint_of, norm_point

if TYPE_CHECKING:
    from PySide6.QtGui import QScreen

CORNERS = ((0.0, 0.0), (1.0, 0.0), (0.25, 0.75), (0.5, 0.5), (1.0, 1.0))
MARGIN = (40, 24)


class Places(ViewportController):
    """Keeps where the viewport says it lies."""

    shown: tuple[float, ...] = ()
    ratio = 0.0

    def place(
        self, shown_screen_px: tuple[float, float, float, float], device_pixel_ratio: float
    ) -> None:
        super().place(shown_screen_px, device_pixel_ratio)
        self.shown, self.ratio = shown_screen_px, device_pixel_ratio


def main() -> None:
    qt = QApplication(sys.argv)
    first, second = qt.screens()
    window = QWidget()
    column = QVBoxLayout(window)
    column.setContentsMargins(*MARGIN, 0, 0)
    places = Places()
    viewport = Viewport(places)
    column.addWidget(viewport)
    fill(window, first)
    qt.processEvents()
    watch = ScreenWatch(window)
    changes: list[tuple[str, ...]] = []
    watch.screen_changed.connect(lambda seen: changes.append(seen.differences))
    watch.keep()
    before = [*places.shown]
    fill(window, second)
    settle(qt)
    moved = list(changes)
    targets = {}
    for x, y in CORNERS:
        on_desktop = desktop_point(second.geometry(), x, y)
        in_window = window.mapFromGlobal(on_desktop)
        ratio = window.devicePixelRatioF()
        targets[f"{x},{y}"] = {
            "window_px": [in_window.x() * ratio, in_window.y() * ratio],
            "back": norm_point(second.geometry(), on_desktop),
        }
    on_second, ratio = [*places.shown], places.ratio
    fill(window, first)
    settle(qt)
    print(
        json.dumps(
            {
                "first": before,
                "second": on_second,
                "ratio": ratio,
                "origin": [second.geometry().x(), second.geometry().y()],
                "physical": [fingerprint_of(second).width_px, fingerprint_of(second).height_px],
                "identities": [fingerprint_of(first).identity, fingerprint_of(second).identity],
                "targets": targets,
                "moved": moved,
                "changes": changes,
                "centre": [*norm_point(first.geometry(), QPointF(960, 540))],
            }
        )
    )
    watch.close()


def fill(window: QWidget, screen: QScreen) -> None:
    """Put the window on a screen, all of it."""
    window.showNormal()
    window.setGeometry(screen.geometry())
    window.showFullScreen()


def settle(qt: QApplication) -> None:
    """Let Qt deliver what a move brought about."""
    done: list[bool] = []
    QTimer.singleShot(100, lambda: done.append(True))
    while not done:
        qt.processEvents()


if __name__ == "__main__":
    main()
