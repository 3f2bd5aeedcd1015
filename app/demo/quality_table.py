"""Gaze quality per reader, as the analysis measured it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from app.demo.report import Table

if TYPE_CHECKING:
    from pathlib import Path

_COLUMNS = {
    "accuracy_deg": ("accuracy, degrees", 3),
    "precision_rms_deg": ("precision RMS-S2S, degrees", 3),
    "data_loss": ("data loss", 3),
    "effective_rate_hz": ("effective rate, Hz", 1),
    "largest_gap_s": ("largest gap, s", 3),
    "on_image_share": ("share on the image", 3),
}


def quality_table(derivatives: Path) -> Table:
    """Medians over the readings of each reader, and how many readings are usable."""
    quality = pl.read_parquet(derivatives / "quality.parquet")
    per_reader = (
        quality.group_by("reader_id")
        .agg(
            pl.len().alias("readings"),
            pl.col("usable").sum(),
            *(pl.col(name).median() for name in _COLUMNS),
        )
        .sort("reader_id")
    )
    rows = tuple(
        (
            str(row["reader_id"]),
            f"{row['usable']} of {row['readings']}",
            *(_digits(row[name], digits) for name, (_, digits) in _COLUMNS.items()),
        )
        for row in per_reader.iter_rows(named=True)
    )
    heads = ("reader", "usable readings", *(title for title, _ in _COLUMNS.values()))
    return Table(heads, rows, "Gaze quality, medians over readings (simulated)")


def _digits(value: float | None, digits: int) -> str:
    return "–" if value is None else f"{value:.{digits}f}"
