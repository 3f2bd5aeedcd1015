"""Shutters hide what lies outside them, by hand-worked pixels; stored values stay."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from pydicom.dataset import Dataset

from gazecore.dicom import Window, XrayHeader, auto_window, open_image
from gazecore.dicom.hidden import shutter_mask
from gazecore.dicom.luminance import mean_luminance
from gazecore.dicom.shutter import Shutter, read_shutter

HEADER = XrayHeader(bits_stored=12, default_window=Window(2048, 4096))


def _shown(shutter: Shutter, shape: tuple[int, int], pixel_aspect: float = 1.0) -> Any:
    hidden = shutter_mask(replace(HEADER, shutter=shutter, pixel_aspect=pixel_aspect), shape)
    return np.ones(shape, dtype=bool) if hidden is None else ~hidden


def _rows(text: str) -> Any:
    return np.array([[c == "#" for c in row] for row in text.split()])


def test_rectangle_keeps_its_edges() -> None:
    shown = _shown(Shutter(rectangle=(2, 1, 4, 3)), (4, 5))
    np.testing.assert_array_equal(shown, _rows(".###. .###. .###. ....."))


def test_circle() -> None:
    shown = _shown(Shutter(circle=(3, 3, 2)), (5, 5))
    np.testing.assert_array_equal(shown, _rows("..#.. .###. ##### .###. ..#.."))


def test_circle_is_round_on_the_screen() -> None:
    """Pixels twice as high as wide: the radius counts along a row."""
    shown = _shown(Shutter(circle=(3, 3, 2)), (5, 5), pixel_aspect=2.0)
    np.testing.assert_array_equal(shown, _rows("..... ..#.. ##### ..#.. ....."))


@pytest.mark.parametrize("turn", [1, -1])
def test_polygon(turn: int) -> None:
    triangle = ((1.0, 1.0), (1.0, 5.0), (5.0, 1.0))[::turn]
    shown = _shown(Shutter(polygon=triangle), (5, 5))
    np.testing.assert_array_equal(shown, _rows("##### ####. ###.. ##... #...."))


def test_polygon_that_turns_in() -> None:
    arrow = ((1.0, 1.0), (1.0, 5.0), (5.0, 5.0), (3.0, 3.0), (5.0, 1.0))
    shown = _shown(Shutter(polygon=arrow), (5, 5))
    np.testing.assert_array_equal(shown, _rows("##### ##### ##### ##.## #...#"))


def test_polygon_of_the_whole_image_hides_nothing() -> None:
    corners = ((1.0, 1.0), (1.0, 7.0), (4.0, 7.0), (4.0, 1.0))
    assert _shown(Shutter(polygon=corners), (4, 7)).all()


def test_shapes_intersect() -> None:
    shown = _shown(Shutter(rectangle=(1, 1, 3, 5), circle=(3, 3, 2)), (5, 5))
    np.testing.assert_array_equal(shown, _rows("..#.. .##.. ###.. .##.. ..#.."))


def test_wild_corners_stay_in_the_image() -> None:
    corners = ((-1e9, -1e9), (-1e9, 1e9), (1e9, 1e9), (1e9, -1e9))
    assert _shown(Shutter(polygon=corners), (3, 3)).all()
    assert not _shown(Shutter(rectangle=(900, 1, 1000, 2)), (3, 3)).any()


def test_read_from_a_file(make_dicom: Any) -> None:
    pixels = np.full((5, 6), 4000, dtype=np.uint16)
    pixels[1:4, 1:4] = np.arange(9).reshape(3, 3) + 100
    path = make_dicom(
        pixels,
        ShutterShape=["RECTANGULAR", "POLYGONAL"],
        ShutterLeftVerticalEdge=2,
        ShutterRightVerticalEdge=4,
        ShutterUpperHorizontalEdge=2,
        ShutterLowerHorizontalEdge=4,
        VerticesOfThePolygonalShutter=[1, 1, 1, 6, 5, 6, 5, 1],
    )
    image = open_image(path)
    assert image.shutter is not None
    assert image.shutter.rectangle == (2, 2, 4, 4)
    assert len(image.shutter.polygon) == 4
    assert "shutter" not in [badge.code for badge in image.badges]
    np.testing.assert_array_equal(image.stored, pixels)
    hidden = shutter_mask(image, image.stored.shape)
    assert hidden is not None
    assert (~hidden).sum() == 9
    # what the shutter hides sways neither the window nor the brightness
    assert auto_window(image) == image.default_window == Window(104.5, 9)
    assert mean_luminance(image) < 9 / 30


@pytest.mark.parametrize(
    "elements",
    [
        {"ShutterShape": "RECTANGULAR", "ShutterLeftVerticalEdge": 2},
        {
            "ShutterShape": "CIRCULAR",
            "CenterOfCircularShutter": [2, 2],
            "RadiusOfCircularShutter": 0,
        },
        {"ShutterShape": "POLYGONAL", "VerticesOfThePolygonalShutter": [1, 1, 2, 2]},
        {"ShutterShape": "STARRY"},
    ],
    ids=lambda e: e["ShutterShape"],
)
def test_nonsense_is_ignored_and_said(make_dicom: Any, elements: Any) -> None:
    image = open_image(make_dicom(**elements))
    assert image.shutter is None
    assert image.badges[0].code == "shutter"
    assert "ignored" in image.warnings[0]


def test_places_that_no_whole_number_reaches_are_ignored() -> None:
    circle, polygon = Dataset(), Dataset()
    circle.ShutterShape, polygon.ShutterShape = "CIRCULAR", "POLYGONAL"
    # as a file in which these have another kind of number
    circle.add_new("CenterOfCircularShutter", "FD", [3.0, 3.0])
    circle.add_new("RadiusOfCircularShutter", "FD", 1e300)
    polygon.add_new("VerticesOfThePolygonalShutter", "FD", [1.0, 1.0, 1.0, 9.0, -1e300, 4.0])
    for dataset in (circle, polygon):
        assert read_shutter(dataset)[0] is None
