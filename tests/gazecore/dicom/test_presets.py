"""Windows and VOI LUTs become named presets; impossible ones are named and left out."""

from __future__ import annotations

import warnings
from typing import Any

import pytest
from pydicom.dataset import Dataset

from gazecore.dicom import LookupTable, NamedWindow, Window
from gazecore.dicom.presets import MAX_PRESETS, lut_presets, window_presets


def _presets(**elements: Any) -> tuple[list[NamedWindow], list[str]]:
    dataset = Dataset()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for keyword, value in elements.items():
            setattr(dataset, keyword, value)
        return window_presets(dataset, 0)


def test_names_of_the_file_and_ours() -> None:
    found, notes = _presets(
        WindowCenter=["10", "20", "30"],
        WindowWidth=["5", "6", "7"],
        WindowCenterWidthExplanation=["SOFT", ""],
        VOILUTFunction="SIGMOID",
    )
    assert [p.name for p in found] == ["SOFT", "window 2", "window 3"]
    assert found[1].window == Window(20, 6, "SIGMOID")
    assert notes == []


def test_width_zero_is_left_out() -> None:
    found, notes = _presets(WindowCenter=["1", "2"], WindowWidth=["0", "2"])
    assert [p.window.center for p in found] == [2]
    assert notes == ["window 1 ignored, its width is 0"]


def test_narrow_widths_depend_on_the_function() -> None:
    assert _presets(WindowCenter="1", WindowWidth="0.5")[0] == []
    exact = _presets(WindowCenter="1", WindowWidth="0.5", VOILUTFunction="LINEAR_EXACT")
    assert len(exact[0]) == 1


def test_counts_that_differ_are_said() -> None:
    found, notes = _presets(WindowCenter=["1", "2"], WindowWidth="9")
    assert len(found) == 1
    assert notes == ["2 window centers for 1 widths"]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["HARD"], ["HARD", "window 2"]),
        (["HARD", "SOFT", "BONE"], ["HARD", "SOFT"]),
        (["", "SOFT"], ["window 1", "SOFT"]),
        ([], ["window 1", "window 2"]),
    ],
)
def test_explanations_of_another_count(names: list[str], expected: list[str]) -> None:
    found, _ = _presets(
        WindowCenter=["1", "2"], WindowWidth=["8", "9"], WindowCenterWidthExplanation=names
    )
    assert [preset.name for preset in found] == expected


@pytest.mark.parametrize(("function", "noted"), [("", False), ("CUBIC", True), ("linear", False)])
def test_functions(function: str, noted: bool) -> None:
    found, notes = _presets(WindowCenter="1", WindowWidth="9", VOILUTFunction=function)
    assert found[0].window.function == "LINEAR"
    assert bool(notes) == noted


def test_a_flood_of_windows_is_cut() -> None:
    found, _ = _presets(WindowCenter=["1"] * 500, WindowWidth=["2"] * 500)
    assert len(found) == MAX_PRESETS


def test_lut_presets_span_their_entries() -> None:
    luts = (LookupTable(-10, 8, (0, 1, 2, 255), 255, "HARDER"), LookupTable(0, 8, (1,), 1))
    harder, unnamed = lut_presets(luts, 0)
    assert harder == NamedWindow("HARDER", Window(-8, 4, voi_index=0))
    assert unnamed.name == "VOI LUT 2"
