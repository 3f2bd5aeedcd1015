"""What a length on the image means: pixel spacing, its calibration, and the shape of a pixel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gazecore.dicom.values import number, numbers, text

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

Pair = tuple[float, float]
UNKNOWN_SPACING = "unknown spacing: lengths are pixels"
_PLAUSIBLE_MM = (1e-4, 100.0)
_PLAUSIBLE_ASPECT = (0.05, 20.0)
_SAME = 1e-3
_CALIBRATIONS = {"FIDUCIAL": "fiducial", "GEOMETRY": "geometry"}
"""Pixel Spacing Calibration Type (0028,0A02)."""


@dataclass(frozen=True, slots=True)
class Spacing:
    """Millimetres between rows and columns, how they were calibrated, height over width."""

    spacing_mm: Pair | None
    source: str
    pixel_aspect: float


def read_spacing(dataset: Dataset) -> Spacing:
    """The spacing a length may be named by (PS3.3 10.7.1.3); none rather than a wrong one.

    Pixel Spacing differing from Imager Pixel Spacing is a calibration, by a fiducial or by
    geometry where the file says so; equal to it, or alone Imager Pixel Spacing, it measures at
    the detector, unless the Estimated Radiographic Magnification Factor (ERMF) corrects it. Zero
    or implausible spacing, also one of pixels that are no pixels of an image, counts as missing.
    """
    pixel, imager = _pair(dataset, "PixelSpacing"), _pair(dataset, "ImagerPixelSpacing")
    calibration = text(dataset, "PixelSpacingCalibrationType")
    if pixel and (calibration or (imager and not _equal(pixel, imager))):
        return _spacing(pixel, _CALIBRATIONS.get(calibration.upper(), "calibrated"))
    if imager:
        factor = number(dataset, "EstimatedRadiographicMagnificationFactor")
        if factor is not None and 1.0 <= factor < 100.0:
            return _spacing((imager[0] / factor, imager[1] / factor), "ERMF")
        return _spacing(imager, "at detector")
    if pixel:
        return _spacing(pixel, "unspecified")
    return Spacing(None, "none", _aspect(dataset))


def _spacing(spacing_mm: Pair, source: str) -> Spacing:
    return Spacing(spacing_mm, source, spacing_mm[0] / spacing_mm[1])


def _pair(dataset: Dataset, keyword: str) -> Pair | None:
    found = numbers(dataset, keyword)
    low, high = _PLAUSIBLE_MM
    if len(found) != 2 or not all(low <= v <= high for v in found):
        return None
    return (found[0], found[1]) if _is_plausible(found[0] / found[1]) else None


def _is_plausible(aspect: float) -> bool:
    low, high = _PLAUSIBLE_ASPECT
    return low <= aspect <= high


def _equal(a: Pair, b: Pair) -> bool:
    return all(abs(x - y) <= _SAME * y for x, y in zip(a, b, strict=True))


def _aspect(dataset: Dataset) -> float:
    """Pixel Aspect Ratio (0028,0034), vertical then horizontal size; 1 where it cannot be."""
    found = numbers(dataset, "PixelAspectRatio")
    if len(found) != 2 or min(found) <= 0 or not _is_plausible(found[0] / found[1]):
        return 1.0
    return found[0] / found[1]
