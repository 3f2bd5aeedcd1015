"""Pixels at the size of networks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pydicom
import torch

from gazecore.synthetic.knees import make_knee, write_dicom
from training.data.pixels import read_gray, resize, resized, resized_map

if TYPE_CHECKING:
    from pathlib import Path


def test_shrinking_averages_and_growing_interpolates() -> None:
    image = torch.arange(16.0).view(1, 1, 4, 4)
    assert resize(image, (2, 2)).flatten().tolist() == [2.5, 4.5, 10.5, 12.5]
    assert resize(torch.ones(1, 1, 2, 2), (5, 7)).shape == (1, 1, 5, 7)


def test_an_image_of_the_right_size_is_left_alone() -> None:
    gray = np.arange(9, dtype=np.uint8).reshape(3, 3)
    assert resized(gray, 3) is gray
    assert resized(np.full((6, 8), 7, np.uint8), 2).tolist() == [[7, 7], [7, 7]]


def test_maps_keep_their_sum() -> None:
    attention = np.random.default_rng(0).random((9, 13)).astype(np.float32)
    assert abs(float(resized_map(attention, 6).sum()) - 1) < 1e-5
    assert resized_map(np.zeros((4, 4), np.float32), 8).sum() == 0


def test_a_radiograph_is_read_through_its_window(tmp_path: Path) -> None:
    write_dicom(tmp_path / "knee.dcm", make_knee(1, 2, (96, 80)))
    gray = read_gray(tmp_path / "knee.dcm")
    assert gray.shape == (96, 80)
    assert gray.dtype == np.uint8
    assert int(np.ptp(gray)) > 100


def test_what_a_shutter_hides_is_black(tmp_path: Path) -> None:
    write_dicom(tmp_path / "knee.dcm", make_knee(1, 2, (96, 80)))
    whole = read_gray(tmp_path / "knee.dcm")
    dataset = pydicom.dcmread(tmp_path / "knee.dcm")
    dataset.ShutterShape = "RECTANGULAR"
    dataset.ShutterLeftVerticalEdge, dataset.ShutterRightVerticalEdge = 11, 70
    dataset.ShutterUpperHorizontalEdge, dataset.ShutterLowerHorizontalEdge = 21, 96
    dataset.save_as(tmp_path / "shuttered.dcm")
    seen = read_gray(tmp_path / "shuttered.dcm")
    assert seen.shape == whole.shape
    np.testing.assert_array_equal(seen[20:, 10:70], whole[20:, 10:70])
    seen[20:, 10:70] = 0
    assert not seen.any()
    assert whole[:20].any()
