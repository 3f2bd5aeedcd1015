"""A tiny labelled data set for the real trainer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def examples(tmp_path: Path) -> Path:
    """96 noise images of two classes."""
    random = np.random.default_rng(0)
    n = 96
    file = tmp_path / "examples.npz"
    np.savez(
        file,
        images=random.integers(0, 255, (n, 32, 32), dtype=np.uint8),
        labels=np.arange(n, dtype=np.int64) % 2,
        groups=np.arange(n),
        split=np.array(["train"] * 64 + ["val"] * 16 + ["test"] * 16),
    )
    return file
