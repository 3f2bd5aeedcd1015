"""What spans the sessions of a study."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

from gazecore.analysis.gather import (
    Gathered,
    gather_stamps,
    remove_strangers,
    write_case_maps,
    write_study_tables,
)
from gazecore.analysis.quality_table import QUALITY_SCHEMA
from gazecore.analysis.settings import AnalysisSettings
from gazecore.analysis.unit import analyse_recording

if TYPE_CHECKING:
    from gazecore.study import Study

SESSIONS = ("session-0001", "session-0002", "session-0003")


@pytest.fixture
def made(study: Study) -> Study:
    """The study with the files of its sessions made."""
    for session_id in SESSIONS:
        analyse_recording(study.path, session_id, AnalysisSettings(robustness=False))
    return study


def test_stamps_are_counted_and_what_failed_is_named(made: Study) -> None:
    gathered = gather_stamps(
        made.derivatives, [*SESSIONS, "session-0004"], {"session-0002": "its analysis died"}
    )
    assert gathered.sessions == ["session-0001"]
    assert (gathered.readings, gathered.usable_readings) == (2, 2)
    assert gathered.problems == [
        "session-0002: its analysis died",
        "session-0003: no recording",
        "session-0004: not analysed yet",
    ]
    assert {case: [name for name, _ in found] for case, found in gathered.cases.items()} == {
        "case-0001": ["reading-000001"],
        "case-0002": ["reading-000002"],
    }


def test_tables_are_joined_in_the_order_of_the_sessions(made: Study) -> None:
    gathered = gather_stamps(made.derivatives, SESSIONS, {})
    write_study_tables(made.derivatives, gathered, robustness=False)
    quality = pl.read_parquet(made.derivatives / "quality.parquet")
    assert quality.schema == pl.Schema(QUALITY_SCHEMA)
    assert quality["reading_id"].to_list() == [f"reading-00000{n}" for n in (1, 2, 3, 4)]
    write_study_tables(made.derivatives, Gathered(), robustness=False)
    assert pl.read_parquet(made.derivatives / "quality.parquet").schema == quality.schema
    assert not (made.derivatives / "robustness.parquet").exists()


def test_a_map_that_cannot_be_read_is_a_problem_of_its_case(made: Study) -> None:
    gathered = gather_stamps(made.derivatives, SESSIONS, {})
    (made.derivatives / "attention" / "reading-000003.npz").write_bytes(b"no map")
    write_case_maps(made.derivatives, gathered)
    assert not (made.derivatives / "attention" / "case-case-0001.npz").exists()
    assert gathered.problems[-1].startswith("case-0001: ")
    with np.load(made.derivatives / "attention" / "case-case-0002.npz") as stored:
        assert int(stored["readers"]) == 2


def test_only_what_bears_a_name_of_ours_is_removed(made: Study) -> None:
    for name in ("group-a.npz", "case-case-0007.npz", "reading-000009.npz"):
        (made.derivatives / "attention" / name).write_bytes(b"")
    readings = [f"reading-00000{n}" for n in (1, 2, 3, 4)]
    remove_strangers(made.derivatives, SESSIONS[1:], readings, ["case-0001"])
    left = {path.name for path in (made.derivatives / "attention").iterdir()}
    assert left == {"group-a.npz", *(f"{name}.npz" for name in readings)}
    assert not list(made.derivatives.rglob("session-0001.*"))
    assert len(list(made.derivatives.rglob("session-0002.*"))) == 6
