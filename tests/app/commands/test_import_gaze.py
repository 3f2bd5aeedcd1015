from __future__ import annotations

import json
from typing import TYPE_CHECKING

import imagecodecs
import numpy as np
import polars as pl
import pytest

from app.cli import run
from gazecore.study import Study

if TYPE_CHECKING:
    from pathlib import Path

    Capture = pytest.CaptureFixture[str]


@pytest.fixture
def data_set(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    (folder / "main_data").mkdir(parents=True)
    (folder / "gaze_data" / "one").mkdir(parents=True)
    (folder / "a.png").write_bytes(imagecodecs.png_encode(np.eye(20, dtype=np.uint8)))
    row = {"id": "one", "image": "a.png", "dicom_id": "?", "reader": "r5", "answer_grade": "3"}
    pl.DataFrame([row]).write_csv(folder / "main_data" / "metadata_phase_1.csv")
    columns = {"timestamp_sample": [0.0, 0.01], "x_position": [3.0, 4.0], "y_position": [5.0, 5.0]}
    edges = {"xmin": 0, "ymin": 0, "xmax": 20, "ymax": 20}
    columns |= {f"{side}_shown_from_image": [edge] * 2 for side, edge in edges.items()}
    columns |= {f"{side}_in_screen_coordinates": [edge * 9] * 2 for side, edge in edges.items()}
    columns |= {"window_level": [0.5, 0.5], "window_width": [1.0, 1.0]}
    pl.DataFrame(columns).write_csv(folder / "gaze_data" / "one" / "gaze.csv")
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    Study.create(tmp_path / "study").close()
    return tmp_path / "study"


def test_a_data_set_comes_in_with_reader_and_answer(
    data_set: Path, folder: Path, capsys: Capture
) -> None:
    arguments = ["import-gaze", str(data_set), "--format", "reflacx", "--study", str(folder)]
    assert run([*arguments, "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report == {
        "readers": ["r5"],
        "sessions": ["session-0001"],
        "readings": 1,
        "simulated": False,
    }
    with Study.open(folder, read_only=True) as study:
        assert study.readings()[0].answers == {"grade": "3"}
        assert study.sessions()[0].recording_path.is_file()
    assert run(arguments) == 0  # a second time it is a second session; nothing is overwritten
    assert "session-0002" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"--format": "egd"}, "importing egd is not there yet; reflacx is there"),
        ({"--format": "coco-search"}, "importing coco-search is not there yet"),
        ({"--format": "bids"}, "importing bids is not there yet"),
        ({"--format": "spss"}, "--format is 'spss'; expected reflacx"),
        ({"--study": "none"}, "no such study folder: none"),
        ({"data": "none"}, "no such folder: none"),
        ({"data": "study"}, "not in the layout of REFLACX: study"),
    ],
)
def test_bad_input_is_one_line(
    changes: dict[str, str],
    line: str,
    data_set: Path,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: Capture,
) -> None:
    monkeypatch.chdir(folder.parent)
    options = {"--format": "reflacx", "--study": "study", **changes}
    data = options.pop("data", data_set.name)
    assert run(["import-gaze", data, *(word for pair in options.items() for word in pair)]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert lines[0].removeprefix("focusstation: ").startswith(line)


def test_help_is_there(capsys: Capture) -> None:
    assert run(["import-gaze", "--help"]) == 0
    assert "reflacx" in capsys.readouterr().out
