"""Derivatives read back as they were written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from gazecore.analysis.derivatives import write_map
from gazecore.analysis.finished import Finished, read_map
from gazecore.attention import mean_attention
from gazecore.errors import DamagedFileError, MissingDerivativesError
from tests.gazecore.analysis.derived import make_derivatives
from tests.gazecore.analysis.test_derivatives import attention

if TYPE_CHECKING:
    from pathlib import Path


def test_a_map_comes_back_as_it_was(tmp_path: Path) -> None:
    write_map(tmp_path / "map.npz", attention())
    found = read_map(tmp_path / "map.npz")
    assert np.array_equal(found.map, attention().map)
    for name in ("image_height_px", "sigma_px", "mass_inside", "preset", "readers", "simulated"):
        assert getattr(found, name) == getattr(attention(), name)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no archive", b"\x93NUMPY"])
def test_a_damaged_map_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "map.npz").write_bytes(content)
    with pytest.raises(DamagedFileError, match=r"map\.npz"):
        read_map(tmp_path / "map.npz")


def test_usable_readings_by_case_and_reader(tmp_path: Path) -> None:
    finished = Finished(make_derivatives(tmp_path / "derivatives", ("r1", "r2", "r1")))
    cases = finished.by_case()
    assert [reading.reader_id for reading in cases["case-0001"]] == ["r1", "r2", "r1"]
    assert [reading.reader_id for reading in cases["case-0003"]] == ["r1", "r2"]
    maps = finished.maps_by_reader(cases["case-0001"])
    assert list(maps) == ["r1", "r2"]
    first, last = (finished.attention(cases["case-0001"][i]) for i in (0, 2))
    assert np.array_equal(maps["r1"].map, mean_attention([first, last]).map)
    assert maps["r1"].readers == 2


def test_fixations_of_readings(tmp_path: Path) -> None:
    finished = Finished(make_derivatives(tmp_path / "derivatives"))
    found = list(finished.fixations(finished.readings))
    assert [len(table) for _, table in found] == [12] * 9
    assert all(table["reading_id"].unique().item() == r.reading_id for r, table in found)


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(MissingDerivativesError, match="quality"):
        Finished(tmp_path / "derivatives")
    finished = Finished(make_derivatives(tmp_path / "derivatives"))
    (tmp_path / "derivatives" / "attention" / "reading-000001.npz").unlink()
    with pytest.raises(MissingDerivativesError, match="reading-000001"):
        finished.attention(finished.readings[0])
    (tmp_path / "derivatives" / "fixations" / "session-0001.parquet").unlink()
    with pytest.raises(MissingDerivativesError, match="session-0001"):
        list(finished.fixations(finished.readings))
