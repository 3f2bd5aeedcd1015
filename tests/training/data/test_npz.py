"""NumPy files of examples and maps, sound and unsound."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from gazecore.errors import DamagedFileError, MissingPathError
from training.data.npz import read_arrays, read_examples, read_maps

if TYPE_CHECKING:
    from pathlib import Path


def test_a_set_is_read(knees_npz: Path) -> None:
    examples = read_examples(knees_npz)
    assert examples.images.shape == (48, 32, 32)
    assert examples.finding_masks is not None
    assert examples.finding_masks.dtype == np.bool_


def test_maps_know_whether_they_are_simulated(maps_npz: Path, tmp_path: Path) -> None:
    maps, simulated = read_maps(maps_npz, 48)
    assert maps.shape == (48, 32, 32)
    assert simulated
    np.savez(tmp_path / "m.npz", maps=maps)
    assert not read_maps(tmp_path / "m.npz", 48)[1]


def test_files_that_are_none_are_refused(tmp_path: Path) -> None:
    with pytest.raises(MissingPathError):
        read_arrays(tmp_path / "none.npz", ())
    text = tmp_path / "text.npz"
    text.write_text("hello")
    with pytest.raises(DamagedFileError, match="npz"):
        read_arrays(text, ())
    np.save(tmp_path / "one.npy", np.zeros(3))
    with pytest.raises(DamagedFileError):
        read_arrays(tmp_path / "one.npy", ())
    np.savez(tmp_path / "pickle.npz", images=np.array([{}], dtype=object))
    with pytest.raises(DamagedFileError):
        read_arrays(tmp_path / "pickle.npz", ())


@pytest.mark.parametrize(
    ("maps", "reason"),
    [
        (np.zeros((2, 4, 4)), "expected"),
        (np.full((3, 4, 4), -1.0), "negative"),
        (np.full((3, 4, 4), np.nan), "finite"),
    ],
)
def test_unsound_maps_are_refused(tmp_path: Path, maps: Any, reason: str) -> None:
    np.savez(tmp_path / "m.npz", maps=maps)
    with pytest.raises(DamagedFileError, match=reason):
        read_maps(tmp_path / "m.npz", 3)


def test_missing_keys_and_odd_labels_are_named(tmp_path: Path, knees_npz: Path) -> None:
    arrays = read_arrays(knees_npz, ())
    np.savez(tmp_path / "a.npz", **{**arrays, "labels": np.array(["x"] * 48)})  # type: ignore[arg-type]
    with pytest.raises(DamagedFileError, match="whole numbers"):
        read_examples(tmp_path / "a.npz")
    del arrays["split"]
    np.savez(tmp_path / "b.npz", **arrays)  # type: ignore[arg-type]
    with pytest.raises(DamagedFileError, match="'split'"):
        read_examples(tmp_path / "b.npz")
