"""The tables that compare are made with every analysis, and only as often as needed."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import polars as pl

from gazecore.analysis.comparisons import write_comparisons
from tests.gazecore.analysis.derived import make_derivatives
from tests.gazecore.analysis.test_aoi_file import written
from tests.gazecore.analysis.test_aoi_table import box

if TYPE_CHECKING:
    from pathlib import Path


def test_both_are_written(tmp_path: Path) -> None:
    folder = make_derivatives(tmp_path / "derivatives")
    written(tmp_path, box("case-0001", "finding", 40, 40))
    assert write_comparisons(tmp_path) == []
    assert pl.read_parquet(folder / "aois.parquet").height == 3
    assert pl.read_parquet(folder / "consistency.parquet").height == 8


def test_agreement_is_made_again_when_a_map_changed(tmp_path: Path) -> None:
    folder = make_derivatives(tmp_path / "derivatives")
    table, maps = folder / "consistency.parquet", folder / "attention"
    write_comparisons(tmp_path)
    first = table.stat().st_mtime_ns
    write_comparisons(tmp_path)
    assert table.stat().st_mtime_ns == first
    later = first + 1_000_000
    os.utime(maps, ns=(later, later))
    write_comparisons(tmp_path)
    assert table.stat().st_mtime_ns > first


def test_what_is_wrong_is_told_and_old_tables_go(tmp_path: Path) -> None:
    folder = make_derivatives(tmp_path / "derivatives")
    written(tmp_path, box("case-0001", "finding", 40, 40))
    write_comparisons(tmp_path)
    (tmp_path / "aois.json").write_text("no JSON")
    (folder / "attention" / "reading-000001.npz").write_bytes(b"damaged")
    later = (folder / "consistency.parquet").stat().st_mtime_ns + 1_000_000
    os.utime(folder / "attention", ns=(later, later))
    aois, agreement = write_comparisons(tmp_path)
    assert "aois.json" in aois
    assert "reading-000001.npz" in agreement
    assert not (folder / "aois.parquet").exists()
    assert not (folder / "consistency.parquet").exists()


def test_a_study_without_maps_has_an_empty_table(tmp_path: Path) -> None:
    folder = make_derivatives(tmp_path / "derivatives", ())
    assert write_comparisons(tmp_path) == []
    assert pl.read_parquet(folder / "consistency.parquet").height == 0
