"""Files that are whole or not there."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

from gazecore import __version__
from gazecore.analysis.derivatives import (
    join_tables,
    map_sources,
    put_in_place,
    sweep,
    write_about,
    write_map,
    write_table,
)
from gazecore.attention import CaseAttention
from gazecore.processes import child_environment

if TYPE_CHECKING:
    from pathlib import Path


def attention() -> CaseAttention:
    """A map of two pixels."""
    return CaseAttention(
        map=np.array([[0.25, 0.75]], dtype=np.float32),
        image_height_px=100,
        image_width_px=200,
        sigma_px=(30.0, 31.0),
        mass_inside=0.9,
        used=3,
        dropped=1,
        preset="focusstation",
        readers=2,
        simulated=True,
    )


def test_a_map_comes_back_without_pickles(tmp_path: Path) -> None:
    place = tmp_path / "attention" / "reading-000001.npz"
    write_map(place, attention())
    with np.load(place, allow_pickle=False) as stored:
        assert stored["map"].tolist() == [[0.25, 0.75]]
        facts = {name: stored[name].tolist() for name in stored if name != "map"}
    assert facts == {
        "image_height_px": 100,
        "image_width_px": 200,
        "sigma_px": [30.0, 31.0],
        "mass_inside": 0.9,
        "used": 3,
        "dropped": 1,
        "preset": "focusstation",
        "readers": 2,
        "simulated": True,
        "sources": "",
    }
    assert map_sources(place) == ""


def test_a_mean_map_says_what_it_is_the_mean_of(tmp_path: Path) -> None:
    write_map(tmp_path / "case-1.npz", attention(), "abc")
    assert map_sources(tmp_path / "case-1.npz") == "abc"
    assert map_sources(tmp_path / "case-2.npz") == ""


def test_what_is_no_map_is_refused(tmp_path: Path) -> None:
    place = tmp_path / "reading-000001.npz"
    place.write_bytes(b"PK no map")
    assert map_sources(place) == ""


def test_tables_are_joined_in_order(tmp_path: Path) -> None:
    schema = pl.Schema({"a": pl.Int64})
    places = [tmp_path / f"{n}.parquet" for n in (3, 1, 2)]
    for place, value in zip(places, (30, 10, 20), strict=True):
        write_table(place, pl.DataFrame({"a": [value]}))
    join_tables(tmp_path / "all.parquet", places, schema)
    assert pl.read_parquet(tmp_path / "all.parquet")["a"].to_list() == [30, 10, 20]
    join_tables(tmp_path / "all.parquet", [], schema)
    assert pl.read_parquet(tmp_path / "all.parquet").schema == schema


def test_what_the_dead_had_begun_is_swept_away(tmp_path: Path) -> None:
    killed = subprocess.run(
        [
            sys.executable,
            "-c",
            "import os, pathlib, sys\n"
            "from gazecore.analysis.derivatives import put_in_place\n"
            "with put_in_place(pathlib.Path(sys.argv[1])) as partial:\n"
            "    partial.write_text('half')\n"
            "    os.kill(os.getpid(), 9)\n",
            str(tmp_path / "gaze" / "session-0001.parquet"),
        ],
        env=child_environment(),
        check=False,
    )
    assert killed.returncode == -9
    assert len(list(tmp_path.rglob("*.partial"))) == 1
    with put_in_place(tmp_path / "b") as mine:
        mine.write_text("being written")
        sweep(tmp_path)
        assert mine.exists()
    assert not list(tmp_path.rglob("*.partial"))


def test_about_says_which_schema_and_program(tmp_path: Path) -> None:
    write_about(tmp_path / "about.json", {"preset": "I-DT"})
    told = json.loads((tmp_path / "about.json").read_text())
    assert told == {"schema_version": 1, "software": __version__, "preset": "I-DT"}


def test_a_table_replaces_the_old_one_whole(tmp_path: Path) -> None:
    place = tmp_path / "quality.parquet"
    for value in (1, 2):
        write_table(place, pl.DataFrame({"a": [value]}))
    assert pl.read_parquet(place)["a"].to_list() == [2]
    assert [p.name for p in tmp_path.iterdir()] == ["quality.parquet"]


def test_a_failed_write_leaves_the_old_file_alone(tmp_path: Path) -> None:
    place = tmp_path / "quality.parquet"
    write_table(place, pl.DataFrame({"a": [1]}))
    unwritable = pl.DataFrame({"a": [object()]}, schema={"a": pl.Object})
    with pytest.raises((pl.exceptions.PolarsError, pl.exceptions.PanicException)):
        write_table(place, unwritable)
    assert pl.read_parquet(place)["a"].to_list() == [1]
    assert [p.name for p in tmp_path.iterdir()] == ["quality.parquet"]
