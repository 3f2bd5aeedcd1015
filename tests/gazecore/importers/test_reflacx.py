from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazecore.errors import (
    DamagedFileError,
    FocusStationError,
    InputError,
    InvalidSettingError,
    MissingPathError,
)
from gazecore.geometry import Transform
from gazecore.importers.reflacx import is_simulated, metadata, place_on_screen, read_reflacx

if TYPE_CHECKING:
    from pathlib import Path

    from gazecore.study import Study


def test_a_data_set_becomes_readings(data_set: Path, study: Study) -> None:
    readings = read_reflacx(data_set, study)
    assert list(readings) == ["reflacx"]
    first, second = readings["reflacx"]  # the discarded one is left out
    assert first.case == second.case == study.cases()[0]
    assert first.duration_s == pytest.approx(0.6)
    assert len(first.views) == 2
    assert first.views[0].transform == (10, 0, 100, 0, 10, -50, 0, 0, 1)
    assert first.views[0].shown_screen_px == (100, 50, 600, 300)
    assert [view.from_s for view in first.views] == pytest.approx([0, 0.3])
    assert np.isnan(first.xy_screen_px[::10]).all()
    assert first.xy_screen_px[1].tolist() == [100 + 10 * 21, -50 + 10 * 15]
    assert not is_simulated(data_set)


@given(
    scale=st.floats(0.05, 40),
    left=st.floats(-100, 100),
    top=st.floats(-100, 100),
    x=st.floats(-50, 250),
    y=st.floats(-50, 150),
)
def test_the_transform_is_that_of_the_boxes(
    scale: float, left: float, top: float, x: float, y: float
) -> None:
    place = [left, top, left + 200 * scale, top + 100 * scale]
    boxes = np.array([[0.0, 0.0, 200.0, 100.0, *place]])
    views, xy_screen = place_on_screen(
        np.zeros(1), np.array([[x, y]]), boxes, np.array([[0.5, 1.0]])
    )
    np.testing.assert_allclose(xy_screen, [[left + scale * x, top + scale * y]], atol=1e-6)
    back = Transform(views[0].transform).to_image(xy_screen)
    np.testing.assert_allclose(back, [[x, y]], atol=1e-6)


def test_points_without_a_view_are_lost() -> None:
    boxes = np.array([[0, 0, 10, 10, 0, 0, 100, 100], [np.nan] * 8, [0, 0, 0, 10, 0, 0, 0, 10]])
    views, xy = place_on_screen(
        np.arange(3.0), np.ones((3, 2)), boxes.astype(float), np.full((3, 2), np.nan)
    )
    assert len(views) == 1
    assert (views[0].window.center, views[0].window.width) == (0.5, 1.0)
    assert xy[0].tolist() == [10, 10]
    assert np.isnan(xy[1:]).all()


def _replace_row(data_set: Path, **values: str) -> None:
    path = data_set / "main_data" / "metadata_phase_1.csv"
    table = pl.read_csv(path).with_columns(pl.lit(v).alias(k) for k, v in values.items())
    table.write_csv(path)


@pytest.mark.parametrize("image", ["../outside.png", "images/none.png", "/etc/hostname"])
def test_only_images_of_the_data_set_are_taken(data_set: Path, study: Study, image: str) -> None:
    (data_set.parent / "outside.png").write_bytes((data_set / "images" / "a.png").read_bytes())
    _replace_row(data_set, image=image)
    with pytest.raises(InputError, match="import its image first"):
        read_reflacx(data_set, study)
    assert study.cases() == []


@pytest.mark.parametrize("name", ["../P1", "..", "a/b", ""])
def test_names_that_are_paths_are_refused(data_set: Path, study: Study, name: str) -> None:
    _replace_row(data_set, id=name)
    with pytest.raises(InvalidSettingError, match="metadata: id"):
        read_reflacx(data_set, study)


def test_a_data_set_without_samples_is_refused(data_set: Path, study: Study) -> None:
    (data_set / "gaze_data" / "P2" / "gaze.csv").unlink()
    with pytest.raises(InputError, match=r"P2.*only data sets with samples"):
        read_reflacx(data_set, study)


def test_times_that_fall_are_refused(data_set: Path, study: Study) -> None:
    path = data_set / "gaze_data" / "P1" / "gaze.csv"
    table = pl.read_csv(path)
    table.reverse().write_csv(path)
    with pytest.raises(DamagedFileError, match="not rising"):
        read_reflacx(data_set, study)


def test_other_folders_are_no_data_set(tmp_path: Path) -> None:
    with pytest.raises(MissingPathError):
        metadata(tmp_path / "none")
    with pytest.raises(FocusStationError, match="not in the layout"):
        metadata(tmp_path)
