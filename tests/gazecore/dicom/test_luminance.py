"""The mean luminance of an image as it opens."""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt
import pytest

from gazecore.dicom import Window, XrayHeader, XrayImage, display_table
from gazecore.dicom.luminance import level_of, mean_luminance


def image(
    stored: npt.NDArray[np.uint16],
    *,
    photometric: Literal["MONOCHROME1", "MONOCHROME2"] = "MONOCHROME2",
) -> XrayImage:
    header = XrayHeader(
        bits_stored=12,
        default_window=Window(2048, 4096),
        photometric=photometric,
    )
    return XrayImage.from_header(header, stored)


def test_the_mean_is_of_the_light_that_is_shown() -> None:
    stored = np.random.default_rng(0).integers(0, 4096, (300, 200)).astype(np.uint16)
    shown = image(stored)
    levels = display_table(shown, shown.default_window)[stored]
    assert mean_luminance(shown) == pytest.approx(float(((levels / 255) ** 2.2).mean()))


def test_white_becomes_black_with_the_other_photometric() -> None:
    stored = np.full((50, 50), 4095, dtype=np.uint16)
    assert mean_luminance(image(stored)) == 1
    assert mean_luminance(image(stored, photometric="MONOCHROME1")) == 0


def test_large_images_are_sampled() -> None:
    stored = np.random.default_rng(0).integers(0, 4096, (3000, 2400)).astype(np.uint16)
    shown = image(stored)
    whole = ((display_table(shown, shown.default_window)[stored] / 255) ** 2.2).mean()
    assert mean_luminance(shown) == pytest.approx(float(whole), abs=0.005)


@pytest.mark.parametrize("level", [0, 1, 52, 128, 255])
def test_an_even_grey_is_its_own_level(level: int) -> None:
    assert level_of((level / 255) ** 2.2) == pytest.approx(level)
