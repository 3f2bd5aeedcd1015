"""The example set of the comparison: labelled, split, no patient in two parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from app.demo.learning import write_example_set
from app.demo.plan import DemoPlan

if TYPE_CHECKING:
    from pathlib import Path


def test_set_is_complete_and_split_by_patient(tmp_path: Path) -> None:
    file = tmp_path / "new" / "set.npz"
    write_example_set(file, DemoPlan(set_examples=40, set_size_px=32))
    arrays = np.load(file)
    assert arrays["images"].shape == (40, 32, 32)
    assert arrays["images"].dtype == np.uint8
    assert set(arrays["labels"].tolist()) == {0, 1, 2, 3, 4}
    assert arrays["split"].tolist().count("train") == 24
    assert set(arrays["split"].tolist()) == {"train", "val", "test"}
    assert len(set(arrays["groups"].tolist())) == 40
