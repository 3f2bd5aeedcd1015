"""Checkpoints of a run: complete, checked by SHA-256, the last two kept."""

from __future__ import annotations

import hashlib
import io
import pickle
from typing import TYPE_CHECKING, Any

import torch

from gazecore.errors import DamagedFileError
from training.engine.durable import write_bytes

if TYPE_CHECKING:
    from pathlib import Path

KEPT = 2


def save_checkpoint(folder: Path, step: int, state: dict[str, Any]) -> Path:
    """Write ``step-NNNNNNNN.pt`` with its digest, then drop all but the last two."""
    folder.mkdir(parents=True, exist_ok=True)
    content = io.BytesIO()
    torch.save(state, content)
    path = folder / f"step-{step:08d}.pt"
    write_bytes(path, content.getvalue())
    write_bytes(_digest_of(path), hashlib.sha256(content.getvalue()).hexdigest().encode())
    for old in sorted(folder.glob("step-*.pt"))[:-KEPT]:
        _digest_of(old).unlink(missing_ok=True)
        old.unlink()
    return path


def load_last_checkpoint(folder: Path) -> dict[str, Any] | None:
    """The state of the last sound checkpoint, or None where there is none at all.

    Raises
    ------
    DamagedFileError
        There are checkpoints, but none is sound.
    """
    for leftover in folder.glob("*.partial"):
        leftover.unlink()
    paths = sorted(folder.glob("step-*.pt"), reverse=True)
    for path in paths:
        state = _read(path)
        if state is not None:
            return state
    if paths:
        raise DamagedFileError(paths[0], "no sound checkpoint is left")
    return None


def _read(path: Path) -> dict[str, Any] | None:
    content = path.read_bytes()
    digest = _digest_of(path)
    if not digest.is_file() or hashlib.sha256(content).hexdigest() != digest.read_text():
        return None
    try:
        state: dict[str, Any] = torch.load(io.BytesIO(content), weights_only=True)
    except (RuntimeError, EOFError, pickle.UnpicklingError):
        return None
    return state


def _digest_of(path: Path) -> Path:
    return path.with_suffix(".sha256")
