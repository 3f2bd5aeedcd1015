from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

from gazecore.errors import MissingDerivativesError
from gazecore.export import export_study

if TYPE_CHECKING:
    from pathlib import Path

    from gazecore.study import Study
    from gazecore.study.protocol import ConsentLevel

TABLES = {"cases", "readers", "readings", "attention"}


@pytest.mark.parametrize(
    ("level", "more"),
    [("maps", set()), ("fixations", {"fixations", "quality"}), ("raw", {"fixations", "quality",
     "gaze/session-0001", "gaze/session-0002"})],
)  # fmt: skip
def test_each_level_holds_its_tables_and_no_others(
    analysed: Study, tmp_path: Path, level: ConsentLevel, more: set[str]
) -> None:
    target = tmp_path / "out"
    export_study(analysed, format_name="parquet", level=level, target=target)
    found = {p.relative_to(target).with_suffix("").as_posix() for p in target.rglob("*.parquet")}
    assert found == TABLES | more


def test_times_count_from_the_start_of_the_session(analysed: Study, tmp_path: Path) -> None:
    export_study(analysed, format_name="parquet", level="raw", target=tmp_path / "out")
    fixations = pl.read_parquet(tmp_path / "out" / "fixations.parquet")
    gaze = pl.read_parquet(tmp_path / "out" / "gaze" / "session-0002.parquet")
    assert gaze["t_s"][0] == 0
    second = fixations.filter(pl.col("session_id") == "session-0002")
    assert second["onset_s"].to_list()[:4] == pytest.approx([0.1, 0.55, 1.0, 1.45])
    assert second["duration_s"].to_list() == pytest.approx([0.3] * 8)
    assert gaze["x_image_px"].null_count() == 20
    assert "simulated" in (tmp_path / "out" / "README.md").read_text()


def test_without_derivatives_it_says_what_to_do(study: Study, tmp_path: Path) -> None:
    with pytest.raises(MissingDerivativesError, match="attention maps"):
        export_study(study, format_name="parquet", level="maps", target=tmp_path / "out")
    assert not (tmp_path / "out").exists()
