"""``summary.json``: all the demo measured, and the page's pass marks."""

from __future__ import annotations

import math
import platform
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from app.demo.geometry_check import GazeImageError
    from app.demo.losses import SampleCount
    from app.demo.validation import Verdict

PACKAGES = (
    "focusstation",
    "numpy",
    "pydicom",
    "pylsl",
    "pyxdf",
    "PySide6_Essentials",
    "polars",
    "torch",
)


@dataclass(frozen=True, slots=True)
class Measured:
    """Everything measured in one run of the demo."""

    cases: int
    readings: int
    samples: SampleCount
    fixations: int
    geometry: GazeImageError
    predictor: dict[str, Any]
    compare: list[dict[str, Any]]
    export_files: int
    verdict: Verdict
    seconds: dict[str, float]


def summary(measured: Measured) -> dict[str, Any]:
    """The summary as DESIGN lays it down; what could not be measured is null."""
    geometry = measured.geometry
    return {
        "schema_version": 1,
        "cases": measured.cases,
        "readings": measured.readings,
        "samples": measured.samples.recorded,
        "samples_lost_to_us": measured.samples.lost,
        "seconds": {name: round(value, 1) for name, value in measured.seconds.items()},
        "gaze_image_error_px": {
            "median": number(geometry.median_px),
            "p95": number(geometry.p95_px),
            "wrong_viewport_control": number(geometry.wrong_viewport_median_px),
            "samples": geometry.samples,
            "states": geometry.states,
            "states_not_found": geometry.unfitted,
        },
        "fixations": measured.fixations,
        "predictor": measured.predictor,
        "compare": measured.compare,
        "export": {
            "format": "bids",
            "files": measured.export_files,
            "validator": measured.verdict.text,
        },
        "simulated": True,
        "versions": versions(),
    }


def number(value: float) -> float | None:
    """A figure for JSON: not a number becomes null."""
    return round(value, 4) if math.isfinite(value) else None


def versions() -> dict[str, str]:
    """Versions of what the figures depend on."""
    found = {"python": platform.python_version(), "platform": platform.platform(terse=True)}
    for package in PACKAGES:
        try:
            found[package.replace("_", "-")] = version(package)
        except PackageNotFoundError:
            continue
    return found
