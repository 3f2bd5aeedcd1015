"""Images with attention maps, from files and from studies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

from gazecore.errors import DamagedFileError, InvalidSettingError, LayoutError, MissingPathError
from gazecore.study import Study
from gazecore.synthetic.knees import make_knee, write_dicom
from training.data.attention import read_file, read_study, split_patients

if TYPE_CHECKING:
    from pathlib import Path


def test_patients_are_never_shared_between_parts() -> None:
    groups = np.array([f"p{i // 3}" for i in range(30)])
    split = split_patients(groups, held_out=0.3, validation=0.2, seed=0)
    parts = [set(groups[part].tolist()) for part in (split.train, split.validation, split.held_out)]
    assert [len(part) for part in parts] == [5, 2, 3]
    assert len(set.union(*parts)) == 10


def test_too_few_patients_are_refused() -> None:
    with pytest.raises(InvalidSettingError, match="patients"):
        split_patients(np.array(["a", "b", "c"]), held_out=0.1, validation=0.1, seed=0)


def test_a_file_is_resized_and_empty_maps_left_out(tmp_path: Path) -> None:
    maps = np.zeros((3, 10, 8), np.float32)
    maps[[0, 2], 3:6, 2:5] = 1
    np.savez(tmp_path / "a.npz", images=np.zeros((3, 40, 30), np.uint8), maps=maps, simulated=True)
    cases = read_file(tmp_path / "a.npz", size_px=16)
    assert cases.images.shape == cases.maps.shape == (2, 16, 16)
    assert np.allclose(cases.maps.sum(axis=(1, 2)), 1)
    assert cases.names == ("000000", "000002")
    assert cases.simulated


@pytest.mark.parametrize("value", [0.0, 0.1])
def test_maps_that_say_nothing_are_refused_in_one_line(tmp_path: Path, value: float) -> None:
    maps = np.full((4, 8, 8), value, np.float32)
    np.savez(tmp_path / "a.npz", images=np.zeros((4, 8, 8), np.uint8), maps=maps)
    with pytest.raises(LayoutError, match="empty or constant"):
        read_file(tmp_path / "a.npz", size_px=8)


def test_unsound_files_are_refused(tmp_path: Path) -> None:
    images = np.zeros((2, 8, 8), np.uint8)
    np.savez(tmp_path / "a.npz", images=images, maps=-np.ones((2, 8, 8)))
    with pytest.raises(DamagedFileError, match="negative"):
        read_file(tmp_path / "a.npz", size_px=16)
    np.savez(tmp_path / "b.npz", images=images, maps=np.ones((3, 8, 8)))
    with pytest.raises(DamagedFileError, match="n maps"):
        read_file(tmp_path / "b.npz", size_px=16)


@pytest.fixture
def study(tmp_path: Path) -> Path:
    files = []
    for i in range(2):
        files.append(tmp_path / f"knee-{i}.dcm")
        write_dicom(files[-1], make_knee(i, 2, (96, 80)))
    with Study.create(tmp_path / "study") as made:
        made.import_images(files, simulated=True)
    return tmp_path / "study"


def test_a_study_without_maps_says_what_to_do(study: Path) -> None:
    with pytest.raises(MissingPathError, match="analyse"):
        read_study(study, size_px=32)


def test_maps_and_fixations_of_a_study_are_read(study: Path) -> None:
    with Study.open(study, read_only=True) as opened:
        first = opened.cases()[0]
    attention = study / "derivatives" / "attention"
    attention.mkdir(parents=True, exist_ok=True)
    looked_at = np.zeros((48, 40), np.float32)
    looked_at[10:20, 10:20] = 0.01
    np.savez(
        attention / f"case-{first.case_id}.npz",
        map=looked_at,
        simulated=np.array(True),
    )
    (study / "derivatives" / "fixations").mkdir(exist_ok=True)
    pl.DataFrame(
        {
            "case_id": [first.case_id, first.case_id, "other"],
            "on_image": [True, False, True],
            "x_image_px": [40.0, 1.0, 2.0],
            "y_image_px": [24.0, 1.0, 2.0],
        }
    ).write_parquet(study / "derivatives" / "fixations" / "session-0001.parquet")
    cases = read_study(study, size_px=32)
    assert cases.names == (first.case_id,)
    assert cases.images.shape == (1, 32, 32)
    assert cases.simulated
    assert cases.fixations is not None
    assert cases.fixations[0].tolist() == [[0.5, 0.25]]
