"""Run as a script: looks at a whole X screen until stopped, then prints its brightest look.

A process of its own, so that it also sees what the station cannot see of itself: the screen
before its first frame, and what the X server shows of it.
"""

from __future__ import annotations

import json
import signal
import sys

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication

from tests.app.light_meter import measured


def main() -> None:
    """Look every time the last look is done."""
    application = QGuiApplication(sys.argv[:1])
    screen = application.primaryScreen()
    means: list[float] = []

    def look() -> None:
        means.append(measured(screen.grabWindow(0).toImage()).mean)
        if len(means) == 1 or (means[-1] > 0.0005 >= max(means[:-1])):
            print(json.dumps(means[-1]), flush=True)  # black before, and the first frame after

    signal.signal(signal.SIGTERM, lambda *_: application.quit())
    timer = QTimer()
    timer.timeout.connect(look)
    timer.start(5)
    application.exec()
    print(json.dumps({"looks": len(means), "brightest": max(means)}))


if __name__ == "__main__":
    main()
