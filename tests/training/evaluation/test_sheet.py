"""A sheet shows the same images under each arm, with the views that training would see."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from gazecore.errors import InvalidSettingError
from training.evaluation.runs import read_data
from training.evaluation.sheet import view_sheet

if TYPE_CHECKING:
    from pathlib import Path

    from training.evaluation.runs import RunData


@pytest.fixture
def data(tmp_path: Path) -> RunData:
    rng = np.random.default_rng(0)
    maps = np.zeros((12, 16, 16), np.float32)
    maps[:, 4:7, 9:12] = 1.0
    np.savez(
        tmp_path / "set.npz",
        images=rng.integers(0, 256, (12, 48, 48), dtype=np.uint8),
        labels=np.arange(12) % 3,
        groups=np.arange(12),
        split=np.array(["train"] * 6 + ["val"] * 2 + ["test"] * 4),
    )
    np.savez(tmp_path / "maps.npz", maps=maps, simulated=np.array(True))
    return read_data(tmp_path / "set.npz", tmp_path / "maps.npz", size_px=32)


def test_pairs_of_every_arm_of_test_images(data: RunData) -> None:
    sheet = view_sheet(data, ["conventional", "focuscontrast"], count=3, size_px=32)
    assert set(sheet) == {"images"} | {
        f"{arm}_{side}" for arm in ("conventional", "focuscontrast") for side in ("first", "second")
    }
    assert sheet["focuscontrast_first"].shape == (3, 32, 32)
    np.testing.assert_array_equal(sheet["images"], data.examples.images[8:11])
    assert (sheet["focuscontrast_first"] != sheet["focuscontrast_second"]).any()


def test_the_seed_fixes_the_sheet(data: RunData) -> None:
    first, again, other = (
        view_sheet(data, ["focuscontrast"], count=2, size_px=32, seed=s) for s in (1, 1, 2)
    )
    np.testing.assert_array_equal(first["focuscontrast_first"], again["focuscontrast_first"])
    assert (first["focuscontrast_first"] != other["focuscontrast_first"]).any()


def test_an_unknown_arm_is_refused(data: RunData) -> None:
    with pytest.raises(InvalidSettingError, match="conventional"):
        view_sheet(data, ["magic"], count=2, size_px=32)
