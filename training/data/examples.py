"""Labelled images with a split by patients, checked before anything learns from them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gazecore.errors import DamagedFileError

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

SPLITS = ("train", "val", "test")


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
    DamagedFileError
        Lengths differ, a split is empty or unknown, or a patient is in two splits.
    """
    n = len(examples.images)
    if examples.images.ndim != 3 or examples.images.dtype != np.uint8 or n == 0:
        raise DamagedFileError(path, "images are not uint8 (n, h, w)")
    if not len(examples.labels) == len(examples.groups) == len(examples.split) == n:
        raise DamagedFileError(path, "images, labels, groups and split differ in length")
    odd = set(examples.split.tolist()) - set(SPLITS)
    if odd:
        raise DamagedFileError(path, f"unknown split {sorted(odd)[0]!r}")
    for split in SPLITS:
        if not len(examples.indices(split)):
            raise DamagedFileError(path, f"no images in split {split!r}")
    if len(set(examples.labels[examples.indices("train")].tolist())) < 2:
        raise DamagedFileError(path, "fewer than two classes in split 'train'")
    pairs = {(g, s) for g, s in zip(examples.groups, examples.split, strict=True)}
    if len(pairs) != len({g for g, _ in pairs}):
        raise DamagedFileError(path, "a patient (group) is in more than one split")
    return examples
