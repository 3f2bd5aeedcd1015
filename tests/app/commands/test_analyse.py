"""``focusstation analyse`` on the command line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from app.cli import run
from gazecore.study import Study

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A study with one session that was never recorded."""
    with Study.create(tmp_path / "study") as study:
        study.add_reader("r1")
        study.end_session(study.start_session("r1").session_id, "stopped")
    return tmp_path / "study"


def test_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["analyse", "--help"]) == 0
    assert "--preset" in capsys.readouterr().out


def test_json_is_one_document(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["analyse", str(folder), "--json"]) == 0
    captured = capsys.readouterr()
    report = json.loads(captured.out)
    assert report["sessions"] == 0
    assert report["preset"] == "focusstation"
    assert report["problems"] == ["session-0001: no recording"]
    assert captured.err == ""
    assert (folder / "derivatives" / "quality.parquet").is_file()


def test_words_for_people(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["analyse", str(folder), "--preset", "i-dt", "--maps", "EGD-CXR"]) == 0
    captured = capsys.readouterr()
    assert "0 sessions" in captured.out
    assert "! session-0001: no recording" in captured.out
    assert "1/1 session-0001" in captured.err


def test_pictures_are_counted(
    folder: Path, capsys: pytest.CaptureFixture[str], qapp: object
) -> None:
    assert qapp is not None
    assert run(["analyse", str(folder), "--pictures"]) == 0
    assert "0 pictures in" in capsys.readouterr().out
    assert run(["analyse", str(folder), "--pictures", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["pictures"] == 0


def test_a_study_in_use_can_be_analysed(folder: Path) -> None:
    with Study.open(folder):
        assert run(["analyse", str(folder)]) == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["{study}", "--submitit-option", "partition=short"], "--submitit beside it"),
        (["nowhere"], "no such study folder: nowhere"),
        (["{study}", "--preset", "best"], "preset is 'best'; expected one of focusstation"),
        (["{study}", "--pictures", "--session", "session-0001"], "--pictures is 'with --session'"),
        (["{study}", "--maps", "best"], "attention preset is 'best'"),
        ([], "argument"),
    ],
)
def test_bad_input_is_one_line_and_status_2(
    folder: Path, arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    given = [argument.format(study=folder) for argument in arguments]
    assert run(["analyse", *given]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1


def test_a_folder_that_is_no_study(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["analyse", str(tmp_path)]) == 2
    assert "not a study" in capsys.readouterr().err


def test_one_session_by_itself(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["analyse", str(folder), "--session", "session-0001", "--json"]) == 0
    (stamp,) = json.loads(capsys.readouterr().out)
    assert stamp["problems"] == ["session-0001: no recording"]
    assert not (folder / "derivatives" / "quality.parquet").exists()
    assert run(["analyse", str(folder), "--session", "session-0001"]) == 0
    assert "without --session" in capsys.readouterr().out
    assert run(["analyse", str(folder), "--session", "session-0009"]) == 2
    assert "session-0009" in capsys.readouterr().err


def test_what_has_not_changed_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["analyse", str(folder), "--jobs", "1", "--no-robustness"]
    for expected in ("now: 1", "now: 0"):
        assert run(arguments) == 0
        assert expected in capsys.readouterr().out
    assert run([*arguments, "--force", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["made"] == 1
