"""Headers: what display needs is read, what is wrong is named or refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pydicom.dataset import Dataset

from gazecore.dicom import display_table, open_image
from gazecore.errors import DamagedFileError, UnsupportedImageError


def test_fields_of_a_plain_file(make_dicom: Any) -> None:
    image = open_image(
        make_dicom(
            ImageLaterality="L", ViewPosition="PA", Modality="CR", ImageComments="all simulated"
        )
    )
    assert (image.laterality, image.view_position, image.modality) == ("L", "PA", "CR")
    assert image.simulated
    assert image.sop_instance_uid == "2.25.7"
    assert image.bits_stored == 16
    assert image.windows == ()
    assert image.warnings == ()


@pytest.mark.parametrize(
    ("elements", "error", "reason"),
    [
        ({"Rows": 0}, UnsupportedImageError, "empty image"),
        ({"Rows": 65535, "Columns": 65535}, UnsupportedImageError, "65535 x 65535"),
        ({"Rows": None}, DamagedFileError, "Rows"),
        ({"BitsAllocated": 32}, UnsupportedImageError, "32 bits"),
        ({"BitsStored": 17}, DamagedFileError, "17 bits stored"),
        ({"BitsStored": 12}, UnsupportedImageError, "high bit 15"),
        ({"NumberOfFrames": 2_000_000_000}, UnsupportedImageError, "2000000000 frames"),
        ({"PhotometricInterpretation": "PALETTE COLOR"}, UnsupportedImageError, "PALETTE"),
        ({"PhotometricInterpretation": None}, UnsupportedImageError, "missing"),
        ({"SamplesPerPixel": 3}, DamagedFileError, "samples"),
        ({"Columns": 4000}, DamagedFileError, "decoded"),
    ],
)
def test_refusals(make_dicom: Any, elements: Any, error: Any, reason: str) -> None:
    with pytest.raises(error, match=reason):
        open_image(make_dicom(**elements))


def test_both_modality_steps_use_the_lut_alone(make_dicom: Any, lut_item: Any) -> None:
    path = make_dicom(
        ModalityLUTSequence=[lut_item([0, 5], 0, 8)], RescaleSlope="2", RescaleIntercept="1"
    )
    image = open_image(path)
    assert image.modality_lut is not None
    assert image.slope is None


@pytest.mark.parametrize(("slope", "intercept"), [("0", "1"), ("1e-20", "1000")])
def test_a_slope_that_makes_all_values_one_is_ignored(
    make_dicom: Any, slope: str, intercept: str
) -> None:
    image = open_image(make_dicom(RescaleSlope=slope, RescaleIntercept=intercept))
    assert image.slope is None
    assert f"rescale slope {slope} ignored" in image.warnings
    assert len(np.unique(display_table(image, image.default_window))) > 1


@pytest.mark.parametrize(
    ("dtype", "value", "limit", "expected"),
    [
        (np.uint16, ("US", 9), None, (9, 9)),
        (np.uint16, ("US", 9), ("US", 4), (4, 9)),
        (np.int16, ("SS", -5), ("SS", 2), (-5, 2)),
        (np.int16, ("US", 65531), None, (-5, -5)),
    ],
)
def test_padding(make_dicom: Any, dtype: Any, value: Any, limit: Any, expected: Any) -> None:
    elements = {"PixelPaddingValue": value}
    if limit is not None:
        elements["PixelPaddingRangeLimit"] = limit
    image = open_image(make_dicom(np.zeros((2, 2), dtype=dtype), **elements))
    assert image.padding_range == expected


def test_presentation_lut_shape_is_no_second_inversion(make_dicom: Any) -> None:
    first = {"PhotometricInterpretation": "MONOCHROME1", "PresentationLUTShape": "INVERSE"}
    agreeing = open_image(make_dicom(**first))
    assert agreeing.photometric == "MONOCHROME1"
    assert agreeing.warnings == ()
    contradicting = open_image(make_dicom(PresentationLUTShape="INVERSE"))
    assert contradicting.photometric == "MONOCHROME2"
    assert "contradicts" in contradicting.warnings[0]


def test_unshown_layers_are_named(make_dicom: Any) -> None:
    path = make_dicom(ShutterShape="CIRCULAR")
    assert "display shutter not applied" in open_image(path).warnings


def test_unusable_voi_lut_gives_way_to_the_window(make_dicom: Any) -> None:
    path = make_dicom(VOILUTSequence=[Dataset()], WindowCenter="5", WindowWidth="10")
    image = open_image(path)
    assert image.voi_luts == ()
    assert image.default_window.center == 5
