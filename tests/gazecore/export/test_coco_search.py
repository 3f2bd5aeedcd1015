from __future__ import annotations

import json
from typing import TYPE_CHECKING

import polars as pl
import pytest

from gazecore.errors import MissingDerivativesError
from gazecore.export import export_study
from gazecore.export.coco_search import scanpath

if TYPE_CHECKING:
    from pathlib import Path

    from gazecore.study import Study


def test_scanpaths_say_their_units(analysed: Study, tmp_path: Path) -> None:
    export_study(analysed, format_name="coco-search", level="fixations", target=tmp_path / "out")
    paths = json.loads((tmp_path / "out" / "scanpaths.json").read_text())
    units = json.loads((tmp_path / "out" / "units.json").read_text())
    assert len(paths) == 5
    first = paths[0]
    assert (first["X"], first["Y"]) == ([0, 10, 20, 30], [0, 5, 10, 15])
    assert first["T"] == [300.0] * 4
    assert (first["length"], first["subject"], first["task"]) == (4, 1, "grade")
    assert first["condition"] == "present"  # the answer was grade 1
    assert paths[-1]["subject"] == 2
    assert "millisecond" in units["T"]
    assert units["simulated"] is True


def test_correct_only_where_there_is_a_reference(analysed: Study, tmp_path: Path) -> None:
    export_study(analysed, format_name="coco-search", level="fixations", target=tmp_path / "out")
    paths = json.loads((tmp_path / "out" / "scanpaths.json").read_text())
    assert {path["name"]: path["correct"] for path in paths}["case-0002"] == 0  # 1 is not 2
    assert {path["correct"] for path in paths if path["name"] != "case-0002"} == {None}


def test_a_right_answer_is_correct(study: Study) -> None:
    case = study.case("case-0002")
    reading = next(r for r in study.readings() if r.case_id == "case-0002")
    reading.answers["grade"] = "2"
    table = pl.DataFrame({"x_image_px": [1.0], "y_image_px": [2.0], "duration_s": [0.25]})
    entry = scanpath(table, reading, case, "grade")
    assert (entry["correct"], entry["T"]) == (1, [250.0])


def test_without_derivatives_it_says_what_to_do(study: Study, tmp_path: Path) -> None:
    with pytest.raises(MissingDerivativesError):
        export_study(study, format_name="coco-search", level="fixations", target=tmp_path / "out")
