"""Free text of a file that repeats who the patient is, and so is never shown."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gazecore.dicom.values import FOREIGN_ERRORS, value_of

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

_IDENTIFYING = (
    "PatientName",
    "PatientID",
    "PatientBirthDate",
    "PatientBirthName",
    "PatientMotherBirthName",
    "OtherPatientIDs",
    "OtherPatientNames",
    "AccessionNumber",
    "ReferringPhysicianName",
    "PerformingPhysicianName",
    "OperatorsName",
)
_WORD = re.compile(r"[^\W_]{3,}")
"""Shorter ones would hit ordinary words."""


def identifying_words(dataset: Dataset) -> frozenset[str]:
    """The words of a data set's elements that tell who was examined or by whom, casefolded."""
    return frozenset(
        word for keyword in _IDENTIFYING for word in _words(_as_text(dataset, keyword))
    )


def unless_identifying(text: str, words: frozenset[str]) -> str:
    """A text, or nothing where one of its words is among the identifying ones."""
    return "" if words.intersection(_words(text)) else text


def _as_text(dataset: Dataset, keyword: str) -> str:
    try:
        return str(value_of(dataset, keyword) or "")
    except FOREIGN_ERRORS:
        return ""


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())
