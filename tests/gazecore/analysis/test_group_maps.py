"""Groups of readers over a study's derivatives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from gazecore.analysis.finished import Finished
from gazecore.analysis.group_maps import write_difference_maps, write_group_maps
from gazecore.errors import InvalidSettingError
from tests.gazecore.analysis.derived import make_derivatives

if TYPE_CHECKING:
    from pathlib import Path


def stored(place: Path) -> dict[str, Any]:
    with np.load(place, allow_pickle=False) as file:
        return {name: file[name] for name in file}


def test_the_group_of_all_and_of_some(tmp_path: Path) -> None:
    finished = Finished(make_derivatives(tmp_path / "derivatives"))
    cases = ("case-0001", "case-0002", "case-0003")
    assert write_group_maps(tmp_path, "everyone") == cases
    found = stored(tmp_path / "derivatives" / "groups" / "everyone" / "case-case-0001.npz")
    assert found["readers"].tolist() == ["r1", "r2", "r3"]
    maps = [one.map for one in map(finished.attention, finished.by_case()["case-0001"])]
    assert found["map"] == pytest.approx(np.mean(maps, axis=0), abs=1e-7)
    assert found["spread"] == pytest.approx(np.std(maps, axis=0, ddof=1), abs=1e-7)
    assert found["simulated"]
    assert write_group_maps(tmp_path, "some", ["r3"], {"r3": 2.0}) == cases[:2]
    assert write_group_maps(tmp_path, "everyone", ["r3"]) == cases[:2]
    left = sorted(p.name for p in (tmp_path / "derivatives" / "groups" / "everyone").iterdir())
    assert left == ["case-case-0001.npz", "case-case-0002.npz"]
    alone = stored(tmp_path / "derivatives" / "groups" / "some" / "case-case-0001.npz")
    assert "spread" not in alone
    assert alone["weights"].tolist() == [1.0]


def test_the_difference_of_two_groups(tmp_path: Path) -> None:
    make_derivatives(tmp_path / "derivatives", ("r1", "r2", "r3", "r4", "r5"))
    written = write_difference_maps(tmp_path, "by-years", ["r1", "r2"], ["r3", "r4", "r5"])
    assert written == ("case-0001", "case-0002", "case-0003")
    found = stored(tmp_path / "derivatives" / "differences" / "by-years" / "case-case-0003.npz")
    assert found["second"].tolist() == ["r4", "r5"]  # the third reader's is not usable
    assert found["map"].sum(dtype=float) == pytest.approx(0, abs=1e-5)
    assert (found["relabellings"], found["exhaustive"]) == (6, True)
    assert 0 < found["p"].min() <= found["p"].max() <= 1


def test_cases_with_too_few_readers_are_passed_over(tmp_path: Path) -> None:
    make_derivatives(tmp_path / "derivatives")
    assert write_difference_maps(tmp_path, "few", ["r1"], ["r2", "r3"]) == ()


def test_unknown_readers_and_names_are_refused(tmp_path: Path) -> None:
    make_derivatives(tmp_path / "derivatives")
    with pytest.raises(InvalidSettingError, match="name of a group"):
        write_group_maps(tmp_path, "../elsewhere")
    with pytest.raises(InvalidSettingError, match="readers of a group"):
        write_group_maps(tmp_path, "some", ["r1", "r9"])
    with pytest.raises(InvalidSettingError, match="readers of a group"):
        write_difference_maps(tmp_path, "some", ["r1"], ["r9"])
