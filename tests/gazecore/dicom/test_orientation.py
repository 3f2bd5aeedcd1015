from __future__ import annotations

import pytest
from pydicom.dataset import Dataset

from gazecore.dicom.orientation import opposite, read_orientation


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (["L", "F"], ("L", "F")),
        (["PR", "FLA"], ("PR", "FLA")),
        (["L"], ("", "")),
        (["L", ""], ("", "")),
        (["L", "X"], ("", "")),
        (["LE", "DIST"], ("", "")),
        ("", ("", "")),
    ],
)
def test_only_a_whole_orientation_counts(value: object, expected: tuple[str, str]) -> None:
    dataset = Dataset()
    dataset.PatientOrientation = value
    assert read_orientation(dataset) == expected


def test_no_orientation_is_none() -> None:
    assert read_orientation(Dataset()) == ("", "")


@pytest.mark.parametrize(("one", "other"), [("A", "P"), ("R", "L"), ("H", "F"), ("LF", "RH")])
def test_opposites_are_each_others(one: str, other: str) -> None:
    assert opposite(one) == other
    assert opposite(other) == one
