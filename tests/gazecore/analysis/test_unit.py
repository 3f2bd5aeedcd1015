"""One session to its files, and killed on the way."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import polars as pl
import pytest

from gazecore.analysis import analyse_study
from gazecore.analysis.settings import AnalysisSettings
from gazecore.analysis.stamp import read_stamp
from gazecore.analysis.unit import analyse_recording
from gazecore.errors import UnknownRecordError
from gazecore.processes import child_environment

if TYPE_CHECKING:
    from gazecore.study import Study

BRIEF = AnalysisSettings(robustness=False)
PROGRAM = """\
import sys
from gazecore.analysis import AnalysisSettings, analyse_study
from gazecore.study import Study
with Study.open(sys.argv[1], read_only=True) as study:
    analyse_study(study, AnalysisSettings(robustness=False))
"""


def test_a_session_by_itself_makes_its_files_alone(study: Study) -> None:
    stamp = analyse_recording(study.path, "session-0002", AnalysisSettings())
    assert [reading.reading_id for reading in stamp.readings] == [
        "reading-000003",
        "reading-000004",
    ]
    assert all(reading.usable for reading in stamp.readings)
    assert stamp.problems == ()
    found = {str(p.relative_to(study.derivatives)) for p in study.derivatives.rglob("*.*")}
    assert found == {*stamp.files, "sessions/session-0002.json"}
    quality = pl.read_parquet(study.derivatives / "quality" / "session-0002.parquet")
    assert quality["session_id"].unique().to_list() == ["session-0002"]
    assert quality["reader_id"].unique().to_list() == ["r2"]


def test_a_reading_that_is_gone_takes_its_map_along(study: Study) -> None:
    analyse_recording(study.path, "session-0001", AnalysisSettings(robustness=False))
    place = study.derivatives / "attention" / "reading-000002.npz"
    assert place.is_file()
    with study._database.change("reading removed", "reading-000002") as connection:
        connection.execute("DELETE FROM readings WHERE reading_id = 'reading-000002'")
    stamp = analyse_recording(study.path, "session-0001", AnalysisSettings(robustness=False))
    assert stamp.problems == ("session-0001: reading-000002 is recorded but not in the study",)
    assert not place.exists()


def test_what_an_unreadable_recording_gave_before_stays_but_does_not_count(study: Study) -> None:
    analyse_study(study, BRIEF)
    path = study.session("session-0001").recording_path
    path.chmod(0o644)
    path.write_bytes(b"something else")
    stamp = analyse_recording(study.path, "session-0001", BRIEF)
    assert not stamp.analysed
    assert len(stamp.problems) == 1
    assert (study.derivatives / "gaze" / "session-0001.parquet").is_file()
    assert analyse_study(study, BRIEF).readings == 2


def test_a_session_that_the_study_does_not_have(study: Study) -> None:
    with pytest.raises(UnknownRecordError, match="session-0099"):
        analyse_recording(study.path, "session-0099", AnalysisSettings())


@pytest.mark.parametrize("files", [1, 5, 9])
def test_killed_at_any_instant_the_next_analysis_completes_it(study: Study, files: int) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(study.path)], env=child_environment()
    )
    until_s = time.monotonic() + 30
    while len(_files(study)) < files and time.monotonic() < until_s:
        time.sleep(0.0005)
    child.kill()
    assert child.wait() == -signal.SIGKILL
    for name in ("session-0001", "session-0002"):
        stamp = read_stamp(study.derivatives, name)
        for file, size in (stamp.files if stamp else {}).items():
            assert (study.derivatives / file).stat().st_size == size
    analyse_study(study, BRIEF)
    after = {name: study.derivatives / name for name in _files(study)}
    tables = {name: p.read_bytes() for name, p in after.items() if p.suffix == ".parquet"}
    for path in after.values():
        path.unlink()
    analyse_study(study, BRIEF)
    assert _files(study) == set(after)
    assert all((study.derivatives / name).read_bytes() == was for name, was in tables.items())


def _files(study: Study) -> set[str]:
    found = study.derivatives.rglob("*")
    return {str(p.relative_to(study.derivatives)) for p in found if p.is_file()}
