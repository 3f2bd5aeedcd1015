from __future__ import annotations

import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from gazecore.analysis import analyse_study
from gazecore.errors import (
    ConsentError,
    InputError,
    InvalidSettingError,
    TargetExistsError,
    UnwritablePathError,
)
from gazecore.export import EXPORTERS, export_study
from gazecore.export.manifest import check_manifest
from gazecore.processes import child_environment
from gazecore.study import Study
from gazecore.study.protocol import CONSENT_LEVELS, changed_protocol

if TYPE_CHECKING:
    from pathlib import Path

    from gazecore.study.protocol import ConsentLevel


def _export(study: Study, target: Path, level: ConsentLevel = "raw") -> None:
    export_study(study, format_name="bids", level=level, target=target)


def test_an_export_is_complete_with_its_manifest(study: Study, tmp_path: Path) -> None:
    target = tmp_path / "new" / "出"
    report = export_study(study, format_name="bids", level="raw", target=target)
    manifest = check_manifest(target)
    files = [path for path in target.rglob("*") if path.is_file()]
    assert report.files == len(files) == len(manifest["files"]) + 1
    assert report.readings == manifest["readings"] == 5
    assert (report.readers, report.excluded) == (("r-1", "r2"), ())
    assert [path.name for path in target.parent.iterdir()] == ["出"]


def test_equal_studies_give_equal_bytes(study: Study, tmp_path: Path) -> None:
    for name in ("a", "b"):
        _export(study, tmp_path / name)
    assert check_manifest(tmp_path / "a") == check_manifest(tmp_path / "b")


def test_an_existing_target_is_left_alone(study: Study, tmp_path: Path) -> None:
    target = tmp_path / "mine"
    target.mkdir()
    with pytest.raises(TargetExistsError):
        _export(study, target)
    assert list(target.iterdir()) == []


def test_an_unwritable_target_is_one_line(study: Study, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UnwritablePathError, match="--out"):
        _export(study, tmp_path / "file" / "below")


def test_a_format_without_the_level_names_its_levels(study: Study, tmp_path: Path) -> None:
    with pytest.raises(InvalidSettingError, match="expected raw, the levels of the format bids"):
        _export(study, tmp_path / "out", "maps")
    assert not (tmp_path / "out").exists()


def test_a_failed_export_leaves_nothing(study: Study, tmp_path: Path) -> None:
    recording = study.sessions()[1].recording_path
    recording.unlink()
    recording.write_bytes(b"no recording")
    before = sorted(path.name for path in tmp_path.iterdir())
    with pytest.raises(InputError, match="session-0002"):
        _export(study, tmp_path / "out")
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_a_missing_recording_is_reported(study: Study, tmp_path: Path) -> None:
    study.sessions()[1].recording_path.unlink()
    report = export_study(study, format_name="bids", level="raw", target=tmp_path / "out")
    assert report.unrecorded == ("session-0002",)
    assert report.readings == 3
    assert check_manifest(tmp_path / "out")["sessions_without_recording"] == ["session-0002"]


def test_readers_who_did_not_consent_are_left_out(study: Study, tmp_path: Path) -> None:
    study.add_reader("r3", consent_level="maps")
    report = export_study(study, format_name="bids", level="raw", target=tmp_path / "out")
    assert report.excluded == ("r3",)
    names = " ".join(path.name for path in (tmp_path / "out").rglob("*"))
    assert "r3" not in names
    study.set_protocol(changed_protocol(study.protocol, {"consent_level": "fixations"}))
    with pytest.raises(ConsentError, match="raw; the most allowed is fixations"):
        _export(study, tmp_path / "second")


def test_a_study_without_readers_has_nothing_to_export(tmp_path: Path) -> None:
    protocol = changed_protocol(None, {"consent_level": "raw"})
    with (
        Study.create(tmp_path / "empty", protocol=protocol) as study,
        pytest.raises(InputError, match="no readers yet"),
    ):
        _export(study, tmp_path / "out")


def test_exports_hold_no_path_and_no_wall_clock(study: Study, tmp_path: Path) -> None:
    target = tmp_path / "canary-target"
    _export(study, target)
    year = study.sessions()[0].started_utc[:10].encode()
    for path in target.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert str(tmp_path).encode() not in content
            assert b"canary" not in content
            assert year not in content


def test_what_killed_exports_left_aside_is_swept(study: Study, tmp_path: Path) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    left = tmp_path / f".out.partial-{gone.pid}"
    alive = tmp_path / ".out.partial-1"
    for folder in (left, alive):
        (folder / "sub").mkdir(parents=True)
    _export(study, tmp_path / "out")
    assert not left.exists()
    assert alive.exists()


def test_every_format_takes_what_the_analysis_makes(study: Study, tmp_path: Path) -> None:
    assert analyse_study(study).fixations > 10
    for name in EXPORTERS:
        for level in CONSENT_LEVELS:
            target = tmp_path / f"{name}-{level}"
            try:
                report = export_study(study, format_name=name, level=level, target=target)
            except InvalidSettingError:  # the format does not have this level
                assert not target.exists()
            else:
                assert report.files == len(check_manifest(target)["files"]) + 1 >= 3
    assert len(list(tmp_path.glob("*-*"))) == 9


EXPORT = """
import sys
from pathlib import Path
from gazecore.export import EXPORTERS, export_study
from gazecore.study import Study
study = Study.open(Path(sys.argv[1]), read_only=True)
print("go", flush=True)
export_study(study, format_name="bids", level="raw", target=Path(sys.argv[2]))
"""


def test_kill_9_leaves_the_target_absent_or_complete(study: Study, tmp_path: Path) -> None:
    study.close()
    outcomes = set()
    for turn in range(4):
        target = tmp_path / f"out-{turn}"
        with subprocess.Popen(
            [sys.executable, "-c", EXPORT, str(study.path), str(target)],
            stdout=subprocess.PIPE,
            env=child_environment(),
        ) as running:
            assert running.stdout is not None
            running.stdout.readline()
            time.sleep(0.06 * turn)
            running.send_signal(signal.SIGKILL)
        if target.exists():
            check_manifest(target)
        outcomes.add(target.exists())
    assert False in outcomes
    with Study.open(study.path) as again:  # what a killed export left aside is no hindrance
        _export(again, tmp_path / "out-0-again")
