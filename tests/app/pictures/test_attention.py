"""The overlay peaks where attention does, and its scale ends at that peak."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QRectF

from app.pictures.attention import attention_layer, paint_colour_scale, peak_density
from app.pictures.canvas import painting
from app.pictures.colours import attention_colours
from tests.app.pictures.pixels import rgb


def test_a_layer_leaves_unattended_places_as_they_are() -> None:
    attention = np.zeros((10, 20), np.float32)
    attention[3, 15] = 1.0
    with painting(20, 10) as (image, painter):
        painter.fillRect(0, 0, 20, 10, 0xFF646464)
        painter.drawImage(0, 0, attention_layer(attention, 1.0))
    pixels = rgb(image)
    assert pixels[3, 15].tolist() == attention_colours()[255].tolist()
    pixels[3, 15] = 0x64
    assert (pixels == 0x64).all()


def test_density_is_beside_an_even_map() -> None:
    even = np.full((4, 5), 1 / 20, np.float32)
    assert peak_density(even) == pytest.approx(1)
    spot = np.zeros((4, 5), np.float32)
    spot[1, 1] = 1
    assert peak_density(spot) == pytest.approx(20)
    assert peak_density(np.zeros((4, 5), np.float32)) == 0


def test_the_scale_rises_to_the_peak() -> None:
    with painting(140, 320) as (image, painter):
        paint_colour_scale(painter, QRectF(10, 10, 0, 300), 17.0, 1.0)
    column = rgb(image)[12:308, 22].astype(int).sum(axis=1)
    assert (np.diff(column) <= 8).all()
    assert column[0] > 500
    assert column[-1] < 60
    with painting(140, 320) as (empty, painter):
        paint_colour_scale(painter, QRectF(10, 10, 0, 300), 0.0, 1.0)
    assert rgb(empty).shape == (320, 140, 3)
