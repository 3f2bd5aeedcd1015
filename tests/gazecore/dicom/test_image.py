"""Windows refuse what the standard forbids; header and pixels part and join without loss."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from gazecore.dicom import NamedWindow, Window, XrayHeader, XrayImage
from gazecore.errors import InvalidSettingError


@pytest.mark.parametrize(
    "values",
    [
        {"width": 0.5},
        {"width": 0.0, "function": "LINEAR_EXACT"},
        {"width": -1.0, "function": "SIGMOID"},
        {"width": math.nan},
        {"width": math.inf},
        {"center": math.nan},
        {"function": "CUBIC"},
    ],
)
def test_impossible_windows_are_refused(values: dict[str, Any]) -> None:
    with pytest.raises(InvalidSettingError):
        Window(**{"center": 0.0, "width": 1.0, **values})


@pytest.mark.parametrize(("function", "width"), [("LINEAR", 1.0), ("LINEAR_EXACT", 1e-9)])
def test_narrowest_windows_are_allowed(function: Any, width: float) -> None:
    assert Window(0.0, width, function).width == width


def test_header_and_pixels_join_and_part() -> None:
    window = Window(1, 2)
    header = XrayHeader(
        bits_stored=9, signed=True, default_window=window, windows=(NamedWindow("a", window),)
    )
    image = XrayImage.from_header(header, np.zeros((3, 5), dtype=np.int16))
    assert image.header() == header
    assert (image.height_px, image.width_px) == (3, 5)
