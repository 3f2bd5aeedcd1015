"""The windows and VOI LUTs of a DICOM file as named presets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gazecore.dicom.identity import unless_identifying
from gazecore.dicom.image import VOI_FUNCTIONS, NamedWindow, Window
from gazecore.dicom.values import numbers, text, texts

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

    from gazecore.dicom.image import LookupTable, VoiFunction

MAX_PRESETS = 32
_LONGEST_NAME = 64


def lut_presets(
    luts: tuple[LookupTable, ...], frame: int, identifying: frozenset[str] = frozenset()
) -> list[NamedWindow]:
    """A preset for each VOI LUT; centre and width span its entries."""
    return [
        NamedWindow(
            unless_identifying(lut.name, identifying) or f"VOI LUT {index + 1}",
            Window(
                center=lut.first_mapped + len(lut.entries) / 2,
                width=float(len(lut.entries)),
                voi_index=index,
                frame=frame,
            ),
        )
        for index, lut in enumerate(luts)
    ]


def window_presets(
    dataset: Dataset, frame: int, identifying: frozenset[str] = frozenset()
) -> tuple[list[NamedWindow], list[str]]:
    """The usable windows of a file by Window Center, Width, Explanation and VOI LUT Function.

    An explanation with one of the `identifying` words, casefolded, is left out.
    """
    centers, widths = numbers(dataset, "WindowCenter"), numbers(dataset, "WindowWidth")
    names = texts(dataset, "WindowCenterWidthExplanation")
    function, notes = _function(dataset)
    if len(centers) != len(widths):
        notes.append(f"{len(centers)} window centers for {len(widths)} widths")
    presets = []
    for index, (center, width) in enumerate(list(zip(centers, widths))[:MAX_PRESETS]):  # noqa: B905
        if width < Window.least_width(function):
            notes.append(f"window {index + 1} ignored, its width is {width:g}")
            continue
        given = names[index][:_LONGEST_NAME] if index < len(names) else ""
        name = unless_identifying(given, identifying) or f"window {index + 1}"
        presets.append(NamedWindow(name, Window(center, width, function, frame=frame)))
    return presets, notes


def _function(dataset: Dataset) -> tuple[VoiFunction, list[str]]:
    """VOI LUT Function (0028,1056); LINEAR where absent or empty (PS3.3 C.11.2.1.3)."""
    named = text(dataset, "VOILUTFunction").upper()
    for function in VOI_FUNCTIONS:
        if named == function:
            return function, []
    return "LINEAR", ["unknown VOI LUT function taken as LINEAR"] if named else []
