"""Headers that cannot be decoded, or ask for too much, are refused before decoding."""

from __future__ import annotations

from typing import Any

import pytest

from gazecore.dicom import open_image
from gazecore.errors import DamagedFileError, UnsupportedImageError


@pytest.mark.parametrize(
    ("elements", "error", "reason"),
    [
        ({"Rows": 0}, UnsupportedImageError, "empty image"),
        ({"Rows": 65535, "Columns": 65535}, UnsupportedImageError, "65535 x 65535"),
        ({"Rows": None}, DamagedFileError, "Rows"),
        ({"BitsAllocated": 32}, UnsupportedImageError, "32 bits"),
        ({"BitsStored": 17}, DamagedFileError, "17 bits stored"),
        ({"BitsStored": 12, "HighBit": 10}, UnsupportedImageError, "high bit 10 for 12"),
        ({"BitsStored": 12, "HighBit": 16}, UnsupportedImageError, "high bit 16 for 12"),
        ({"BitsStored": 8, "HighBit": 15}, UnsupportedImageError, "in use below"),
        ({"NumberOfFrames": 2_000_000_000}, UnsupportedImageError, "2000000000 frames"),
        ({"PhotometricInterpretation": "HSV"}, UnsupportedImageError, "HSV"),
        ({"PhotometricInterpretation": None}, UnsupportedImageError, "missing"),
        ({"SamplesPerPixel": 3}, DamagedFileError, "samples"),
        ({"Columns": 4000}, DamagedFileError, "asks for 48000"),
    ],
)
def test_refusals(make_dicom: Any, elements: Any, error: Any, reason: str) -> None:
    with pytest.raises(error, match=reason):
        open_image(make_dicom(**elements))
