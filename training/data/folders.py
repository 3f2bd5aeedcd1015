"""Class folders, the layout of Chen's OAI knees: ``train|val|test/<class>/<patient><side>.png``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gazecore.errors import LayoutError
from training.data.examples import SPLITS, ExampleSet, checked
from training.data.pixels import read_gray, resized

if TYPE_CHECKING:
    from pathlib import Path


_LAYOUT = "train, val and test with a folder per class of .png files (train/0/9000099L.png)"


def read_examples(folder: Path, *, size_px: int) -> ExampleSet:
    """All images of the three splits, resized to size_px x size_px.

    The patient is the file's name up to its first letter (``9000099L.png`` is patient 9000099);
    classes are numbered in the order of their folders' names.

    Raises
    ------
    LayoutError
        The folder has another layout.
    """
    classes = sorted({path.name for split in SPLITS for path in _folders(folder / split)})
    if not classes:
        raise LayoutError(folder, "no class folders", _LAYOUT)
    images, labels, groups, splits = [], [], [], []
    for split in SPLITS:
        for label, name in enumerate(classes):
            for path in sorted((folder / split / name).glob("*.png")):
                images.append(resized(read_gray(path), size_px))
                labels.append(label)
                groups.append(patient_of(path.stem))
                splits.append(split)
    if not images:
        raise LayoutError(folder, "no .png files in its class folders", _LAYOUT)
    examples = ExampleSet(
        np.stack(images), np.array(labels), np.array(groups), np.array(splits, dtype=str)
    )
    return checked(examples, folder)


def patient_of(stem: str) -> str:
    """The patient in a file's name: its leading digits, or all of it."""
    digits = len(stem) - len(stem.lstrip("0123456789"))
    return stem[:digits] or stem


def _folders(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.is_dir()] if folder.is_dir() else []
