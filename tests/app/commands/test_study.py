from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import imagecodecs
import numpy as np
import pytest

from app.cli import run
from gazecore.study import Study
from tests.gazecore.recording.material import write_gaze

if TYPE_CHECKING:
    from pathlib import Path

    Capture = pytest.CaptureFixture[str]


@pytest.fixture
def folder(tmp_path: Path, capsys: Capture) -> Path:
    made = tmp_path / "膝 knees"
    assert run(["study", "create", str(made), "--seed", "4", "--consent", "raw"]) == 0
    capsys.readouterr()
    return made


def _json(capsys: Capture, *arguments: str) -> Any:
    assert run([*arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def _line(capsys: Capture, *arguments: str) -> str:
    """The one line on stderr of a command that must exit 2."""
    assert run(list(arguments)) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    return lines[0].removeprefix("focusstation: ")


def _image(path: Path, seed: int) -> Path:
    pixels = np.random.default_rng(seed).integers(0, 255, (20, 30), dtype=np.uint8)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(imagecodecs.png_encode(pixels))
    return path


@pytest.mark.parametrize("name", ["", "create", "import", "info", "protocol", "cases", "readers"])
def test_every_command_has_help(name: str, capsys: Capture) -> None:
    assert run(["study", *name.split(), "--help"]) == 0
    assert "Usage" in capsys.readouterr().out


def test_info_says_what_the_study_holds(folder: Path, capsys: Capture) -> None:
    info = _json(capsys, "study", "info", str(folder))
    assert (info["name"], info["cases"], info["consent_level"]) == ("膝 knees", 0, "raw")
    assert run(["study", "info", str(folder)]) == 0
    assert "膝 knees" in capsys.readouterr().out


@pytest.mark.usefixtures("lsl_session")
def test_info_says_simulated_where_a_recording_does(folder: Path, capsys: Capture) -> None:
    with Study.open(folder) as study:
        study.add_reader("r1")
        session = study.start_session("r1")
    assert _json(capsys, "study", "info", str(folder))["simulated"] is False
    write_gaze(session.recording_path)
    info = _json(capsys, "study", "info", str(folder))
    assert (info["recordings"], info["simulated"]) == (1, True)


@pytest.mark.usefixtures("lsl_session")
def test_info_names_recordings_that_were_cut_off(folder: Path, capsys: Capture) -> None:
    with Study.open(folder) as study:
        study.add_reader("r1")
        session = study.start_session("r1")
    assert _json(capsys, "study", "info", str(folder))["cut_off"] == []
    write_gaze(session.recording_path, close=False)
    assert _json(capsys, "study", "info", str(folder))["cut_off"] == [session.session_id]
    with Study.open(folder) as study:
        assert study.note_recovered(session.session_id, ["It was cut off."])
        assert not study.note_recovered(session.session_id, ["It was cut off."])
        assert study.recovered() == [session.session_id]
    session.recording_path.chmod(0o444)
    assert run(["study", "info", str(folder)]) == 0
    assert f"cut_off        {session.session_id}" in capsys.readouterr().out


def test_an_empty_study_says_how_to_go_on(folder: Path, capsys: Capture) -> None:
    assert run(["study", "cases", str(folder)]) == 0
    assert "study import" in capsys.readouterr().out


def test_readers_are_added_and_listed(folder: Path, capsys: Capture) -> None:
    assert run(["study", "readers", str(folder)]) == 0
    assert "no readers yet" in capsys.readouterr().out
    rows = _json(capsys, "study", "readers", str(folder), "--add", "r1", "--dominant-eye", "left")
    assert rows == [
        {
            "reader_id": "r1",
            "dominant_eye": "left",
            "glasses": False,
            "consent_level": None,
            "unread": 0,
        }
    ]
    assert "taken" in _line(capsys, "study", "readers", str(folder), "--add", "r1")
    assert "dominant_eye" in _line(
        capsys, "study", "readers", str(folder), "--add", "r2", "--dominant-eye", "x"
    )


def test_consent_is_changed_by_name(folder: Path, capsys: Capture) -> None:
    assert run(["study", "readers", str(folder), "--add", "r1"]) == 0
    capsys.readouterr()
    rows = _json(capsys, "study", "readers", str(folder), "--change", "r1", "--consent", "maps")
    assert rows[0]["consent_level"] == "maps"
    readers = ["study", "readers", str(folder)]
    assert "reader 'r2'" in _line(capsys, *readers, "--change", "r2", "--consent", "maps")
    assert _line(capsys, *readers, "--change", "r1").startswith("--change needs --consent")
    assert _line(capsys, *readers, "--consent", "raw").startswith("--consent needs --add or --ch")
    assert _json(capsys, *readers)[0]["consent_level"] == "maps"


def test_without_a_command_the_commands_are_named(capsys: Capture) -> None:
    line = _line(capsys, "study")
    assert line == "study: choose one of create, import, info, protocol, cases, readers"


def test_the_protocol_is_shown_and_changed(folder: Path, capsys: Capture) -> None:
    shown = _json(capsys, "study", "protocol", str(folder), "--set", "breaks.minutes=3")
    assert shown["protocol"]["breaks"]["minutes"] == 3
    assert shown["protocol"]["order"]["seed"] == 4
    assert "breaks.minutes" in _line(
        capsys, "study", "protocol", str(folder), "--set", "breaks.minutes=long"
    )


def test_images_come_in_and_others_are_named(folder: Path, tmp_path: Path, capsys: Capture) -> None:
    images = tmp_path / "images"
    _image(images / "a.png", 1)
    _image(images / "b.png", 2)
    (images / "notes.txt").write_text("not an image")
    reference = tmp_path / "reference.csv"
    reference.write_text("file,answer\na.png,3\n")
    arguments = ["study", "import", str(folder), str(images), "--reference", str(reference)]
    assert run([*arguments, "--json"]) == 0
    out, err = capsys.readouterr()
    report = json.loads(out)
    assert (report["imported"], report["known"]) == (2, 0)
    assert "notes.txt" in err
    assert run(["study", "import", str(folder), str(images / "notes.txt")]) == 2
    assert "notes.txt" in capsys.readouterr().err
    assert run(["study", "readers", str(folder), "--add", "r1"]) == 0
    capsys.readouterr()
    rows = _json(capsys, "study", "cases", str(folder))
    assert [row["reference_answer"] for row in rows] == ["3", None]
    rows = _json(capsys, "study", "cases", str(folder), "--reader", "r1")
    assert [row["read"] for row in rows] == [False, False]


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["info", "none"], "no such study folder: none"),
        (["info", "."], "not a study"),
        (["create", "file/below"], "cannot write file/below"),
        (["create", "new", "--consent", "all"], "protocol.consent_level is 'all'"),
        (["cases", "none"], "no such study folder"),
        (["import", "none", "x.png"], "no such study folder"),
    ],
)
def test_bad_input_is_one_line(
    arguments: list[str],
    line: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: Capture,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("mine")
    assert _line(capsys, "study", *arguments).startswith(line)
    assert not (tmp_path / "new").exists()


def test_an_occupied_study_can_still_be_looked_at(folder: Path, capsys: Capture) -> None:
    with Study.open(folder):
        assert "in use by process" in _line(capsys, "study", "readers", str(folder), "--add", "r")
        assert _json(capsys, "study", "cases", str(folder)) == []
    assert "reader 'r9'" in _line(capsys, "study", "cases", str(folder), "--reader", "r9")
    assert "no such image or folder" in _line(capsys, "study", "import", str(folder), "none.png")


def test_the_dominant_eye_can_be_changed(folder: Path, capsys: Capture) -> None:
    readers = ("study", "readers", str(folder))
    _json(capsys, *readers, "--add", "r1")
    rows = _json(capsys, *readers, "--change", "r1", "--dominant-eye", "right")
    assert rows[0]["dominant_eye"] == "right"
    assert rows[0]["consent_level"] is None
    assert _line(capsys, *readers, "--dominant-eye", "left").startswith("--dominant-eye needs")
    assert "dominant_eye is 'x'" in _line(capsys, *readers, "--change", "r1", "--dominant-eye", "x")


def test_the_sheet_of_keys_is_printed(folder: Path, capsys: Capture, tmp_path: Path) -> None:
    command = ["study", "protocol", str(folder), "--set", "keys.invert=N"]
    assert _json(capsys, *command, "--keys")["keys"]["N"] == "invert"
    page = tmp_path / "keys.html"
    assert run([*command, "--keys", "--keys-html", str(page)]) == 0
    text = capsys.readouterr().out
    assert ["N", "invert"] in [line.split() for line in text.splitlines()]
    assert "<td><b>N</b></td><td>invert</td>" in page.read_text(encoding="utf-8")


def test_a_key_with_two_meanings_is_refused_in_one_line(folder: Path, capsys: Capture) -> None:
    command = ["study", "protocol", str(folder)]
    line = _line(capsys, *command, "--set", "keys.invert=3")
    assert "another key for invert: 3 answers the form" in line
    line = _line(capsys, *command, "--set", "keys.invert=R")
    assert "another key for rotate_right: R is the key of invert" in line
    missing = str(folder / "no folder" / "keys.html")
    assert "cannot be written" in _line(capsys, *command, "--keys-html", missing)
