"""The mean luminance of an image as it opens."""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt
import pytest

from gazecore.dicom import Window, XrayHeader, XrayImage, display_table
from gazecore.dicom.colors import color_table
from gazecore.dicom.luminance import mean_luminance, sample_viewport
from gazecore.dicom.recorded_frame import DrawableImage
from gazecore.dicom.rendering import render
from gazecore.geometry import Transform


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


@pytest.mark.parametrize("scale", [0.3, 1.0, 7.0])
@pytest.mark.parametrize("turn", [(1, 0, 0, 1), (0, -1, 1, 0), (-1, 0, 0, 1)])
def test_shares_of_a_viewport_are_near_those_of_the_frame(
    scale: float, turn: tuple[int, int, int, int]
) -> None:
    rng = np.random.default_rng(1)
    coarse = rng.integers(0, 4096, (12, 9))
    stored = np.kron(coarse, np.ones((40, 40), dtype=int)).astype(np.uint16)
    stored[::2, ::2] = 4095  # a pattern in step with the pixels
    shown = image(stored)
    a, b, c, d = (scale * axis for axis in turn)
    at = (np.array([300.0, 200.0]) - np.array([[a, b], [c, d]]) @ np.array([180.0, 240.0])).tolist()
    transform = Transform((a, b, at[0], c, d, at[1], 0.0, 0.0, 1.0))
    drawable = DrawableImage(shown)
    frame = render(
        drawable.resample(transform, (400, 600), smooth=False),
        display_table(shown, shown.default_window),
    )
    true = np.bincount(frame.ravel(), minlength=256) / frame.size
    table = display_table(shown, shown.default_window)
    found = sample_viewport(stored, None, transform, (400, 600)).shares(table)
    light = (np.arange(256) / 255) ** 2.2
    assert found.sum() == pytest.approx(1)
    if scale >= 1:  # smaller ones average in the pyramid, which only evens light out
        assert found @ light == pytest.approx(true @ light, abs=0.01)
    assert found[0] == pytest.approx(true[0], abs=0.01)


def test_shares_know_what_is_hidden_and_what_is_outside() -> None:
    white = np.full((100, 100), 4095, np.uint16)
    hidden = np.zeros((100, 100), dtype=bool)
    hidden[:50] = True
    table = display_table(image(white), image(white).default_window)
    fitted = Transform((1.0, 0.0, 50.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0))
    shares = sample_viewport(white, hidden, fitted, (100, 200)).shares(table)
    assert shares[255] == pytest.approx(0.25)
    assert shares[0] == pytest.approx(0.75)
    away = Transform((1.0, 0.0, 500.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0))
    assert sample_viewport(white, hidden, away, (100, 200)).shares(table)[0] == 1


@pytest.mark.parametrize(
    ("color", "light"),
    [((255, 255, 0), 0.9278), ((0, 255, 0), 0.7152), ((0, 0, 255), 0.0722), ((90, 90, 90), None)],
)
def test_a_color_counts_by_its_light(color: tuple[int, int, int], light: float | None) -> None:
    colors = np.full((30, 40, 3), color, dtype=np.uint8)
    place = Transform((1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0))
    for invert in (False, True):
        table = color_table(Window(128, 256, invert=invert))
        shares = sample_viewport(colors, None, place, (30, 40)).shares(table)
        found = float(shares @ (np.arange(256) / 255) ** 2.2)
        if light is None:
            assert shares[165 if invert else 90] == 1
        else:
            assert found == pytest.approx(1 - light if invert else light, abs=0.005)


@pytest.mark.parametrize("period", [2, 3, 7.9, 8, 8.1, 16, 77])
@pytest.mark.parametrize("direction", [(1, 0), (0, 1), (1, 1), (2, -1)])
def test_stripes_do_not_deceive(period: float, direction: tuple[int, int]) -> None:
    y, x = np.indices((1024, 1024))
    at = (x * direction[0] + y * direction[1]) / np.hypot(*direction)
    stored = np.where(at % period < period / 2, 4095, 0).astype(np.uint16)
    whole = float((stored > 0).mean())
    table = display_table(image(stored), image(stored).default_window)
    place = Transform((0.5, 0.0, 0.0, 0.0, 0.5, 0.0, 0.0, 0.0, 1.0))
    shares = sample_viewport(stored, None, place, (512, 512)).shares(table)
    assert shares[255] == pytest.approx(whole, abs=0.012)
