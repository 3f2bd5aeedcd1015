"""A data set in the layout of REFLACX, written by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import imagecodecs
import numpy as np
import polars as pl
import pytest

from gazecore.study import Study
from gazecore.study.protocol import changed_protocol

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BOX = {
    "xmin_shown_from_image": 0.0, "ymin_shown_from_image": 10.0,
    "xmax_shown_from_image": 60.0, "ymax_shown_from_image": 40.0,
    "xmin_in_screen_coordinates": 100.0, "ymin_in_screen_coordinates": 50.0,
    "xmax_in_screen_coordinates": 700.0, "ymax_in_screen_coordinates": 350.0,
}  # fmt: skip
"""Scale 10; the image's origin is at (100, -50) on the screen."""


def gaze_rows(n: int) -> list[dict[str, float | None]]:
    """Samples at 10 ms; each tenth is lost, the second half is zoomed to scale 20."""
    rows = []
    for i in range(n):
        zoom = 2 if i >= n // 2 else 1
        row: dict[str, float | None] = {
            "timestamp_sample": i / 100,
            "x_position": None if i % 10 == 0 else 20.0 + i % 7,
            "y_position": None if i % 10 == 0 else 15.0,
            **BOX,
            "xmax_shown_from_image": 60 / zoom,
            "ymax_shown_from_image": 10 + 30 / zoom,
            "window_level": 0.5,
            "window_width": 1.0,
        }
        rows.append(row)
    return rows


@pytest.fixture
def data_set(tmp_path: Path) -> Path:
    """Two readings of one image, one more that was discarded; no reader is named."""
    folder = tmp_path / "reflacx"
    (folder / "main_data").mkdir(parents=True)
    pixels = np.random.default_rng(1).integers(0, 255, (40, 60), dtype=np.uint8)
    (folder / "images").mkdir()
    (folder / "images" / "a.png").write_bytes(imagecodecs.png_encode(pixels))
    rows = [
        {"id": name, "image": "images/a.png", "dicom_id": "x", "eye_tracking_data_discarded": gone}
        for name, gone in (("P1", False), ("P2", False), ("P3", True))
    ]
    pl.DataFrame(rows).write_csv(folder / "main_data" / "metadata_phase_1.csv")
    for name in ("P1", "P2"):
        (folder / "gaze_data" / name).mkdir(parents=True)
        pl.DataFrame(gaze_rows(60)).write_csv(folder / "gaze_data" / name / "gaze.csv")
    return folder


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    """An empty study that lets raw gaze out."""
    protocol = changed_protocol(None, {"consent_level": "raw"})
    with Study.create(tmp_path / "study", protocol=protocol) as made:
        yield made
