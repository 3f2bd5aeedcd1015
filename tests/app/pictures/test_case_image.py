"""A case drawn for a picture is what the station would show."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QRectF

from app.pictures.case_image import CaseImage
from gazecore.dicom import open_image
from gazecore.synthetic.knees import make_knee, write_dicom
from tests.app.conftest import write_png
from tests.app.pictures.pixels import rgb

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def image(tmp_path: Path) -> CaseImage:
    write_dicom(tmp_path / "knee.dcm", make_knee(1, 2, size_px=(64, 48)))
    return CaseImage(open_image(tmp_path / "knee.dcm"))


def test_at_its_own_size_it_has_the_levels_of_its_window(image: CaseImage, tmp_path: Path) -> None:
    from gazecore.dicom.hidden import seen_levels

    opened = open_image(tmp_path / "knee.dcm")
    drawn = rgb(image.drawn(48, 64))
    np.testing.assert_array_equal(drawn[..., 0], seen_levels(opened, opened.default_window))


def test_another_window_and_one_of_another_frame(image: CaseImage) -> None:
    window = image.default_window
    plain = rgb(image.drawn(48, 64)).astype(int)
    inverted = rgb(image.drawn(48, 64, window.model_copy(update={"invert": True}))).astype(int)
    assert np.abs(plain + inverted - 255).max() <= 1
    other = window.model_copy(update={"invert": True, "frame": 7})
    np.testing.assert_array_equal(rgb(image.drawn(48, 64, other)), plain)


def test_it_fits_in_whole_pixels(image: CaseImage) -> None:
    assert image.fitted(QRectF(10, 20, 200, 128)) == QRectF(62, 20, 96, 128)
    assert image.fitted(QRectF(0, 0, 48, 500)) == QRectF(0, 218, 48, 64)


def test_colours_stay_colours(tmp_path: Path) -> None:
    levels = np.zeros((6, 5, 3), np.uint8)
    levels[..., 0] = 200
    image = CaseImage(open_image(write_png(tmp_path / "red.png", levels)))
    assert rgb(image.drawn(5, 6))[3, 2].tolist() == [200, 0, 0]
