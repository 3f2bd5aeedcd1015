"""Values of any kind are read or found missing, never raised."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.tag import Tag

from gazecore.dicom.values import items, number, numbers, text, texts, value_of, whole


def _dataset(keyword: str, vr: str, value: Any) -> Dataset:
    dataset = Dataset()
    dataset.add_new(keyword, vr, value)
    return dataset


def test_missing_and_empty() -> None:
    for dataset in (Dataset(), _dataset("WindowCenter", "DS", ""), _dataset("Rows", "US", None)):
        assert numbers(dataset, "WindowCenter") == []
        assert whole(dataset, "Rows") is None
        assert text(dataset, "Modality") == ""
        assert items(dataset, "VOILUTSequence") == []


@pytest.mark.parametrize(("value", "found"), [("3", [3.0]), (["1", "2.5"], [1.0, 2.5]), (7, [7.0])])
def test_numbers(value: Any, found: list[float]) -> None:
    assert numbers(_dataset("WindowCenter", "DS", value), "WindowCenter") == found


def test_numbers_that_are_none() -> None:
    assert numbers(_dataset("WindowCenter", "LO", ["a", "1"]), "WindowCenter") == []
    assert number(_dataset("WindowCenter", "FD", float("nan")), "WindowCenter") is None
    assert number(_dataset("WindowCenter", "FD", [1.0, float("inf")]), "WindowCenter") is None
    assert whole(_dataset("Rows", "FD", 2.5), "Rows") is None


def test_texts_lose_what_cannot_be_printed() -> None:
    dataset = _dataset("Modality", "LO", ["D\x00X\n ", "CR"])
    assert texts(dataset, "Modality") == ["DX", "CR"]
    assert text(_dataset("Modality", "LO", "x" * 60), "Modality", 5) == "xxxxx"


@given(vr=st.sampled_from(["DS", "US", "SS", "CS", "SQ", "OW", "FD", "XX"]), data=st.binary())
def test_raw_bytes_of_any_kind(vr: str, data: bytes) -> None:
    import warnings

    dataset = Dataset()
    tag = Tag("WindowCenter")
    dataset[tag] = RawDataElement(tag, vr, len(data), data, 0, False, True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        value_of(dataset, "WindowCenter")
        assert all(isinstance(v, float) for v in numbers(dataset, "WindowCenter"))
        assert isinstance(text(dataset, "WindowCenter"), str)
        assert isinstance(items(dataset, "WindowCenter"), list)
