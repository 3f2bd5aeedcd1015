"""The summary has the fields DESIGN names, and never invents a figure."""

from __future__ import annotations

import json
import math

from app.demo.geometry_check import GazeImageError
from app.demo.losses import SampleCount
from app.demo.summary import Measured, number, summary, versions
from app.demo.validation import Verdict


def measured(geometry: GazeImageError) -> Measured:
    return Measured(
        cases=14,
        readings=28,
        samples=SampleCount(10, 10, 0),
        fixations=5,
        geometry=geometry,
        predictor={"cc": 0.5, "nss": 1.0, "mean_map": {"cc": 0.4, "nss": 0.9}},
        compare=[],
        export_files=3,
        verdict=Verdict("valid", 0),
        seconds={"reading": 1.23456},
    )


def test_all_fields_are_there() -> None:
    document = summary(measured(GazeImageError(0.1, 0.2, 50.0, 9, 2)))
    wanted = "schema_version cases readings samples samples_lost_to_us seconds gaze_image_error_px"
    wanted += " fixations predictor compare export simulated versions"
    assert list(document) == wanted.split()
    assert document["seconds"] == {"reading": 1.2}
    assert document["gaze_image_error_px"]["wrong_viewport_control"] == 50.0
    assert document["export"] == {"format": "bids", "files": 3, "validator": "valid"}
    assert document["simulated"] is True


def test_what_was_not_measured_is_null() -> None:
    document = summary(measured(GazeImageError(math.nan, math.nan, math.nan, 0, 0)))
    assert document["gaze_image_error_px"]["median"] is None
    json.dumps(document, allow_nan=False)
    assert number(0.123456) == 0.1235


def test_versions_name_what_figures_depend_on() -> None:
    assert {"python", "numpy", "pylsl", "PySide6-Essentials"} <= set(versions())
