"""The layer of overlay planes: lines with a rim, outlines of regions, laid over any frame."""

from __future__ import annotations

import zlib
from typing import Any

import numpy as np
import pytest

from gazecore.dicom import Window, XrayHeader
from gazecore.dicom.drawn_overlays import (
    LABEL_RGB,
    LINE,
    NOTHING,
    RIM,
    DrawnOverlays,
    lay_over,
    outline,
)
from gazecore.dicom.overlays import OverlayPlane
from gazecore.geometry import Transform

IDENTITY = Transform.affine((1.0, 1.0), (0.0, 0.0))
DOT = np.ones((1, 1), dtype=bool)
SQUARE = np.ones((4, 5), dtype=bool)


def header(bits: Any, origin_px: tuple[int, int], kind: str = "G") -> XrayHeader:
    """An image with one overlay plane."""
    plane = OverlayPlane(
        group=0x6000,
        kind=kind,
        rows=bits.shape[0],
        columns=bits.shape[1],
        origin_px=origin_px,
        deflated=zlib.compress(np.packbits(bits, bitorder="little").tobytes()),
    )
    return XrayHeader(bits_stored=8, default_window=Window(128, 256), overlays=(plane,))


def test_a_line_has_a_rim_of_a_pixel() -> None:
    labels = DrawnOverlays(header(DOT, (3, 2))).resample(IDENTITY, (6, 8))
    expected = np.zeros((6, 8), dtype=int)
    expected[1:4, 2:5] = RIM
    expected[2, 3] = LINE
    np.testing.assert_array_equal(labels, expected)
    corner = DrawnOverlays(header(DOT, (0, 5))).resample(IDENTITY, (6, 8))
    assert corner[4:, :2].tolist() == [[RIM, RIM], [LINE, RIM]]


@pytest.mark.parametrize("origin_px", [(-3, -2), (6, 4)])
def test_what_lies_beside_the_image_is_drawn(origin_px: tuple[int, int]) -> None:
    moved = Transform.affine((1.0, 1.0), (5.0, 5.0))
    labels = DrawnOverlays(header(SQUARE, origin_px)).resample(moved, (20, 20))
    x, y = origin_px[0] + 5, origin_px[1] + 5
    expected = np.zeros((20, 20), dtype=bool)
    expected[y : y + 4, x : x + 5] = True
    np.testing.assert_array_equal(labels == LINE, expected)


@pytest.mark.parametrize("scale", [1.0, 2.0, 3.5])
def test_at_any_zoom_turn_and_aspect_a_line_covers_its_pixels(scale: float) -> None:
    turned = Transform((0.0, -scale, 40.0, 1.25 * scale, 0.0, 2.0, 0.0, 0.0, 1.0))
    bits = np.random.default_rng(3).random((6, 7)) < 0.4
    labels = DrawnOverlays(header(bits, (1, 0))).resample(turned, (60, 60))
    v, u = np.mgrid[:60, :60] + 0.5
    at = turned.to_image(np.stack([u.ravel(), v.ravel()], axis=1)) - (1, 0)
    x, y = np.floor(at).astype(int).T
    inside = (x >= 0) & (x < 7) & (y >= 0) & (y < 6)
    expected = np.zeros(3600, dtype=bool)
    expected[inside] = bits[y[inside], x[inside]]
    np.testing.assert_array_equal(labels == LINE, expected.reshape(60, 60))


def test_a_region_is_drawn_by_its_outline() -> None:
    wide = np.ones((8, 9), dtype=bool)
    labels = DrawnOverlays(header(wide, (2, 2), kind="R")).resample(IDENTITY, (13, 13))
    inner = np.zeros((8, 9), dtype=bool)
    inner[2:-2, 2:-2] = True
    np.testing.assert_array_equal(labels[2:10, 2:11] == LINE, ~inner)
    assert (labels[4:8, 4:5] == RIM).all()
    assert labels[6, 6] == NOTHING


def test_a_region_that_fills_the_viewport_has_no_outline_there() -> None:
    whole = np.ones((5, 6), dtype=bool)
    assert not outline(whole).any()
    assert not outline(~whole).any()


@pytest.mark.parametrize("channels", [(), (3,)], ids=["grey", "color"])
def test_laid_over_a_frame(channels: tuple[int, ...]) -> None:
    frame = np.random.default_rng(1).integers(0, 256, (3, 4, *channels)).astype(np.uint8)
    before = frame.copy()
    labels = np.array([[NOTHING, RIM, LINE, NOTHING]] * 3, dtype=np.uint8)
    picture = lay_over(frame, labels)
    assert picture.shape == (3, 4, 3)
    np.testing.assert_array_equal(frame, before)
    as_color = frame if channels else frame[..., None].repeat(3, axis=2)
    np.testing.assert_array_equal(picture[:, [0, 3]], as_color[:, [0, 3]])
    assert (picture[:, 1] == LABEL_RGB[RIM]).all()
    assert (picture[:, 2] == LABEL_RGB[LINE]).all()


@pytest.mark.parametrize("kind", ["G", "R"])
@pytest.mark.parametrize("shift_px", [-30.0, -3.5, 8.0, 41.0, 90.0])
def test_the_layer_is_that_of_a_viewport_with_all_around_it(kind: str, shift_px: float) -> None:
    bits = np.zeros((60, 80), dtype=bool)
    bits[20:41, 30:57] = True
    drawn = DrawnOverlays(header(bits, (0, 0), kind))
    room = 100
    placed, wide = (
        Transform.affine((0.8, 0.8), (shift_px + more, shift_px / 2 + more)) for more in (0, room)
    )
    shape = (50, 70)
    whole = drawn.resample(wide, (shape[0] + 2 * room, shape[1] + 2 * room))
    found = drawn.resample(placed, shape)
    expected = whole[room : room + shape[0], room : room + shape[1]]
    # along the frame a region that goes on beyond it has no outline, and its rim none to follow
    inner = np.s_[4:-4, 4:-4]
    np.testing.assert_array_equal(found[inner], expected[inner])
    if kind == "G":
        edge_free = np.s_[1:-1, 1:-1]
        np.testing.assert_array_equal(found[edge_free], expected[edge_free])
