"""Files are replaced whole, or not at all."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from gazecore.errors import UnwritablePathError
from training.engine.durable import make_folder, write_bytes, write_json

if TYPE_CHECKING:
    from pathlib import Path


def test_content_is_replaced_and_nothing_left_over(tmp_path: Path) -> None:
    path = tmp_path / "state.bin"
    write_bytes(path, b"old")
    write_bytes(path, b"new")
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


def test_json_refuses_what_json_has_not(tmp_path: Path) -> None:
    write_json(tmp_path / "a.json", {"x": [1, None]})
    assert json.loads((tmp_path / "a.json").read_text()) == {"x": [1, None]}
    with pytest.raises(ValueError, match="JSON"):
        write_json(tmp_path / "a.json", {"x": float("nan")})
    assert json.loads((tmp_path / "a.json").read_text()) == {"x": [1, None]}


def test_a_folder_that_cannot_be_is_named(tmp_path: Path) -> None:
    assert make_folder(tmp_path / "a" / "b").is_dir()
    (tmp_path / "file").touch()
    with pytest.raises(UnwritablePathError, match="file"):
        make_folder(tmp_path / "file" / "run")
