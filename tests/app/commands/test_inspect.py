"""`focusstation inspect` judges every file in one line each and exits 0."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import imagecodecs
import numpy as np
import pydicom
import pytest

from app import cli
from app.commands.inspect import describe
from gazecore.synthetic.knees import make_knee, write_dicom

if TYPE_CHECKING:
    from pathlib import Path


def test_one_json_line_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    knee, text, gray = tmp_path / "knee.dcm", tmp_path / "text.dcm", tmp_path / "gray.png"
    write_dicom(knee, make_knee(1, 2, (128, 96)))
    text.write_text("not an image\n" * 30)
    gray.write_bytes(imagecodecs.png_encode(np.zeros((4, 6), np.uint8)))
    files = [str(p) for p in (knee, text, tmp_path / "missing", gray, tmp_path)]
    assert cli.run(["inspect", "--json", *files]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["file"] for line in lines] == files
    assert [line["shown"] for line in lines] == [True, False, False, True, False]
    assert lines[0]["simulated"]
    assert (lines[0]["width_px"], lines[0]["height_px"]) == (96, 128)
    assert [w["name"] for w in lines[0]["windows"]] == ["BONE", "SOFT TISSUE"]
    assert [lines[n]["refused"] for n in (1, 2, 4)] == [
        "NotAnImageError",
        "MissingPathError",
        "NotAnImageError",
    ]
    assert lines[3]["source_format"] == "png"


def test_lines_for_people(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    knee, text = tmp_path / "knee.dcm", tmp_path / "text.dcm"
    write_dicom(knee, make_knee(1, 2, (128, 96)), inverted=True)
    text.write_text("not an image")
    assert cli.run(["inspect", str(knee), str(text)]) == 0
    shown, refused = capsys.readouterr().out.splitlines()
    assert "dicom CR; 96 x 128, 12 bit; MONOCHROME1; window 2195/3200 LINEAR; SIMULATED" in shown
    assert refused.startswith(f"{text}: refused: ")


def test_names_that_are_no_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = os.path.join(os.fsencode(tmp_path), b"knee-\xff.dcm")
    with open(path, "wb") as file:
        file.write(imagecodecs.png_encode(np.zeros((4, 6), np.uint8)))
    assert cli.run(["inspect", os.fsdecode(path)]) == 0
    assert "shown: png; 6 x 4" in capsys.readouterr().out


def test_hostile_names_and_texts_stay_on_their_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = "knee\n\x1b[31mred\u202e.dcm"
    path = tmp_path / name
    write_dicom(path, make_knee(1, 2, (128, 96)))
    dataset = pydicom.dcmread(path)
    dataset.PatientName = "Doe^Jane"
    dataset.add_new("Modality", "LO", "CR\x1b]0;t\x07")
    dataset.WindowCenterWidthExplanation = ["Jane\x1b[2J", "SOFT"]
    dataset.save_as(path)
    assert cli.run(["inspect", str(path), str(tmp_path / "gone\r\x07")]) == 0
    assert cli.run(["inspect", "--json", str(path)]) == 0
    shown, gone, as_json = capsys.readouterr().out.splitlines()
    assert "knee??[31mred?.dcm: shown: dicom; 96 x 128" in shown
    assert "gone??: refused: no such file" in gone
    assert (shown + gone + as_json).isprintable()
    assert "Jane" not in as_json
    assert [w["name"] for w in json.loads(as_json)["windows"]] == ["window 1", "SOFT"]


def test_voi_luts_are_named() -> None:
    verdict = {
        "file": "x", "shown": True, "source_format": "dicom", "modality": "DX", "width_px": 1,
        "height_px": 1, "bits_stored": 8, "photometric": "MONOCHROME2", "simulated": False,
        "warnings": ["overlay not shown"], "default_window": {"voi_index": 0},
    }  # fmt: skip
    assert describe(verdict).endswith("VOI LUT 1; overlay not shown")


def test_no_files(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["inspect"]) == 2
    assert "Missing argument" in capsys.readouterr().err


@pytest.mark.data
def test_fuzzed_files(local_data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = sorted(str(p) for p in (local_data / "dicom").glob("*/*"))
    assert cli.run(["inspect", "--json", *files]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["file"] for line in lines] == files
    assert all(line["shown"] or line["reason"] for line in lines)
    assert not any("died" in line.get("reason", "") for line in lines)
