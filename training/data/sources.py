"""Examples from wherever a path points."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gazecore.errors import MissingPathError
from training.data import folders, npz

if TYPE_CHECKING:
    from pathlib import Path

    from training.data.examples import ExampleSet


def load_examples(path: Path, *, size_px: int = 224) -> ExampleSet:
    """The set at `path`: an .npz file, or class folders (then resized to `size_px`).

    Raises
    ------
    MissingPathError
        Nothing is there.
    """
    if path.is_dir():
        return folders.read_examples(path, size_px=size_px)
    if path.is_file():
        return npz.read_examples(path)
    raise MissingPathError(path, "file or folder of examples")
