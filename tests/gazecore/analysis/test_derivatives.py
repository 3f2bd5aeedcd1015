"""Files that are whole or not there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

from gazecore import __version__
from gazecore.analysis.derivatives import write_about, write_map, write_table
from gazecore.attention import CaseAttention

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
    }


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
