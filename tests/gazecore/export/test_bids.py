from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

from gazecore.export import export_study
from gazecore.export.bids import physio_table, write_tsv_gz
from gazecore.geometry import Screen
from gazecore.messages import CaseOpened
from gazecore.recording import read
from gazecore.samples import GazeSamples

if TYPE_CHECKING:
    from gazecore.study import Study

READING_S = 2.0


def _validator() -> Path:
    found = Path(sys.executable).with_name("bids-validator-deno")
    if not found.exists():
        pytest.skip("bids-validator-deno is not installed (pip install 'focusstation[demo]')")
    return found


def test_the_validator_of_bids_accepts_the_export(study: Study, tmp_path: Path) -> None:
    target = tmp_path / "bids"
    export_study(study, format_name="bids", level="raw", target=target)
    finished = subprocess.run(
        [str(_validator()), "--format", "json", str(target)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    report = json.loads(finished.stdout)
    issues = [
        (issue.get("code"), issue.get("subCode"), issue.get("severity"), issue.get("location"))
        for issue in report["issues"]["issues"]
    ]
    assert finished.returncode == 0, issues
    assert [issue for issue in issues if issue[2] == "error"] == []
    assert report["summary"]["totalFiles"] > 20


def _table(path: Path) -> pl.DataFrame:
    sidecar = json.loads(path.with_suffix("").with_suffix(".json").read_text())
    text = gzip.decompress(path.read_bytes())
    return pl.read_csv(
        text, separator="\t", has_header=False, null_values="n/a", new_columns=sidecar["Columns"]
    )


@pytest.fixture
def exported(study: Study, tmp_path: Path) -> Path:
    target = tmp_path / "bids"
    export_study(study, format_name="bids", level="raw", target=target)
    return target


def test_what_the_validator_overlooks_is_there(exported: Path) -> None:
    sidecars = sorted(exported.rglob("*_events.json"))
    assert len(sidecars) == 5
    for path in sidecars:
        shown = json.loads(path.read_text())["StimulusPresentation"]
        assert shown["ScreenSize"] == [pytest.approx(0.5977), pytest.approx(0.3362)]
        assert shown["ScreenDistance"] == 0.65
    physio = sorted(exported.rglob("*_physio.json"))
    assert len(physio) == 10
    for path in physio:
        assert "_recording-eye" in path.name
        document = json.loads(path.read_text())
        assert document["Columns"][:3] == ["timestamp", "x_coordinate", "y_coordinate"]
        assert document["x_coordinate"]["Units"] == document["y_coordinate"]["Units"] == "pixel"
        assert "diameter" in document["pupil_size"]["Description"]
        assert document["SamplingFrequency"] == 100


def test_samples_are_those_of_the_recording(study: Study, exported: Path) -> None:
    recorded = study.sessions()[0].recording_path
    samples = read(recorded).gaze()
    markers = read(recorded).markers()
    opened = [marker.t_s for marker in markers if isinstance(marker, CaseOpened)]
    for number, opened_s in enumerate(opened, start=1):
        inside = samples.between(opened_s, opened_s + READING_S)
        for eye, recording in (("left", "eye1"), ("right", "eye2")):
            (path,) = exported.glob(
                f"sub-r1/ses-0001/beh/*_run-{number:03d}_recording-{recording}_physio.tsv.gz"
            )
            table = _table(path)
            assert len(table) == len(inside) == 200
            xy_norm = inside.left_xy_norm if eye == "left" else inside.right_xy_norm
            valid = inside.left_valid if eye == "left" else inside.right_valid
            found = table.select("x_coordinate", "y_coordinate").to_numpy()
            np.testing.assert_allclose(found[valid], (xy_norm * [1920, 1080])[valid], atol=1e-6)
            assert np.isnan(found[~valid]).all()
            np.testing.assert_allclose(table["timestamp"], inside.t_s - opened_s, atol=1e-6)
            assert table["sequence"].to_list() == inside.sequence.tolist()


def test_simulated_gaze_is_called_simulated(exported: Path) -> None:
    description = json.loads((exported / "dataset_description.json").read_text())
    assert "simulated" in description["Name"]
    assert "simulated" in (exported / "README.md").read_text()
    for path in exported.rglob("*_physio.json"):
        assert json.loads(path.read_text())["Simulated"] is True


def test_calibration_is_that_of_the_eye(exported: Path) -> None:
    left, right = (
        json.loads(next(exported.rglob(f"*recording-{eye}_physio.json")).read_text())
        for eye in ("eye1", "eye2")
    )
    assert left["AverageCalibrationError"] == left["MaximalCalibrationError"] == 0.4
    assert "AverageCalibrationError" not in right  # the right eye was not validated
    assert left["CalibrationType"] == "HV5"


def test_participants_are_the_readers(exported: Path) -> None:
    table = pl.read_csv(exported / "participants.tsv", separator="\t")
    assert table["participant_id"].to_list() == ["sub-r1", "sub-r2"]
    assert table["glasses"].to_list() == ["no", "no"]


def test_equal_tables_give_equal_bytes_without_a_file_name(tmp_path: Path) -> None:
    table = pl.DataFrame({"a": [1.0, None], "b": [2, 3]})
    for name in ("one.tsv.gz", "two.tsv.gz"):
        write_tsv_gz(tmp_path / name, table)
    content = (tmp_path / "one.tsv.gz").read_bytes()
    assert content == (tmp_path / "two.tsv.gz").read_bytes()
    assert content[3] == 0  # no name in the header
    assert content[4:8] == bytes(4)  # no time either
    assert gzip.decompress(content) == b"1.000000\t2\nn/a\t3\n"


def test_a_reading_without_samples_is_an_empty_file(tmp_path: Path) -> None:
    samples = GazeSamples.from_channels([], np.empty((0, 27)))
    table = physio_table(samples, Screen(1920, 1080, 600, 340, 650), "left", 0.0)
    assert len(table) == 0
    write_tsv_gz(tmp_path / "none.tsv.gz", table)
    assert gzip.decompress((tmp_path / "none.tsv.gz").read_bytes()) == b""
