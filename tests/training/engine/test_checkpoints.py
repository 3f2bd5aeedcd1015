"""Checkpoints survive damage to the last of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import torch

from gazecore.errors import DamagedFileError
from training.engine.checkpoints import load_last_checkpoint, save_checkpoint

if TYPE_CHECKING:
    from pathlib import Path


def save(folder: Path, *steps: int) -> None:
    for step in steps:
        save_checkpoint(folder, step, {"step": step, "tensor": torch.full((3,), float(step))})


def test_the_last_comes_back_and_two_are_kept(tmp_path: Path) -> None:
    save(tmp_path, 1, 2, 3)
    state = load_last_checkpoint(tmp_path)
    assert state is not None
    assert state["step"] == 3
    assert torch.equal(state["tensor"], torch.full((3,), 3.0))
    assert len(list(tmp_path.glob("step-*.pt"))) == 2


def test_nothing_there_is_none(tmp_path: Path) -> None:
    assert load_last_checkpoint(tmp_path / "none") is None


@pytest.mark.parametrize("damage", ["cut", "changed", "undigested"])
def test_a_damaged_last_one_gives_way_to_the_one_before(tmp_path: Path, damage: str) -> None:
    save(tmp_path, 1, 2)
    last = tmp_path / "step-00000002.pt"
    content = bytearray(last.read_bytes())
    if damage == "cut":
        last.write_bytes(content[: len(content) // 2])
    elif damage == "changed":
        content[len(content) // 2] ^= 1
        last.write_bytes(content)
    else:
        last.with_suffix(".sha256").unlink()
    state = load_last_checkpoint(tmp_path)
    assert state is not None
    assert state["step"] == 1


def test_when_all_are_damaged_it_says_so(tmp_path: Path) -> None:
    save(tmp_path, 1)
    (tmp_path / "step-00000001.pt").write_bytes(b"")
    with pytest.raises(DamagedFileError, match="no sound checkpoint"):
        load_last_checkpoint(tmp_path)


def test_leftovers_of_a_killed_run_are_cleared(tmp_path: Path) -> None:
    save(tmp_path, 1)
    leftover = tmp_path / "step-00000002.pt.partial"
    leftover.write_bytes(b"half")
    assert load_last_checkpoint(tmp_path) is not None
    assert not leftover.exists()
