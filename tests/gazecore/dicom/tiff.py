"""TIFF files for the tests, where there is something to write them with."""

from __future__ import annotations

from typing import Any

import imagecodecs
import pytest


def tiff(samples: Any, **how: Any) -> bytes:
    """A TIFF file; skips the test where imagecodecs only reads them (its build for Python 3.10)."""
    try:
        return bytes(imagecodecs.tiff_encode(samples, **how))
    except NotImplementedError:
        pytest.skip("this build of imagecodecs writes no TIFF, so there is none to read")
