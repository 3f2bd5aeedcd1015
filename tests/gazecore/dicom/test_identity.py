"""Explanations that repeat the patient are left out; ordinary ones stay."""

from __future__ import annotations

from typing import Any

import pydicom
import pytest

from gazecore.dicom import open_image
from gazecore.dicom.identity import identifying_words, unless_identifying


@pytest.fixture
def words() -> frozenset[str]:
    dataset = pydicom.Dataset()
    dataset.PatientName = "Doe^Jane^Q"
    dataset.PatientID = "HX-48213"
    return identifying_words(dataset)


@pytest.mark.parametrize("text", ["for DOE", "jane", "id 48213", "Doe_Jane"])
def test_a_patient_is_not_named(words: frozenset[str], text: str) -> None:
    assert unless_identifying(text, words) == ""


@pytest.mark.parametrize("text", ["BONE", "does not", "Q", "window 4821", ""])
def test_other_words_stay(words: frozenset[str], text: str) -> None:
    assert unless_identifying(text, words) == text


def test_nobody_is_known() -> None:
    assert unless_identifying("Jane", identifying_words(pydicom.Dataset())) == "Jane"


def test_presets_of_a_file(make_dicom: Any, lut_item: Any) -> None:
    path = make_dicom(
        PatientName="Doe^Jane",
        VOILUTSequence=[lut_item([0, 255], 0, 8, "JANE DOE"), lut_item([0, 255], 0, 8, "HARD")],
        WindowCenter=["1", "2"],
        WindowWidth=["3", "4"],
        WindowCenterWidthExplanation=["Doe, left", "BONE"],
        Modality="DOE^JANE",
    )
    image = open_image(path)
    names = [preset.name for preset in image.windows]
    assert names == ["VOI LUT 1", "HARD", "window 1", "BONE"]
    assert image.modality == ""
