"""Memory of a process that shows one image of 4096 x 3328 at 1080p, and of pyqtgraph's.

``python benchmarks/display_memory.py ours|peer`` prints JSON: resident MB before the image is
there, with it on the screen after steps of window and pan, and the most in between.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import psutil
from PySide6.QtWidgets import QApplication

from benchmarks.display_scene import OurScreen, PyqtgraphScreen, make_image

SIZE_PX = (1920, 1080)
STEPS = 10


def resident_mb() -> float:
    """Memory of this process that lies in RAM."""
    return float(psutil.Process().memory_info().rss) / 1e6


def main() -> None:
    """Show, step, measure and print."""
    application = QApplication([])
    image = make_image()
    before = resident_mb() - image.stored.nbytes / 1e6
    screen: OurScreen | PyqtgraphScreen
    if sys.argv[1] == "ours":
        screen = OurScreen(image, SIZE_PX)
    else:
        screen = PyqtgraphScreen(image, SIZE_PX, left_px=0)
        screen.show(SIZE_PX[1] / image.height_px)
    most = resident_mb()
    for turn in range(STEPS):
        screen.window(turn)
        screen.pan(turn)
        most = max(most, resident_mb())
    print(json.dumps({"before_mb": before, "shown_mb": resident_mb(), "most_mb": most}))
    del screen, application


if __name__ == "__main__":
    main()
