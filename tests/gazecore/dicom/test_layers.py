"""Overlays over a viewport: turned, scaled, over the edge, pixel by pixel."""

from __future__ import annotations

import zlib
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from gazecore.dicom import Window, XrayHeader
from gazecore.dicom.layers import OverlayLayer
from gazecore.dicom.overlays import OverlayPlane
from gazecore.geometry import Transform

HEADER = XrayHeader(bits_stored=12, default_window=Window(2048, 4096))
BITS = np.random.default_rng(0).random((5, 7)) < 0.5


def _plane(bits: Any, origin_px: tuple[int, int] = (0, 0), kind: str = "G") -> OverlayPlane:
    packed = np.packbits(bits, bitorder="little").tobytes()
    rows, columns = bits.shape
    return OverlayPlane(
        group=0x6000,
        kind=kind,
        rows=rows,
        columns=columns,
        origin_px=origin_px,
        deflated=zlib.compress(packed),
    )


def _layer(*planes: OverlayPlane) -> OverlayLayer:
    return OverlayLayer(replace(HEADER, overlays=planes))


IDENTITY = Transform((1, 0, 0, 0, 1, 0, 0, 0, 1))
QUARTER = Transform((0, -1, 5, 1, 0, 0, 0, 0, 1))
SLANTED = Transform((1, 0.0001, 0, 0, 1, 0, 0, 0, 1))


def test_an_overlay_may_lie_partly_outside() -> None:
    bits = np.ones((3, 3), dtype=bool)
    covered = _layer(_plane(bits, (-2, -1))).resample(
        Transform((1, 0, 2, 0, 1, 2, 0, 0, 1)), (5, 6)
    )
    expected = np.zeros((5, 6), dtype=bool)
    expected[1:4, 0:3] = True
    np.testing.assert_array_equal(covered, expected)


def test_a_turned_overlay() -> None:
    covered = _layer(_plane(BITS)).resample(QUARTER, (7, 5))
    np.testing.assert_array_equal(covered, np.rot90(BITS, -1))
    np.testing.assert_array_equal(_layer(_plane(BITS)).resample(SLANTED, (5, 7)), BITS)


@pytest.mark.parametrize("scale", [1.0, 0.6, 0.26, 0.11])
def test_no_bit_is_lost_when_drawn_small(scale: float) -> None:
    for at in range(0, 60, 7):
        bits = np.zeros((64, 64), dtype=bool)
        bits[at, (at * 5) % 64] = True
        size = int(np.ceil(64 * scale))
        transform = Transform((scale, 0, 0, 0, scale, 0, 0, 0, 1))
        assert _layer(_plane(bits)).resample(transform, (size, size)).any()


def test_kinds() -> None:
    region = _plane(BITS, kind="R")
    assert not _layer(region).resample(IDENTITY, (5, 7)).any()
    both = OverlayLayer(replace(HEADER, overlays=(region,)), kinds="GR")
    np.testing.assert_array_equal(both.resample(IDENTITY, (5, 7)), BITS)


@pytest.mark.parametrize("name", ["small", "large", "turned", "slanted"])
def test_all_that_is_covered_lies_within_the_reach_and_a_part_is_that_of_the_whole(
    name: str,
) -> None:
    transform = {
        "small": Transform((0.13, 0, 5, 0, 0.29, 3, 0, 0, 1)),
        "large": Transform((2.3, 0, -20, 0, 2.3, 9, 0, 0, 1)),
        "turned": Transform((0, -0.6, 40, 0.6, 0, 1, 0, 0, 1)),
        "slanted": Transform((0.7, 0.2, 3, -0.2, 0.7, 12, 0, 0, 1)),
    }[name]
    bits = np.zeros((40, 60), dtype=bool)
    bits[7:19, 31:44] = np.random.default_rng(1).random((12, 13)) < 0.3
    layer = _layer(_plane(bits, (-4, 3)), _plane(BITS, (20, 30)))
    whole = layer.resample(transform, (90, 110))
    assert whole.any()
    rows, columns = layer.reach(transform)
    within = np.zeros_like(whole)
    within[max(0, rows.start) : max(0, rows.stop), max(0, columns.start) : columns.stop] = True
    assert not whole[~within].any()
    assert not within.all()
    part = (slice(4, 37), slice(6, 71))
    np.testing.assert_array_equal(layer.under(transform, part), whole[part])


def test_nothing_drawn_reaches_nowhere() -> None:
    layer = _layer(_plane(np.zeros((3, 4), dtype=bool)))
    assert layer.reach(IDENTITY) == (slice(0, 0), slice(0, 0))
    assert not layer.resample(IDENTITY, (5, 6)).any()
    assert layer.under(IDENTITY, (slice(2, 2), slice(0, 3))).shape == (0, 3)
