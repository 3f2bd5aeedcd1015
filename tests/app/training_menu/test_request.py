"""Requests are checked before a process starts and become the trainer's arguments."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.training_menu.request import RunRequest, free_name
from gazecore.errors import InvalidSettingError, MissingPathError


@pytest.fixture
def study(tmp_path: Path) -> Path:
    maps = tmp_path / "study" / "derivatives" / "attention"
    maps.mkdir(parents=True)
    (maps / "case-0001.npz").touch()
    return tmp_path / "study"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    file = tmp_path / "examples.npz"
    file.touch()
    return file


def test_a_predictor_learns_from_the_study(study: Path, tmp_path: Path) -> None:
    request = RunRequest("predictor", "p 1", study=study, epochs=30, seeds=4)
    request.check(tmp_path)
    assert request.arguments(tmp_path) == [
        "predictor",
        *("--out", str(tmp_path / "p 1"), "--epochs", "30"),
        *("--study", str(study), "--seed", "4"),
    ]


def test_pretraining_names_one_method_and_its_views(data: Path, tmp_path: Path) -> None:
    request = RunRequest("pretrain", "r", data=data, methods=("byol",), arms=("conventional",))
    request.check(tmp_path)
    arguments = request.arguments(tmp_path)
    assert arguments[0] == "pretrain"
    assert arguments[arguments.index("--method") + 1] == "byol"
    assert arguments[arguments.index("--arm") + 1] == "conventional"
    assert "--attention" not in arguments


def test_a_comparison_names_all(data: Path, tmp_path: Path) -> None:
    request = RunRequest(
        "compare",
        "c",
        data=data,
        attention=data,
        methods=("simclr", "moco"),
        arms=("conventional", "focuscontrast"),
        seeds=5,
        jobs=2,
    )
    request.check(tmp_path)
    text = " ".join(request.arguments(tmp_path))
    assert "--methods simclr,moco --arms conventional,focuscontrast --seeds 5 --jobs 2" in text


def test_paths_mean_the_same_in_the_trainers_folder(tmp_path: Path) -> None:
    arguments = RunRequest("pretrain", "r", data=Path("x.npz")).arguments(tmp_path)
    assert Path(arguments[arguments.index("--data") + 1]) == Path("x.npz").absolute()


@pytest.mark.parametrize("name", ["", "../away", "a/b", ".hidden", "-x", "x" * 65])
def test_names_that_are_no_folder_names_are_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidSettingError, match="name is"):
        RunRequest("predictor", name).check(tmp_path)


def test_a_name_that_is_taken_is_refused(tmp_path: Path) -> None:
    (tmp_path / "r").mkdir()
    with pytest.raises(InvalidSettingError, match="no other run"):
        RunRequest("predictor", "r").check(tmp_path)


def test_a_study_without_maps_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(MissingPathError, match="focusstation analyse"):
        RunRequest("predictor", "r", study=tmp_path).check(tmp_path)
    with pytest.raises(InvalidSettingError, match="open study"):
        RunRequest("predictor", "r").check(tmp_path)


def test_what_is_missing_for_pretraining_is_named(data: Path, tmp_path: Path) -> None:
    with pytest.raises(InvalidSettingError, match="data is None"):
        RunRequest("pretrain", "r").check(tmp_path)
    with pytest.raises(MissingPathError, match="no such data set"):
        RunRequest("pretrain", "r", data=tmp_path / "none.npz").check(tmp_path)
    with pytest.raises(InvalidSettingError, match="focuscontrast views"):
        RunRequest("pretrain", "r", data=data).check(tmp_path)
    with pytest.raises(InvalidSettingError, match="at least one of each"):
        RunRequest("compare", "r", data=data, methods=(), arms=("conventional",)).check(tmp_path)


def test_free_names_count_up(tmp_path: Path) -> None:
    assert free_name("compare", tmp_path) == "compare-1"
    (tmp_path / "compare-1").mkdir()
    assert free_name("compare", tmp_path) == "compare-2"
    assert free_name("predictor", tmp_path) == "predictor-1"
