"""A length is named by its calibration, and never made up."""

from __future__ import annotations

import warnings
from typing import Any

import pytest
from pydicom.dataset import Dataset

from gazecore.dicom.spacing import Spacing, read_spacing


def _spacing(**elements: Any) -> Spacing:
    dataset = Dataset()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for keyword, value in elements.items():
            setattr(dataset, keyword, value)
        return read_spacing(dataset)


@pytest.mark.parametrize(
    ("elements", "spacing_mm", "source"),
    [
        ({}, None, "none"),
        ({"PixelSpacing": ["0.2", "0.2"]}, (0.2, 0.2), "unspecified"),
        ({"ImagerPixelSpacing": ["0.1", "0.1"]}, (0.1, 0.1), "at detector"),
        (
            {"PixelSpacing": ["0.1", "0.1"], "ImagerPixelSpacing": ["0.1", "0.1"]},
            (0.1, 0.1),
            "at detector",
        ),
        (
            {"PixelSpacing": ["0.09", "0.09"], "ImagerPixelSpacing": ["0.1", "0.1"]},
            (0.09, 0.09),
            "calibrated",
        ),
        (
            {"PixelSpacing": ["0.1", "0.1"], "PixelSpacingCalibrationType": "FIDUCIAL"},
            (0.1, 0.1),
            "fiducial",
        ),
        (
            {
                "PixelSpacing": ["0.09", "0.09"],
                "ImagerPixelSpacing": ["0.1", "0.1"],
                "PixelSpacingCalibrationType": "GEOMETRY",
            },
            (0.09, 0.09),
            "geometry",
        ),
        (
            {"PixelSpacing": ["0.1", "0.1"], "PixelSpacingCalibrationType": "BY EYE"},
            (0.1, 0.1),
            "calibrated",
        ),
        (
            {
                "ImagerPixelSpacing": ["0.1", "0.1"],
                "EstimatedRadiographicMagnificationFactor": "1.25",
            },
            (0.08, 0.08),
            "ERMF",
        ),
        ({"PixelSpacing": ["0.000", "0.000"]}, None, "none"),  # RG1
        ({"PixelSpacing": ["-1", "1"]}, None, "none"),
        ({"PixelSpacing": ["1"]}, None, "none"),
        ({"PixelSpacing": ["1e9", "1e9"]}, None, "none"),
        ({"PixelSpacing": ["100", "0.001"]}, None, "none"),
    ],
)
def test_sources(elements: Any, spacing_mm: Any, source: str) -> None:
    found = _spacing(**elements)
    assert found.source == source
    assert found.spacing_mm == (None if spacing_mm is None else pytest.approx(spacing_mm))


def test_aspect_is_height_over_width() -> None:
    assert _spacing(PixelSpacing=["0.4", "0.2"]).pixel_aspect == pytest.approx(2.0)
    assert _spacing(PixelAspectRatio=[3, 2]).pixel_aspect == 1.5
    assert _spacing(PixelAspectRatio=[0, 2]).pixel_aspect == 1.0
    assert _spacing().pixel_aspect == 1.0


@pytest.mark.parametrize("ratio", [["1e300", "1"], ["1", "1e300"], ["1e-300", "1e30"], ["0", "1"]])
def test_an_aspect_that_cannot_be_is_none(ratio: list[str]) -> None:
    assert _spacing(PixelAspectRatio=ratio).pixel_aspect == 1.0
