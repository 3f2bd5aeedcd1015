"""The demo refuses a place it cannot write or that holds something, in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.demo.run import Clock, make_out
from gazecore.errors import UnwritablePathError

if TYPE_CHECKING:
    from pathlib import Path


def test_a_new_or_empty_folder_is_taken(tmp_path: Path) -> None:
    make_out(tmp_path / "a" / "b")
    make_out(tmp_path / "a" / "b")
    assert list((tmp_path / "a" / "b").iterdir()) == []


def test_a_folder_in_use_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("data")
    with pytest.raises(UnwritablePathError, match="not empty"):
        make_out(tmp_path)
    assert (tmp_path / "precious").read_text() == "data"


def test_a_file_in_the_way_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UnwritablePathError, match="file/out"):
        make_out(tmp_path / "file" / "out")


def test_clock_times_and_tells_each_step() -> None:
    said: list[str] = []
    clock = Clock(said.append)
    with clock.step("a", "doing a"):
        pass
    assert said == ["doing a"]
    assert 0 <= clock.seconds["a"] < 5
