"""The table's medians are those of the readings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from app.demo.quality_table import quality_table

if TYPE_CHECKING:
    from pathlib import Path


def test_medians_per_reader(tmp_path: Path) -> None:
    pl.DataFrame(
        {
            "reader_id": ["R2", "R1", "R1", "R1"],
            "usable": [True, True, False, True],
            "accuracy_deg": [None, 0.1, 0.2, 0.4],
            "precision_rms_deg": [0.1] * 4,
            "data_loss": [0.0, 0.0, 0.9, 0.1],
            "effective_rate_hz": [120.0] * 4,
            "largest_gap_s": [0.1] * 4,
            "on_image_share": [1.0] * 4,
        }
    ).write_parquet(tmp_path / "quality.parquet")
    table = quality_table(tmp_path)
    assert table.rows[0] == ("R1", "2 of 3", "0.200", "0.100", "0.100", "120.0", "0.100", "1.000")
    assert table.rows[1][:3] == ("R2", "1 of 1", "–")
    assert len(table.heads) == len(table.rows[0])
