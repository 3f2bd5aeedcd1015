from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from gazecore.errors import (
    DamagedFileError,
    NewerSchemaError,
    ReadOnlyStudyError,
    UnwritablePathError,
)
from gazecore.study.database import DATABASE_FILE, StudyDatabase, now_utc

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ADD = "INSERT INTO readers VALUES (?, 'left', 0, NULL, 'now')"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[StudyDatabase]:
    made = StudyDatabase.create(tmp_path)
    yield made
    made.close()


def test_the_settings_of_the_connection(database: StudyDatabase) -> None:
    def pragma(name: str) -> object:
        return database.rows(f"PRAGMA {name}")[0][0]

    assert pragma("journal_mode") == "wal"
    assert pragma("synchronous") == 2  # FULL
    assert pragma("secure_delete") == 1
    assert pragma("foreign_keys") == 1
    assert pragma("user_version") == 1


def test_a_change_and_its_audit_row_are_one(database: StudyDatabase) -> None:
    with database.change("reader added", "r1", 名="值") as connection:
        connection.execute(ADD, ("r1",))
    with pytest.raises(sqlite3.IntegrityError), database.change("added", "r2") as connection:
        connection.executemany(ADD, [("r2",), ("r1",)])
    assert [row["reader_id"] for row in database.rows("SELECT * FROM readers")] == ["r1"]
    audit = database.rows("SELECT * FROM audit")
    assert [(row["action"], row["detail"]) for row in audit] == [("reader added", '{"名": "值"}')]


def test_a_full_disk_is_one_line_and_loses_nothing(database: StudyDatabase) -> None:
    with database.change("reader added", "r1") as connection:
        connection.execute(ADD, ("r1",))
    pages = database.rows("PRAGMA page_count")[0][0]
    database.rows(f"PRAGMA max_page_count = {pages + 2}")  # SQLite's own "disk is full"
    with (
        pytest.raises(UnwritablePathError, match="disk is full"),
        database.change("filled", "") as connection,
    ):
        connection.executemany(ADD, [(f"reader-{number}",) for number in range(5000)])
    assert [row["reader_id"] for row in database.rows("SELECT * FROM readers")] == ["r1"]
    assert len(database.rows("SELECT * FROM audit")) == 1
    database.rows("PRAGMA max_page_count = 1000000")
    with database.change("reader added", "r2") as connection:
        connection.execute(ADD, ("r2",))


def test_threads_take_turns(database: StudyDatabase) -> None:
    def add(first: int) -> None:
        for number in range(first, first + 10):
            with database.change("reader added", f"r{number}") as connection:
                connection.execute(ADD, (f"r{number}",))

    threads = [threading.Thread(target=add, args=(10 * index,)) for index in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(database.rows("SELECT * FROM readers")) == 40


def test_a_reader_of_the_file_sees_changes_but_makes_none(
    database: StudyDatabase, tmp_path: Path
) -> None:
    second = StudyDatabase.open(tmp_path, read_only=True)
    with database.change("reader added", "r1") as connection:
        connection.execute(ADD, ("r1",))
    assert len(second.rows("SELECT * FROM readers")) == 1
    with pytest.raises(ReadOnlyStudyError), second.change("reader added", "r2"):
        pass
    with pytest.raises(UnwritablePathError):
        second.rows("DELETE FROM readers")
    second.close()


def test_a_medium_that_takes_no_journal_can_be_read(tmp_path: Path) -> None:
    made = StudyDatabase.create(tmp_path)
    made.close()
    (tmp_path / f"{DATABASE_FILE}-shm").mkdir()  # nothing can be made in its place
    opened = StudyDatabase.open(tmp_path, read_only=True)
    assert opened.rows("SELECT * FROM readers") == []
    opened.close()


def test_what_is_no_study_database_is_called_damaged(tmp_path: Path) -> None:
    path = tmp_path / DATABASE_FILE
    for read_only in (True, False):
        with pytest.raises(DamagedFileError, match="missing"):
            StudyDatabase.open(tmp_path, read_only=read_only)
    path.write_bytes(b"no database at all, but long enough" * 40)
    for read_only in (True, False):
        with pytest.raises(DamagedFileError, match="not a database"):
            StudyDatabase.open(tmp_path, read_only=read_only)
    path.unlink()
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE a (b)")
    with pytest.raises(DamagedFileError, match="not the database of a study"):
        StudyDatabase.open(tmp_path, read_only=False)


def test_a_damaged_page_is_found_on_opening(tmp_path: Path) -> None:
    made = StudyDatabase.create(tmp_path)
    with made.change("filled", "") as connection:
        for number in range(2000):
            connection.execute(ADD, (f"reader-{number}",))
    made.close()
    path = tmp_path / DATABASE_FILE
    content = bytearray(path.read_bytes())
    content[-4096 * 3 : -4096 * 2] = bytes([255]) * 4096
    path.write_bytes(content)
    with pytest.raises(DamagedFileError, match=DATABASE_FILE):
        StudyDatabase.open(tmp_path, read_only=False)


@pytest.mark.parametrize("read_only", [True, False])
def test_a_newer_database_is_refused_unchanged(tmp_path: Path, read_only: bool) -> None:
    StudyDatabase.create(tmp_path).close()
    path = tmp_path / DATABASE_FILE
    with closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA user_version = 99")
    before = path.read_bytes()
    with pytest.raises(NewerSchemaError, match="version 99"):
        StudyDatabase.open(tmp_path, read_only=read_only)
    assert path.read_bytes() == before


def test_deleted_values_leave_no_bytes(database: StudyDatabase, tmp_path: Path) -> None:
    with database.change("reader added", "x") as connection:
        connection.execute(ADD, ("canary-1f9d",))
    with database.change("reader removed", "x") as connection:
        connection.execute("DELETE FROM readers")
    database.close()
    assert b"canary-1f9d" not in (tmp_path / DATABASE_FILE).read_bytes()


def test_the_clock_is_utc() -> None:
    assert now_utc().endswith("+00:00")
