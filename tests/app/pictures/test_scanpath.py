"""A scanpath stands where the reader looked, numbered, in its legend's sizes."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage

from app.pictures.canvas import painting
from app.pictures.colours import SKY
from app.pictures.scanpath import (
    Scanpath,
    paint_duration_legend,
    paint_scanpath,
    radius_px,
    unit_px,
)
from tests.app.pictures.pixels import levels_of, rgb, share_of


def table() -> pl.DataFrame:
    """Four fixations of one reading: one in two pieces, one lost, one in another viewport."""
    return pl.DataFrame(
        {
            "fixation": [7, 8, 8, 9, 10],
            "onset_s": [3.0, 4.0, 4.5, 5.0, 6.0],
            "duration_s": [0.2, 0.5, 0.1, 0.3, 0.4],
            "x_image_px": [25.0, 75.0, 80.0, None, 50.0],
            "y_image_px": [50.0, 50.0, 55.0, None, 90.0],
            "in_viewport": [True, True, True, False, False],
        }
    )


def test_pieces_share_a_number_and_what_has_no_place_is_counted() -> None:
    path = Scanpath.of_reading(table().sample(fraction=1.0, shuffle=True, seed=1), 100, 100)
    assert path.numbers.tolist() == [1, 2, 2]
    assert path.xy_image_px.tolist() == [[25.0, 50.0], [75.0, 50.0], [80.0, 55.0]]
    assert (path.count, path.left_out) == (2, 2)


@pytest.mark.parametrize("ground", ["#000000", "#ffffff"])
def test_marks_lie_on_their_places_and_stand_out(ground: str) -> None:
    path = Scanpath.of_reading(table()[:2], 100, 100)
    area = QRectF(50, 20, 900, 900)
    with painting(1000, 940) as (image, painter):
        painter.fillRect(area, QColor(ground))
        paint_scanpath(painter, path, area)
    pixels = rgb(image).astype(int)
    between = pixels[20 + 450, 450:550]
    assert (np.abs(between - levels_of(SKY)).max(axis=1) < 60).all()
    casing = pixels[20 + 450 - 6 : 20 + 450 + 7, 500].sum(axis=1)
    assert casing.min() < 300
    above = pixels[200, 50:950]
    assert np.abs(above - levels_of(ground)).max() == 0


def test_nothing_leaves_the_image() -> None:
    frame = table()[:2].with_columns(x_image_px=pl.Series([-50.0, 150.0]))
    area = QRectF(100, 100, 100, 100)
    with painting(300, 300) as (image, painter):
        before = QImage(image)
        paint_scanpath(painter, Scanpath.of_reading(frame, 100, 100), area)
    changed = (rgb(image) != rgb(before)).any(axis=2)
    changed[99:202, 99:202] = False
    assert not changed.any()


def test_an_empty_scanpath_draws_nothing() -> None:
    with painting(50, 50) as (image, painter):
        before = QImage(image)
        paint_scanpath(painter, Scanpath.of_reading(table()[:0], 10, 10), QRectF(0, 0, 50, 50))
    assert image == before


def test_area_grows_with_duration_and_the_legend_shows_it() -> None:
    unit = unit_px(QRectF(0, 0, 700, 1000))
    assert unit == 10
    assert radius_px(0.8, unit) == pytest.approx(2 * radius_px(0.2, unit))
    assert radius_px(-1.0, unit) == 0
    with painting(400, 100) as (image, painter):
        paint_duration_legend(painter, 5, 5, 10.0)
    assert share_of(image, SKY, 60) > 0.005
    with painting(140, 220) as (image, painter):
        paint_duration_legend(painter, 5, 5, 10.0, stacked=True)
    assert share_of(image.copy(0, 120, 140, 60), SKY, 60) > 0.002
    assert share_of(image.copy(0, 190, 140, 30), SKY, 60) == 0
