from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gazecore.errors import InputError, MissingPathError, TargetExistsError, UnwritablePathError
from gazecore.recording.plan import demand_place, free_bytes

if TYPE_CHECKING:
    from pathlib import Path


def test_a_new_name_in_a_folder_is_fine(tmp_path: Path) -> None:
    demand_place(tmp_path / "new.xdf", 0)
    assert not list(tmp_path.iterdir())


def test_an_existing_file_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "old.xdf").write_bytes(b"x")
    with pytest.raises(TargetExistsError):
        demand_place(tmp_path / "old.xdf", 0)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(MissingPathError, match="nowhere"):
        demand_place(tmp_path / "nowhere" / "a.xdf", 0)


def test_too_little_space_is_refused_with_figures(tmp_path: Path) -> None:
    with pytest.raises(UnwritablePathError, match=r"GB free on the disk at .* GB must stay free"):
        demand_place(tmp_path / "a.xdf", 10**18)


def test_a_disk_that_is_gone_has_no_space(tmp_path: Path) -> None:
    assert free_bytes(tmp_path / "a.xdf") > 0
    assert free_bytes(tmp_path / "gone" / "a.xdf") == 0


def test_a_folder_is_not_taken_for_a_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is a folder; give the name"):
        demand_place(tmp_path, 0)
