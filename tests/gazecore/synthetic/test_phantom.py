"""Discs are found where they were drawn, to a few hundredths of a pixel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from gazecore.dicom import open_image
from gazecore.errors import InvalidSettingError
from gazecore.geometry import Transform
from gazecore.synthetic.phantom import find_discs, make_phantom, match_and_fit, write_dicom

if TYPE_CHECKING:
    from pathlib import Path

SIZE = (400, 300)
IDENTITY = Transform.affine((1.0, 1.0), (0.0, 0.0))


def _gray(pixels: np.ndarray) -> np.ndarray:
    return (pixels >> 4).astype(np.uint8)


def test_discs_lie_apart_and_inside() -> None:
    phantom = make_phantom(SIZE, n_discs=15, radius_px=8)
    xy = phantom.disc_xy_px
    assert xy.shape == (15, 2)
    distance = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))
    assert distance[~np.eye(15, dtype=bool)].min() >= 40
    assert (xy >= 16).all()
    assert (xy <= np.array([300, 400]) - 16).all()


def test_disc_area_is_pi_r_squared() -> None:
    phantom = make_phantom(SIZE, n_discs=10, radius_px=8)
    lit = (phantom.pixels.astype(float) - 400) / 3200
    assert lit.sum() == pytest.approx(10 * np.pi * 64, rel=0.005)


def test_no_two_pairs_of_discs_look_alike() -> None:
    xy = make_phantom(SIZE, n_discs=15).disc_xy_px
    first, second = np.triu_indices(15, 1)
    steps = xy[first] - xy[second]
    gaps = np.hypot(*(steps[:, None] - steps[None]).transpose(2, 0, 1))
    assert gaps[~np.eye(len(steps), dtype=bool)].min() > 0.01


def test_centres_are_found() -> None:
    phantom = make_phantom(SIZE, n_discs=15)
    found = find_discs(_gray(phantom.pixels))
    fitted, residual_px = match_and_fit(found, phantom, IDENTITY)
    assert len(found) == 15
    assert residual_px < 0.05
    np.testing.assert_allclose(fitted.matrix, np.eye(3), atol=0.05)


def test_cut_discs_are_left_out() -> None:
    phantom = make_phantom(SIZE, n_discs=15)
    x, y = phantom.disc_xy_px[0]
    shifted = _gray(phantom.pixels)[int(y) :, :]
    found = find_discs(shifted) + np.array([0, int(y)])
    assert np.hypot(*(found - (x, y)).T).min() > 5
    _, residual_px = match_and_fit(found, phantom, IDENTITY)
    assert residual_px < 0.05


def test_expected_transform_only_pairs_discs() -> None:
    phantom = make_phantom(SIZE, n_discs=15)
    found = find_discs(_gray(phantom.pixels))
    off = Transform.affine((1.01, 0.99), (3.0, -2.0))
    fitted, _ = match_and_fit(found, phantom, off)
    np.testing.assert_allclose(fitted.matrix, np.eye(3), atol=0.05)


@pytest.mark.parametrize("gray", [np.zeros((50, 50), np.uint8), np.full((50, 50), 200, np.uint8)])
def test_nothing_to_find(gray: np.ndarray) -> None:
    assert find_discs(gray).shape == (0, 2)


def test_too_few_discs_say_nothing() -> None:
    phantom = make_phantom(SIZE, n_discs=15)
    for found in (np.empty((0, 2)), phantom.disc_xy_px[:3]):
        fitted, residual_px = match_and_fit(found, phantom, IDENTITY)
        assert fitted == IDENTITY
        assert residual_px == float("inf")


def test_too_many_discs() -> None:
    with pytest.raises(InvalidSettingError, match="n_discs"):
        make_phantom((100, 100), n_discs=50)


def test_written_phantom_opens_as_it_was(tmp_path: Path) -> None:
    phantom = make_phantom(SIZE, n_discs=5)
    write_dicom(tmp_path / "phantom.dcm", phantom)
    image = open_image(tmp_path / "phantom.dcm")
    np.testing.assert_array_equal(image.stored, phantom.pixels)
    assert image.simulated
