"""Closed loop screen -> image: discs found in a screen's pixels, mapped as gaze at them is.

A disc's place on the screen comes from the grabbed pixels alone, its place in the image from how
the image was made. Between them stands what is under test: the markers of the page, and the
analysis that takes gaze through them. Run as a script it prints what it found as JSON.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtWidgets import QApplication

from gazecore.analysis.history import session_history
from gazecore.dicom import Window, open_image
from gazecore.geometry import Transform
from gazecore.lsl import clock_s
from gazecore.messages import CaseClosed
from tests.app.conftest import write_png
from tests.app.reading.widgets.geometry_loop import DISCS_PX, disc_image, found_discs
from tests.app.reading.widgets.screen_page import ScreenPage

if TYPE_CHECKING:
    import numpy.typing as npt

    from gazecore.messages import ViewportChanged

    Array = npt.NDArray[np.float64]

SEED = 7


def measure(folder: Path, steps: int) -> dict[str, object]:
    """Over so many manoeuvres: discs found, the worst distance from where they are, in px."""
    image = open_image(write_png(folder / "discs.png", disc_image()))
    page, draw = ScreenPage(image, window=Window(100.0, 201.0)), random.Random(SEED)
    worst_px, discs, done, elsewhere = 0.0, 0, set(), 0
    orientations, most = set(), 0
    for step in range(steps):
        if step % 3 == 0:  # whatever the lot says: every turn, and mirrored
            page.viewports.use("flip_vertical" if step % 15 == 0 else "rotate_right")
        done.add(page.do_something(draw, with_levels=False))
        states = page.shown_states(at_rest=True)
        most = max(most, len(states))
        pixels = page.pixels()[..., 0]
        for state in states:
            orientations.add(tuple(np.sign(np.round(state.transform, 6))[[0, 1, 3, 4]]))
            found = discs_in(pixels, state)
            if not len(found):
                continue
            far_px, others = distances_px(page, found, state)
            worst_px = float(np.maximum(worst_px, far_px.max()))  # NaN stays NaN
            discs, elsewhere = discs + len(found), elsewhere + others
    ratio, origin = page.ratio, page.screen.geometry().topLeft()
    page.close()
    return {
        "ratio": ratio,
        "origin": [origin.x(), origin.y()],
        "discs": discs,
        "worst_px": worst_px,
        "elsewhere": elsewhere,
        "done": sorted(done),
        "orientations": len(orientations),
        "viewports": most,
    }


def discs_in(pixels: npt.NDArray[np.uint8], state: ViewportChanged) -> Array:
    """Centres of the whole discs in a viewport, in px of the grab, (n, 2)."""
    x, y, width, height = state.shown_screen_px
    left, top = int(np.ceil(x)), int(np.ceil(y))
    part = pixels[top : int(y + height), left : int(x + width)]
    if not (part > 20).any():
        return np.empty((0, 2))
    return np.asarray(found_discs(part).reshape(-1, 2) + np.array([left, top]))


def distances_px(
    page: ScreenPage, xy_screen_px: Array, state: ViewportChanged
) -> tuple[Array, int]:
    """How far gaze at the discs is mapped from them, in physical px of the screen.

    Also how many went to another viewport than the one they were seen in.
    """
    closed = CaseClosed(t_s=clock_s() + 1.0, reading_id=state.reading_id, case_id=state.case_id)
    history = session_history([*page.markers, closed])
    now_s = np.full(len(xy_screen_px), clock_s())
    looked_at = history.state_at(now_s, xy_screen_px)
    others = sum(history.timeline.states[i].serial != state.serial for i in looked_at)
    mapped = history.to_image(now_s, xy_screen_px, looked_at).xy_px
    far_px = np.linalg.norm(mapped[:, None] - DISCS_PX[None], axis=-1).min(axis=1)
    return far_px * max(Transform(state.transform).scale()), others


if __name__ == "__main__":
    application = QApplication(sys.argv[:1])
    with tempfile.TemporaryDirectory() as made:
        print(json.dumps(measure(Path(made), int(sys.argv[1]))))
