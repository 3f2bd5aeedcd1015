"""How long the station's event loop halts while a 14 Mpx JPEG 2000 is decoded for it.

``python benchmarks/display_halt.py`` prints JSON: the longest time between two beats of a 1 ms
timer while the next case is fetched ahead, the same with nothing to do, and the time it took.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import imagecodecs
import numpy as np
from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtWidgets import QApplication

from app.reading.image_source import ImageSource
from gazecore.dicom.decoder import Decoder
from gazecore.study import Study

if TYPE_CHECKING:
    from collections.abc import Callable

ROUNDS = 10


def write_images(folder: Path) -> None:
    """A small image, to start the decoder with, and a mammogram's worth of JPEG 2000."""
    import pydicom
    from pydicom.encaps import encapsulate
    from pydicom.examples import get_path
    from pydicom.uid import JPEG2000Lossless

    rng = np.random.default_rng(0)
    ramp = np.add.outer(np.arange(4096), np.arange(3328)) % 3500
    stored = (ramp + rng.integers(0, 60, ramp.shape)).astype(np.uint16)
    dataset = pydicom.dcmread(get_path("ct"))
    dataset.Rows, dataset.Columns = stored.shape
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = 16, 12, 11
    dataset.PixelRepresentation = 0
    code = imagecodecs.jpeg2k_encode(stored, codecformat="J2K", level=0)
    dataset.PixelData = encapsulate([bytes(code)])
    dataset["PixelData"].is_undefined_length = True
    dataset.file_meta.TransferSyntaxUID = JPEG2000Lossless
    dataset.save_as(folder / "large.dcm", enforce_file_format=True)
    (folder / "first.png").write_bytes(imagecodecs.png_encode(stored[:64, :64]))


def longest_gap_s(is_over: Callable[[], bool]) -> tuple[float, float]:
    """Run the event loop until something is over: the longest gap between beats, and how long."""
    loop, beat = QEventLoop(), QTimer()
    beat.setTimerType(Qt.TimerType.PreciseTimer)
    began = last = time.perf_counter()
    longest = 0.0

    def on_beat() -> None:
        nonlocal last, longest
        now = time.perf_counter()
        longest, last = max(longest, now - last), now
        if is_over():
            loop.quit()

    beat.timeout.connect(on_beat)
    beat.start(1)
    loop.exec()
    beat.stop()
    return longest, time.perf_counter() - began


def measure(folder: Path) -> dict[str, float]:
    """Milliseconds, medians and worst of some rounds."""
    images = folder / "images"
    images.mkdir()
    write_images(images)
    halts, idle, taken = [], [], []
    with Study.create(folder / "study", name="halt") as study, Decoder() as decoder:
        study.import_images([images], simulated=True)
        first, large = sorted(study.cases(), key=lambda case: case.width_px)
        decoder.request(first.path).result()
        for _ in range(ROUNDS):
            source = ImageSource(decoder)
            source.prefetch(large)
            future = source._futures[large.case_id]  # noqa: SLF001  when it is there
            halt_s, taken_s = longest_gap_s(future.done)
            halts.append(halt_s * 1e3)
            taken.append(taken_s * 1e3)
            until = time.perf_counter() + taken_s
            idle.append(longest_gap_s(lambda: time.perf_counter() > until)[0] * 1e3)  # noqa: B023
    return {
        "halt_ms": float(np.median(halts)),
        "worst_halt_ms": max(halts),
        "idle_ms": float(np.median(idle)),
        "opened_ms": float(np.median(taken)),
    }


def main() -> None:
    """Measure and print."""
    application = QApplication([])
    with tempfile.TemporaryDirectory() as made:
        print(json.dumps(measure(Path(made))))
    del application


if __name__ == "__main__":
    main()
