"""Labelled images with a split by patients, checked before anything learns from them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gazecore.errors import LayoutError

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

SPLITS = ("train", "val", "test")

_EXPECTED = (
    "uint8 images (n, h, w), each with label, patient (group) and split, "
    "two classes or more, in train, val and test, and no patient in two of these"
)


@dataclass(frozen=True, slots=True)
class ExampleSet:
    """Images, what they are, whose they are, and which split they belong to.

    Attributes
    ----------
    images : ndarray
        uint8 (n, h, w).
    labels : ndarray
        int64 (n,).
    groups : ndarray
        Patients, str (n,); a patient is in one split only.
    split : ndarray
        ``train``, ``val`` or ``test``, str (n,).
    finding_masks : ndarray or None
        bool (n, h, w) where the finding is known (synthetic sets): the oracle.
    """

    images: npt.NDArray[np.uint8]
    labels: npt.NDArray[np.int64]
    groups: npt.NDArray[np.str_]
    split: npt.NDArray[np.str_]
    finding_masks: npt.NDArray[np.bool_] | None = None

    def indices(self, split: str) -> npt.NDArray[np.int64]:
        """Where that split is."""
        return np.flatnonzero(self.split == split)

    def fingerprint(self) -> str:
        """A digest of everything in the set."""
        digest = hashlib.sha256(repr(self.images.shape).encode())
        for part in (self.images, self.labels, self.groups, self.split):
            digest.update(np.ascontiguousarray(part).tobytes())
        return digest.hexdigest()


def checked(examples: ExampleSet, path: Path) -> ExampleSet:
    """The set itself, if it is sound.

    Raises
    ------
    LayoutError
        Images of another kind, lengths that differ, a split that is empty or unknown, fewer than
        two classes, or a patient in two splits.
    """
    n = len(examples.images)
    if examples.images.ndim != 3 or examples.images.dtype != np.uint8 or n == 0:
        raise LayoutError(path, "images are not uint8 (n, h, w)", _EXPECTED)
    if not len(examples.labels) == len(examples.groups) == len(examples.split) == n:
        raise LayoutError(path, "images, labels, groups and split differ in length", _EXPECTED)
    odd = set(examples.split.tolist()) - set(SPLITS)
    if odd:
        raise LayoutError(path, f"unknown split {sorted(odd)[0]!r}", _EXPECTED)
    for split in SPLITS:
        if not len(examples.indices(split)):
            raise LayoutError(path, f"no images in split {split!r}", _EXPECTED)
    if len(set(examples.labels[examples.indices("train")].tolist())) < 2:
        raise LayoutError(path, "fewer than two classes in split 'train'", _EXPECTED)
    pairs = {(g, s) for g, s in zip(examples.groups, examples.split, strict=True)}
    if len(pairs) != len({g for g, _ in pairs}):
        raise LayoutError(path, "a patient (group) is in more than one split", _EXPECTED)
    return examples
