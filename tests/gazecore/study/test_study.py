from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from gazecore.errors import (
    DamagedFileError,
    InvalidSettingError,
    MissingPathError,
    NewerSchemaError,
    NotAStudyError,
    ReadOnlyStudyError,
    StudyOccupiedError,
    TargetExistsError,
    UnknownRecordError,
    UnwritablePathError,
)
from gazecore.processes import child_environment
from gazecore.study import Protocol, Study
from gazecore.study.protocol import changed_protocol

if TYPE_CHECKING:
    from pathlib import Path


def test_create_makes_the_folders_and_never_touches_others(tmp_path: Path) -> None:
    with Study.create(tmp_path / "深/knees") as study:
        assert study.name == "knees"
        assert not study.read_only
        assert {path.name for path in study.path.iterdir() if path.is_dir()} == {
            "cases",
            "recordings",
            "derivatives",
            "models",
            "exports",
        }
    with pytest.raises(TargetExistsError):
        Study.create(tmp_path / "深/knees")
    with pytest.raises(TargetExistsError):
        Study.create(tmp_path / "深")  # not empty, though no study
    (tmp_path / "file").write_text("mine")
    with pytest.raises(TargetExistsError):
        Study.create(tmp_path / "file")
    with pytest.raises(UnwritablePathError, match="choose another folder"):
        Study.create(tmp_path / "file" / "below")
    assert (tmp_path / "file").read_text() == "mine"


def test_a_folder_may_be_named_by_text(tmp_path: Path) -> None:
    with Study.create(str(tmp_path / "knees")) as made:
        assert made.path == tmp_path / "knees"
    with Study.open(str(tmp_path / "knees"), read_only=True) as opened:
        assert opened.recordings == tmp_path / "knees" / "recordings"
    with pytest.raises(MissingPathError):
        Study.open(str(tmp_path / "none"))


def test_what_was_stored_is_there_after_reopening(filled: Study) -> None:
    session = filled.start_session("r1")
    reading = filled.start_reading(session.session_id, "case-0001")
    filled.save_answer(reading.reading_id, "grade", "4")
    before = (filled.cases(), filled.readers(), filled.sessions(), filled.readings())
    filled.close()
    filled.close()
    with Study.open(filled.path) as again:
        assert (again.cases(), again.readers(), again.sessions(), again.readings()) == before
        assert again.study_id == filled.study_id


def test_unread_cases_resume_where_the_reader_stopped(filled: Study) -> None:
    order = filled.case_order("r1")
    session_id = filled.start_session("r1").session_id
    for case_id, state in zip(order, ("answered", "skipped", "stopped"), strict=False):
        reading_id = filled.start_reading(session_id, case_id).reading_id
        filled.finish_reading(reading_id, state)  # type: ignore[arg-type]
    assert filled.unread_cases("r1") == [order[2], order[3], order[1]]
    filled.add_reader("r2")
    assert filled.unread_cases("r2") == filled.case_order("r2")


def test_consent_is_the_lower_of_protocol_and_reader(study: Study) -> None:
    study.add_reader("r2", consent_level="maps")
    assert study.consent_of("r1") == "fixations"
    study.set_protocol(changed_protocol(study.protocol, {"consent_level": "raw"}))
    assert (study.consent_of("r1"), study.consent_of("r2")) == ("raw", "maps")
    with pytest.raises(UnknownRecordError):
        study.consent_of("r3")


def test_a_change_of_the_protocol_is_kept_and_audited(study: Study) -> None:
    study.set_protocol(study.protocol)
    assert "protocol changed" not in [entry.action for entry in study.audit()]
    study.set_protocol(changed_protocol(study.protocol, {"order.seed": "5"}))
    assert study.protocol.order.seed == 5
    assert study.audit()[-1].action == "protocol changed"
    assert study.audit()[-1].detail == {"parts": ["order"]}
    with Study.open(study.path, read_only=True) as again:
        assert again.protocol == study.protocol


def test_answers_outside_the_form_are_refused(filled: Study) -> None:
    reading = filled.start_reading(filled.start_session("r1").session_id, "case-0001")
    with pytest.raises(InvalidSettingError):
        filled.save_answer(reading.reading_id, "grade", "7")
    assert filled.reading(reading.reading_id).answers == {}


