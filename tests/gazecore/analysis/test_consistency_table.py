"""The agreement of readers over a study's derivatives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

from gazecore.analysis.consistency_table import (
    CONSISTENCY_SCHEMA,
    consistency_table,
    write_consistency_table,
)
from gazecore.analysis.finished import Finished
from gazecore.attention.consistency import stretched, with_uniform
from gazecore.attention.metrics import information_gain
from gazecore.errors import MissingDerivativesError
from gazecore.scanpaths import Scanpath
from tests.gazecore.analysis.derived import PLACES_PX, make_derivatives

if TYPE_CHECKING:
    from pathlib import Path


def test_each_reader_of_each_case(tmp_path: Path) -> None:
    make_derivatives(tmp_path / "derivatives")
    table = write_consistency_table(tmp_path)
    assert pl.read_parquet(tmp_path / "derivatives" / "consistency.parquet").equals(table)
    assert dict(table.schema) == CONSISTENCY_SCHEMA
    # Of the third case one reading is not usable.
    told = dict(table.group_by("case_id").agg(pl.col("others").unique().item()).iter_rows())
    assert told == {"case-0001": 2, "case-0002": 2, "case-0003": 1}
    assert (table["baseline"] == "other cases").all()
    assert (table["information_gain"] > 0.5).all()
    assert (table["auc_judd"] > 0.7).all()
    assert table["simulated"].all()


def test_the_baseline_is_the_mean_of_the_other_cases(tmp_path: Path) -> None:
    finished = Finished(make_derivatives(tmp_path / "derivatives", ("r1", "r2")))
    table = consistency_table(finished)
    cases = finished.by_case()
    maps = {
        case: [one.map.astype(float) for one in finished.maps_by_reader(readings).values()]
        for case, readings in cases.items()
    }
    others = [stretched(np.mean(maps[case], axis=0), (96, 96)) for case in list(PLACES_PX)[1:]]
    baseline = stretched(np.sum(others, axis=0), maps["case-0001"][0].shape)
    (_, fixations), _ = finished.fixations(cases["case-0001"])
    points = Scanpath.of_reading(fixations).xy_px / 10
    expected = information_gain(with_uniform(maps["case-0001"][1]), points, with_uniform(baseline))
    assert table["information_gain"][0] == pytest.approx(expected, rel=1e-5)


def test_one_case_alone_is_measured_against_the_centre(tmp_path: Path) -> None:
    folder = make_derivatives(tmp_path / "derivatives", ("r1", "r2"))
    quality = pl.read_parquet(folder / "quality.parquet")
    quality.filter(pl.col("case_id") == "case-0002").write_parquet(folder / "quality.parquet")
    table = consistency_table(Finished(folder))
    assert table["baseline"].to_list() == ["centre", "centre"]


def test_readers_alone_and_studies_not_analysed(tmp_path: Path) -> None:
    assert consistency_table(Finished(make_derivatives(tmp_path / "one", ("r1",)))).height == 0
    with pytest.raises(MissingDerivativesError):
        write_consistency_table(tmp_path / "nowhere")
