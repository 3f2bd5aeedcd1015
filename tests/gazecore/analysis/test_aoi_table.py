"""A row per reading and area, from the study's file to its derivatives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

from gazecore.analysis.aoi_table import AOI_SCHEMA, write_aoi_table
from gazecore.errors import MissingDerivativesError
from tests.gazecore.analysis.derived import UNUSABLE, make_derivatives
from tests.gazecore.analysis.test_aoi_file import written

if TYPE_CHECKING:
    from pathlib import Path


def box(case_id: str, name: str, left_px: float, top_px: float) -> dict[str, object]:
    """A box of 120 px."""
    sides = {"left_px": left_px, "top_px": top_px, "right_px": left_px + 120}
    return {"case_id": case_id, "name": name, "shape": "box", **sides, "bottom_px": top_px + 120}


def test_the_table_of_a_study(tmp_path: Path) -> None:
    make_derivatives(tmp_path / "derivatives")
    written(
        tmp_path,
        box("case-0001", "finding", 40, 40),
        box("case-0001", "elsewhere", 440, 240),
        box("case-0003", "finding", 240, 240),
        box("case-0099", "of no case", 0, 0),
    )
    assert write_aoi_table(tmp_path) == 9
    table = pl.read_parquet(tmp_path / "derivatives" / "aois.parquet")
    assert dict(table.schema) == AOI_SCHEMA
    found = table.filter(pl.col("aoi") == "finding")
    assert (found["dwell_s"] >= 2.0).all()
    assert (found["first_fixation_s"].is_between(1.0, 3.0)).all()
    assert (table.filter(pl.col("aoi") == "elsewhere")["dwell_s"] <= 1.2).all()
    assert table.filter(~pl.col("usable"))["reading_id"].to_list() == [UNUSABLE]
    known = pl.col("reader_id") == "r1"  # the only one whose accuracy was measured
    assert table.filter(known)["expected_dwell_s"].is_not_null().all()
    assert table.filter(~known)["expected_dwell_s"].is_null().all()


def test_without_areas_there_is_no_table(tmp_path: Path) -> None:
    make_derivatives(tmp_path / "derivatives")
    stale = tmp_path / "derivatives" / "aois.parquet"
    stale.write_bytes(b"of an earlier file")
    assert write_aoi_table(tmp_path) == 0
    assert not stale.exists()


def test_a_study_must_be_analysed_first(tmp_path: Path) -> None:
    written(tmp_path, box("case-0001", "finding", 0, 0))
    with pytest.raises(MissingDerivativesError):
        write_aoi_table(tmp_path)
