"""Where in the patient the rows and columns of an image lead: Patient Orientation (0020,0020)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gazecore.dicom.values import texts

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

_OPPOSITE = str.maketrans("APRLHF", "PALRFH")
_MOST_LETTERS = 3


def read_orientation(dataset: Dataset) -> tuple[str, str]:
    """Letters for the direction of a row, left to right, and of a column, top to bottom.

    PS3.3 C.7.6.1.1.1 for bipeds: A, P, R, L, H, F, at most three of them; both are empty where
    either is anything else, because half an orientation misleads.
    """
    found = texts(dataset, "PatientOrientation")
    if len(found) != 2 or not all(_is_direction(letters) for letters in found):
        return "", ""
    return found[0], found[1]


def opposite(letters: str) -> str:
    """The direction that leads the other way.

    >>> opposite("LF")
    'RH'
    """
    return letters.translate(_OPPOSITE)


def _is_direction(letters: str) -> bool:
    return 0 < len(letters) <= _MOST_LETTERS and set(letters) <= set("APRLHF")
