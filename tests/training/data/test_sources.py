"""Examples from wherever a path points."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gazecore.errors import LayoutError, MissingPathError
from training.data.sources import load_examples

if TYPE_CHECKING:
    from pathlib import Path


def test_a_file_is_read_a_folder_looked_into_and_nothing_named(
    knees_npz: Path, tmp_path: Path
) -> None:
    assert len(load_examples(knees_npz).images) == 48
    with pytest.raises(LayoutError, match="train, val and test"):
        load_examples(tmp_path)
    with pytest.raises(MissingPathError, match="examples"):
        load_examples(tmp_path / "none")
