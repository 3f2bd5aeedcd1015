"""Multi-frame images whose frames have windows, rescaling, spacing or shutters of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gazecore.dicom.values import FOREIGN_ERRORS, items, text

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

MACROS = (
    "FrameVOILUTSequence",
    "PixelValueTransformationSequence",
    "PixelMeasuresSequence",
    "FrameDisplayShutterSequence",
    "FrameAnatomySequence",
)
"""Functional group macros that change how a frame is shown (PS3.3 C.7.6.16.2)."""


def bring_up(dataset: Dataset, frame: int) -> None:
    """Copy what the functional groups say of one frame to the top of its data set, in place.

    What holds for all frames comes first, then what holds for this one, so that the rest of
    the reading need not know where a file keeps its window. Files without groups stay as
    they are.
    """
    groups = [
        *items(dataset, "SharedFunctionalGroupsSequence")[:1],
        *items(dataset, "PerFrameFunctionalGroupsSequence")[frame : frame + 1],
    ]
    for group in groups:
        for macro in MACROS:
            for item in items(group, macro)[:1]:
                _copy(item, dataset)


def _copy(item: Dataset, dataset: Dataset) -> None:
    for tag in list(item.keys()):
        try:
            dataset[tag] = item[tag]
        except FOREIGN_ERRORS:
            continue
    laterality = text(item, "FrameLaterality", 1)
    if laterality:
        dataset.ImageLaterality = laterality
