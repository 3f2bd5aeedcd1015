from __future__ import annotations

import json
from typing import TYPE_CHECKING

import imagecodecs
import numpy as np
import pytest

from app.cli import run
from gazecore.export.manifest import check_manifest
from gazecore.study import Study
from gazecore.study.protocol import changed_protocol
from tests.gazecore.export.recordings import read_cases

if TYPE_CHECKING:
    from pathlib import Path

    Capture = pytest.CaptureFixture[str]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A study whose two readers consented to different levels and have read nothing yet."""
    protocol = changed_protocol(None, {"consent_level": "raw"})
    with Study.create(tmp_path / "study", name="knees", protocol=protocol) as study:
        study.add_reader("r1")
        study.add_reader("r2", consent_level="maps")
    return tmp_path / "study"


def test_help_names_formats_and_levels(capsys: Capture) -> None:
    assert run(["export", "--help"]) == 0
    text = capsys.readouterr().out
    for word in ("bids", "reflacx", "egd", "coco-search", "parquet", "maps", "fixations", "raw"):
        assert word in text


def test_an_export_reports_what_it_wrote(folder: Path, tmp_path: Path, capsys: Capture) -> None:
    arguments = ["export", str(folder), "--format", "bids", "--level", "raw"]
    assert run([*arguments, "--out", str(tmp_path / "out"), "--json"]) == 0
    out, err = capsys.readouterr()
    report = json.loads(out)
    assert report["readers"] == ["r1"]
    assert report["excluded"] == ["r2"]
    assert "r2 did not consent" in err
    assert report["files"] == len(check_manifest(tmp_path / "out")["files"]) + 1
    assert run([*arguments, "--out", str(tmp_path / "text")]) == 0
    assert "0 readings of 1 readers as bids" in capsys.readouterr().out


@pytest.mark.usefixtures("lsl_session")
def test_what_is_simulated_is_said(folder: Path, tmp_path: Path, capsys: Capture) -> None:
    image = tmp_path / "a.png"
    image.write_bytes(imagecodecs.png_encode(np.zeros((40, 60), np.uint8)))
    with Study.open(folder) as study:
        study.import_images([image])
        study.add_reader("r3")
        read_cases(study, "r3", 1)
    arguments = ["export", str(folder), "--format", "bids", "--level", "raw", "--out"]
    assert run([*arguments, str(tmp_path / "text")]) == 0
    assert "1 simulated readings of 2 readers as bids" in capsys.readouterr().out
    assert run([*arguments, str(tmp_path / "json"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["simulated"] is True


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"--level": "maps"}, "--level is 'maps'; expected raw, the levels of the format bids"),
        ({"--level": "all"}, "--level is 'all'; expected one of maps, fixations, raw"),
        ({"--format": "spss"}, "--format is 'spss'; expected one of bids"),
        ({"--format": "coco-search"}, "--level is 'raw'; expected fixations, the levels of"),
        ({"study": "none"}, "no such study folder"),
        ({"--out": "study"}, "study exists already"),
        ({"--out": "file/below"}, "cannot write file/below: "),
        ({"--format": "parquet", "--level": "maps"}, "no attention maps in study; run 'focusst"),
    ],
)
def test_bad_input_is_one_line(
    changes: dict[str, str],
    line: str,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: Capture,
) -> None:
    monkeypatch.chdir(folder.parent)
    (folder.parent / "file").write_text("mine")
    before = sorted(path.name for path in folder.parent.iterdir())
    options = {"--format": "bids", "--level": "raw", "--out": "out", **changes}
    study = options.pop("study", folder.name)
    assert run(["export", study, *(word for pair in options.items() for word in pair)]) == 2
    lines = [x for x in capsys.readouterr().err.splitlines() if x.startswith("focusstation:")]
    assert len(lines) == 1
    assert lines[0].removeprefix("focusstation: ").startswith(line)
    assert sorted(path.name for path in folder.parent.iterdir()) == before
