"""Colours rise in lightness evenly and are the published map."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyqtgraph
import pytest

from app.pictures.colours import attention_colours, attention_pixels


def lightness(rgb: npt.NDArray[np.uint8]) -> npt.NDArray[np.float64]:
    """CIE L* of sRGB levels."""
    share = rgb / 255.0
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    y = linear @ np.array([0.2126, 0.7152, 0.0722])
    return np.asarray(np.where(y > 0.008856, 116 * np.cbrt(y) - 16, 903.3 * y))


def test_lightness_rises_evenly_from_black() -> None:
    steps = lightness(attention_colours())
    assert (np.diff(steps) > -0.1).all()
    assert steps[0] < 1
    assert steps[-1] > 95
    assert np.abs(steps - np.linspace(steps[0], steps[-1], 256)).max() < 6


def test_it_is_inferno() -> None:
    table = pyqtgraph.colormap.get("inferno").getLookupTable(nPts=256)
    assert np.abs(attention_colours().astype(int) - table[:, :3].astype(int)).max() <= 12


def test_pixels_are_premultiplied_and_clear_where_nobody_looked() -> None:
    pixels = attention_pixels(np.array([[0.0, 0.25, 1.0]]), 0.8)
    alpha = pixels >> 24
    assert alpha.tolist() == [[0, round(0.5 * 0.8 * 255), round(0.8 * 255)]]
    for shift in (16, 8, 0):
        assert (((pixels >> shift) & 255) <= alpha).all()
    assert pixels[0, 0] == 0


@pytest.mark.parametrize("shape", [(3, 2), (0, 0)])
def test_an_empty_map_is_clear(shape: tuple[int, int]) -> None:
    assert not attention_pixels(np.zeros(shape), 1.0).any()