def test_a_second_opener_reads_only(filled: Study) -> None:
    with pytest.raises(StudyOccupiedError, match="read-only"):
        Study.open(filled.path)
    with Study.open(filled.path, read_only=True) as second:
        assert second.read_only
        assert len(second.cases()) == 4
        filled.add_reader("r2")
        assert len(second.readers()) == 2
        for call in (
            lambda: second.add_reader("r3"),
            lambda: second.start_session("r1"),
            lambda: second.set_protocol(Protocol(consent_level="raw")),
        ):
            with pytest.raises(ReadOnlyStudyError):
                call()
    with pytest.raises(StudyOccupiedError):  # the reader's closing frees nothing
        Study.open(filled.path)


def test_what_is_no_study_is_said(tmp_path: Path) -> None:
    with pytest.raises(MissingPathError, match="study folder"):
        Study.open(tmp_path / "none")
    with pytest.raises(NotAStudyError):
        Study.open(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("file", ["study.toml", "study.db"])
def test_a_newer_study_is_refused_and_not_locked(study: Study, file: str) -> None:
    study.close()
    if file == "study.toml":
        path = study.path / file
        path.write_text(path.read_text().replace("schema_version = 1", "schema_version = 2"))
    else:
        with closing(sqlite3.connect(study.path / file)) as database:
            database.execute("PRAGMA user_version = 2")
    with pytest.raises(NewerSchemaError):
        Study.open(study.path)
    assert not (study.path / "study.lock").exists()


def test_a_study_without_its_database_is_damaged(study: Study) -> None:
    study.close()
    (study.path / "study.db").unlink()
    with pytest.raises(DamagedFileError, match="missing"):
        Study.open(study.path)
    assert not (study.path / "study.db").exists()


WRITER = """
import sys
from pathlib import Path
from gazecore.study import Study
study = Study.open(Path(sys.argv[1]))
reading = study.start_reading(study.start_session("r1").session_id, "case-0001")
for number in range(10**6):
    study.save_answer(reading.reading_id, "grade", str(number % 5))
    print(number, flush=True)
"""


def test_kill_9_keeps_every_answer_that_was_given(filled: Study) -> None:
    filled.close()
    for _ in range(3):
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, str(filled.path)],
            stdout=subprocess.PIPE,
            env=child_environment(),
        ) as writer:
            assert writer.stdout is not None
            writer.stdout.readline()
            with pytest.raises(StudyOccupiedError, match=f"process {writer.pid}"):
                Study.open(filled.path)
            time.sleep(0.1)
            writer.send_signal(signal.SIGKILL)
            given = [int(line) for line in writer.stdout.read().split()]
        with Study.open(filled.path) as study:
            stored = [entry for entry in study.audit() if entry.action == "answer"]
            reading = study.readings()[-1]
            mine = [entry for entry in stored if entry.subject == reading.reading_id]
            # the last answer may be stored though its line was not yet printed
            assert len(mine) - (given[-1] + 1) in (0, 1)
            assert reading.answers == {"grade": str((len(mine) - 1) % 5)}
            assert study.audit()[-1].action == "lock taken over"


def test_a_dead_holder_is_named_in_the_audit(study: Study) -> None:
    study.close()
    holder = {"pid": os.getpid(), "host": socket.gethostname(), "started_unix_s": 1.0}
    (study.path / "study.lock").write_text(json.dumps(holder))
    with Study.open(study.path) as again:
        assert again.audit()[-1].detail["dead_holder"].startswith(f"process {os.getpid()} on")  # type: ignore[attr-defined]


def test_a_network_share_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import psutil

    shares = [
        type(disk)(disk.device, str(tmp_path), "nfs4", disk.opts)
        for disk in psutil.disk_partitions(all=True)[:1]
    ]
    monkeypatch.setattr(psutil, "disk_partitions", lambda *, all: shares)  # noqa: A006
    with pytest.raises(UnwritablePathError, match="network share"):
        Study.create(tmp_path / "study")
    assert list(tmp_path.iterdir()) == []
