"""Derivatives of a made study: readers look at a place of the case, and around."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from gazecore.analysis.derivatives import write_map, write_table
from gazecore.analysis.quality_table import QUALITY_SCHEMA
from gazecore.attention import ReadingFixations, case_attention

if TYPE_CHECKING:
    from pathlib import Path

HEIGHT_PX, WIDTH_PX = 400, 600
PLACES_PX = {"case-0001": (100.0, 100.0), "case-0002": (500.0, 120.0), "case-0003": (300.0, 300.0)}
READERS = ("r1", "r2", "r3")
UNUSABLE = "reading-000009"


def make_derivatives(folder: Path, readers: tuple[str, ...] = READERS) -> Path:
    """A session per reader over all cases, in a study's derivatives; the last is not usable."""
    rows = []
    for number, reader_id in enumerate(readers):
        tables = []
        for position, case_id in enumerate(PLACES_PX):
            reading_id = f"reading-{3 * number + position + 1:06d}"
            start_s = 1000.0 * number + 20 * position
            table = fixations(case_id, start_s, seed=10 * number + position).with_columns(
                reading_id=pl.lit(reading_id), case_id=pl.lit(case_id)
            )
            made = ReadingFixations(reading_id, case_id, HEIGHT_PX, WIDTH_PX, table, simulated=True)
            attention = case_attention(made, longest_px=60)
            write_map(folder / "attention" / f"{reading_id}.npz", attention)
            tables.append(table)
            rows.append(
                {
                    "reading_id": reading_id,
                    "session_id": f"session-{number + 1:04d}",
                    "reader_id": reader_id,
                    "case_id": case_id,
                    "start_s": start_s,
                    "duration_s": 15.0,
                    "accuracy_deg": None if number else 0.5,
                    "usable": reading_id != UNUSABLE,
                    "simulated": True,
                }
            )
        write_table(folder / "fixations" / f"session-{number + 1:04d}.parquet", pl.concat(tables))
    write_table(folder / "quality.parquet", pl.DataFrame(rows, QUALITY_SCHEMA))
    return folder


def fixations(case_id: str, start_s: float, seed: int) -> pl.DataFrame:
    """Twelve fixations of 0.3 s, two of three near the case's place."""
    random = np.random.default_rng(seed)
    number = np.arange(12)
    xy_px = random.normal(PLACES_PX[case_id], 20, (12, 2))
    xy_px[::3] = random.uniform([10, 10], [590, 390], (4, 2))
    return pl.DataFrame(
        {
            "fixation": number,
            "piece": np.zeros_like(number),
            "onset_s": start_s + 1.0 + 0.5 * number,
            "offset_s": start_s + 1.3 + 0.5 * number,
            "duration_s": np.full(12, 0.3),
            "x_image_px": xy_px[:, 0],
            "y_image_px": xy_px[:, 1],
            "in_viewport": np.ones(12, dtype=bool),
            "sigma_x_image_px": np.full(12, 30.0),
            "sigma_y_image_px": np.full(12, 30.0),
            "shown_left_px": np.zeros(12),
            "shown_top_px": np.zeros(12),
            "shown_right_px": np.full(12, float(WIDTH_PX)),
            "shown_bottom_px": np.full(12, float(HEIGHT_PX)),
        }
    )
