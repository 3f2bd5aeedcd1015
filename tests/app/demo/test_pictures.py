"""Pictures: exact averaging, exact interpolation of planes, round trips of PNG."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from app.demo import pictures

if TYPE_CHECKING:
    from pathlib import Path


def test_shrink_averages_whole_blocks() -> None:
    image = np.arange(64, dtype=np.uint8).reshape(8, 8)
    small = pictures.shrink(image, 4)
    assert small.shape == (4, 4)
    assert small[0, 0] == int(np.mean([0, 1, 8, 9]))
    assert pictures.shrink(image, 100) is not None
    assert pictures.shrink(image, 100).shape == (8, 8)


def test_stretch_is_exact_for_a_plane_inside_and_keeps_constants() -> None:
    coarse = np.add.outer(np.arange(4.0), 2 * np.arange(6.0))
    fine = pictures.stretch(coarse, (16, 24))
    y, x = (np.arange(16) + 0.5) / 4 - 0.5, (np.arange(24) + 0.5) / 4 - 0.5
    expected = np.add.outer(y, 2 * x)
    inside = np.s_[2:-2, 2:-2]
    np.testing.assert_allclose(fine[inside], expected[inside], atol=1e-12)
    np.testing.assert_allclose(pictures.stretch(np.full((3, 1), 5.0), (7, 9)), 5.0)


def test_overlay_leaves_unattended_places_grey() -> None:
    grey = np.full((8, 8), 100, np.uint8)
    attention = np.zeros((8, 8))
    assert (pictures.overlay(grey, attention) == 100).all()
    attention[2, 3] = 1.0
    coloured = pictures.overlay(grey, attention)
    assert (coloured[2, 3] != 100).any()
    assert (coloured[7, 7] == 100).all()


def test_png_round_trip(tmp_path: Path) -> None:
    image = np.random.default_rng(0).integers(0, 256, (5, 7, 3), dtype=np.uint8)
    path = tmp_path / "a.png"
    path.write_bytes(pictures.png(image))
    np.testing.assert_array_equal(pictures.read_png(path), image)
    assert pictures.data_uri(b"\x00").endswith("AA==")


def test_scanpath_numbers_its_fixations() -> None:
    grey = np.zeros((10, 20), np.uint8)
    svg = pictures.scanpath_svg(grey, np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([0.2, 0.4]))
    assert svg.count("<circle") == 2
    assert 'points="1.0,2.0 3.0,4.0"' in svg
