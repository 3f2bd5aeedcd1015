from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

from gazecore.errors import MissingDerivativesError
from gazecore.export import export_study

if TYPE_CHECKING:
    from pathlib import Path

    from gazecore.study import Study


def test_fixations_in_both_frames(analysed: Study, tmp_path: Path) -> None:
    export_study(analysed, format_name="egd", level="fixations", target=tmp_path / "out")
    table = pl.read_csv(tmp_path / "out" / "fixations.csv")
    assert len(table) == 5 * 4
    first = table.filter(pl.col("SESSION_ID") == "reading-000001")
    assert first["CNT"].to_list() == [1, 2, 3, 4]
    assert first["FPOGX"].to_list() == pytest.approx(
        [100 / 1920, 200 / 1920, 300 / 1920, 700 / 1920], abs=1e-6
    )
    assert first["FPOGY"].to_list() == pytest.approx(
        [50 / 1080, 100 / 1080, 150 / 1080, 350 / 1080], abs=1e-6
    )
    assert first["FPOGS"].to_list() == pytest.approx([0.1, 0.55, 1.0, 1.45])
    assert first["FPOGD"].to_list() == pytest.approx([0.3] * 4)
    assert first["X_ORIGINAL"].to_list() == [0, 10, 20, 30]
    assert first["TIMETICK(f=10000000)"][0] == pytest.approx(4_000_000, abs=1)
    assert set(first["DICOM_ID"]) == {analysed.readings()[0].case_id}
    assert not (tmp_path / "out" / "eye_gaze.csv").exists()


def test_lost_samples_stay_lost(analysed: Study, tmp_path: Path) -> None:
    export_study(analysed, format_name="egd", level="raw", target=tmp_path / "out")
    table = pl.read_csv(tmp_path / "out" / "eye_gaze.csv")
    assert len(table) == 5 * 200
    assert table["BPOGX"].null_count() == table["X_ORIGINAL"].null_count() == 50
    assert table["BPOGV"].sum() == 950
    assert table.filter(pl.col("BPOGV") == 0)["BPOGX"].null_count() == 50


def test_without_derivatives_it_says_what_to_do(study: Study, tmp_path: Path) -> None:
    with pytest.raises(MissingDerivativesError):
        export_study(study, format_name="egd", level="fixations", target=tmp_path / "out")
