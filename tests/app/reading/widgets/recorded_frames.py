"""Closed loop: frames of real viewports against the same frames drawn again from their markers.

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
from PySide6.QtWidgets import QApplication

from gazecore.dicom import XrayImage, open_image
from gazecore.dicom.overlays import OverlayPlane
from gazecore.dicom.recorded_frame import DrawableImage, render_overlays, render_picture
from gazecore.dicom.shutter import Shutter
from tests.app.reading.widgets.screen_page import ScreenPage

if TYPE_CHECKING:
    import numpy.typing as npt

    from gazecore.messages import ViewportChanged

SEED = 20


SHARE = 0.6
"""Of the screen's width and height: smaller viewports are drawn again sooner."""


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


def shown_px(pixels: npt.NDArray[np.uint8], state: ViewportChanged) -> npt.NDArray[np.uint8]:
    """What stands on the screen where a state says that its viewport is."""
    assert all(side == int(side) for side in state.shown_screen_px)
    x, y, width, height = (int(side) for side in state.shown_screen_px)
    return pixels[y : y + height, x : x + width]


def measure(image: XrayImage, states: int) -> dict[str, float]:
    """Of so many random states of the page: frames compared, how many differed, what they were."""
    page, draw = ScreenPage(image, share=SHARE), random.Random(SEED)
    drawable = DrawableImage(image)
    frames = worst = differing = seen = nearest = overlaid = beside = 0
    for _ in range(states):
        page.do_something(draw, with_levels=True)
        changes = page.shown_states(at_rest=False)
        pixels = page.pixels()
        for state in changes:
            shown = shown_px(pixels, state)
            again = render_picture(drawable, state)
            off = int(np.count_nonzero((again != shown).any(axis=-1)))
            frames, differing, worst = frames + 1, differing + bool(off), max(worst, off)
            seen, nearest = seen + bool(shown.any()), nearest + (not state.smooth)
            overlaid += bool(render_overlays(drawable, state).any())
            beside += len(changes) > 1
    ratio = page.ratio
    page.close()
    return {
        "ratio": ratio,
        "states": states,
        "frames": frames,
        "beside_others": beside,
        "differing": differing,
        "worst_pixels": worst,
        "seen": seen,
        "nearest": nearest,
        "overlaid": overlaid,
    }


if __name__ == "__main__":
    application = QApplication(sys.argv[:1])
    with tempfile.TemporaryDirectory() as made:
        noise = open_image(write_image(Path(made)))
        print(json.dumps(measure(noise, int(sys.argv[1]))))
