"""Class folders in Chen's layout."""

from __future__ import annotations

from typing import TYPE_CHECKING

import imagecodecs
import numpy as np
import pytest

from gazecore.errors import LayoutError
from training.data.folders import patient_of, read_examples

if TYPE_CHECKING:
    from pathlib import Path


def write(folder: Path, split: str, grade: str, name: str, value: int) -> None:
    place = folder / split / grade
    place.mkdir(parents=True, exist_ok=True)
    image = np.full((24, 20), value, np.uint8)
    image[::2] //= 2
    (place / name).write_bytes(imagecodecs.png_encode(image))


def test_splits_grades_and_patients_come_from_the_paths(tmp_path: Path) -> None:
    for i, split in enumerate(("train", "val", "test")):
        for grade in ("0", "1"):
            write(tmp_path, split, grade, f"900000{i}L.png", 100)
            write(tmp_path, split, grade, f"900000{i}R.png", 200)
    examples = read_examples(tmp_path, size_px=16)
    assert examples.images.shape == (12, 16, 16)
    assert examples.labels.tolist() == [0, 0, 1, 1] * 3
    assert set(examples.groups.tolist()) == {"9000000", "9000001", "9000002"}


def test_a_folder_without_them_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LayoutError, match="train, val and test"):
        read_examples(tmp_path, size_px=16)
    (tmp_path / "train" / "0").mkdir(parents=True)
    with pytest.raises(LayoutError, match=r"no \.png"):
        read_examples(tmp_path, size_px=16)


def test_a_folder_without_one_of_the_splits_is_told_which(tmp_path: Path) -> None:
    for i, grade in enumerate(("0", "1")):
        write(tmp_path, "train", grade, f"900000{i}L.png", 100)
        write(tmp_path, "test", grade, f"900001{i}L.png", 100)
    with pytest.raises(LayoutError, match="no images in split 'val'"):
        read_examples(tmp_path, size_px=16)


def test_patients_are_the_leading_digits() -> None:
    assert patient_of("9000099L") == patient_of("9000099R") == "9000099"
    assert patient_of("left") == "left"
