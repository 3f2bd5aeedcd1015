from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gazecore.dicom import open_image
from gazecore.study import Study
from scripts.picture_cases import SIZE_PX, make_picture_study

if TYPE_CHECKING:
    from pathlib import Path


def test_the_cases_show_what_the_pictures_are_for(tmp_path: Path) -> None:
    make_picture_study(tmp_path / "study", tmp_path / "images")
    plain, shuttered, padded, unspaced = (
        open_image(path) for path in sorted((tmp_path / "images").iterdir())
    )
    assert [named.name for named in plain.windows] == ["BONE", "SOFT TISSUE"]
    assert plain.stored.shape == SIZE_PX
    assert any(badge.code == "shutter" for badge in shuttered.badges) or shuttered.shutter
    assert np.mean(padded.stored == 0) > 0.3
    assert unspaced.spacing_mm is None
    assert {badge.code for badge in unspaced.badges} >= {"spacing", "window"}
    with Study.open(tmp_path / "study", read_only=True) as study:
        assert all(case.simulated for case in study.cases())
        assert study.case_order("reader-1") == [case.case_id for case in study.cases()]
