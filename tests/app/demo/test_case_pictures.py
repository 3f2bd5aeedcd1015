"""Cases as pictures are what the station shows, and as small squares what the predictor gets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pydicom

from app.demo.case_pictures import grey_image, write_study_images
from app.demo.study_setup import DemoStudy
from gazecore.synthetic.knees import make_knee, write_dicom

if TYPE_CHECKING:
    from pathlib import Path

    from gazecore.study import Study


def test_grey_image_rises_with_the_stored_value(tmp_path: Path) -> None:
    knee = make_knee(1, 2, size_px=(128, 96))
    write_dicom(tmp_path / "knee.dcm", knee)
    grey = grey_image(tmp_path / "knee.dcm")
    assert grey.shape == (128, 96)
    order = np.argsort(knee.pixels, axis=None, kind="stable")
    assert (np.diff(grey.ravel()[order].astype(int)) >= 0).all()
    assert np.ptp(grey) > 100


def test_study_images_are_squares_in_the_order_of_cases(small_study: Study) -> None:
    path, ids = small_study.path, [case.case_id for case in small_study.cases()]
    file = path / "images.npz"
    write_study_images(DemoStudy(path, path / "scenes.json", ()), file, 32)
    arrays = np.load(file)
    assert arrays["images"].shape == (3, 32, 32)
    assert arrays["images"].dtype == np.uint8
    assert arrays["case_ids"].tolist() == ids


def test_what_a_shutter_hides_is_black(tmp_path: Path) -> None:
    write_dicom(tmp_path / "knee.dcm", make_knee(1, 2, (96, 80)))
    whole = grey_image(tmp_path / "knee.dcm")
    dataset = pydicom.dcmread(tmp_path / "knee.dcm")
    dataset.ShutterShape = "RECTANGULAR"
    dataset.ShutterLeftVerticalEdge, dataset.ShutterRightVerticalEdge = 11, 70
    dataset.ShutterUpperHorizontalEdge, dataset.ShutterLowerHorizontalEdge = 21, 96
    dataset.save_as(tmp_path / "shuttered.dcm")
    seen = grey_image(tmp_path / "shuttered.dcm")
    assert seen.shape == whole.shape
    np.testing.assert_array_equal(seen[20:, 10:70], whole[20:, 10:70])
    seen[20:, 10:70] = 0
    assert not seen.any()
    assert whole[:20].any()
