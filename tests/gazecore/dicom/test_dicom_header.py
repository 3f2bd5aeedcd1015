"""Headers: what display needs is read, what is wrong is named or refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pydicom.dataset import Dataset

from gazecore.dicom import display_table, open_image


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
    assert [badge.code for badge in image.badges] == ["spacing"]
    assert image.warnings == ("unknown spacing: lengths are pixels",)


def test_both_modality_steps_use_the_lut_alone(make_dicom: Any, lut_item: Any) -> None:
    path = make_dicom(
        ModalityLUTSequence=[lut_item([0, 5], 0, 8)], RescaleSlope="2", RescaleIntercept="1"
    )
    image = open_image(path)
    assert image.modality_lut is not None
    assert image.slope is None


@pytest.mark.parametrize(
    ("slope", "intercept"), [("0", "1"), ("1e-20", "1000"), ("1.7e+308", "0"), ("1e+35", "1")]
)
def test_a_slope_that_leaves_no_values_to_tell_apart_is_ignored(
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
        (np.uint16, ("SS", -1), None, (65535, 65535)),
        (np.uint16, ("SS", -1), ("US", 4000), (4000, 65535)),
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
    assert "polarity" not in [badge.code for badge in agreeing.badges]
    for photometric, shape in (("MONOCHROME2", "INVERSE"), ("MONOCHROME1", "IDENTITY")):
        elements = {"PhotometricInterpretation": photometric, "PresentationLUTShape": shape}
        contradicting = open_image(make_dicom(**elements))
        assert contradicting.photometric == photometric
        assert contradicting.badges[0].code == "polarity"
        assert "contradicts" in contradicting.warnings[0]


def test_each_trouble_has_its_badge(make_dicom: Any, lut_item: Any) -> None:
    image = open_image(
        make_dicom(
            ModalityLUTSequence=[Dataset()],
            VOILUTSequence=[lut_item(list(range(64)), 0, 16)],
            WindowCenter=["1", "2"],
            WindowWidth=["0", "9"],
            RescaleSlope="0",
            RescaleIntercept="7",
            ShutterShape="CIRCULAR",
            PixelSpacing=["0", "0"],
        )
    )
    assert [badge.code for badge in image.badges] == [
        "modality_lut",
        "rescale",
        "voi_lut",
        "window",
        "shutter",
        "spacing",
    ]
    assert image.warnings == tuple(badge.text for badge in image.badges)
    assert image.spacing_mm is None


def test_unusable_voi_lut_gives_way_to_the_window(make_dicom: Any) -> None:
    path = make_dicom(VOILUTSequence=[Dataset()], WindowCenter="5", WindowWidth="10")
    image = open_image(path)
    assert image.voi_luts == ()
    assert image.default_window.center == 5
