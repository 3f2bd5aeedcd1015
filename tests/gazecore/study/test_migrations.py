from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from gazecore.errors import NewerSchemaError
from gazecore.study import migrations
from gazecore.study.migrations import database_version, migrate_database, migrate_settings
from gazecore.study.settings import SETTINGS_FILE, StudySettings, read_settings, write_settings

if TYPE_CHECKING:
    from pathlib import Path


def _rename(document: dict[str, Any]) -> dict[str, Any]:
    document["new"] = document.pop("old")
    return document


def test_steps_are_applied_one_after_the_other_on_a_copy() -> None:
    document = {"schema_version": 1, "old": 5}
    steps = {1: _rename, 2: lambda d: {**d, "new": d["new"] + 1}}
    assert migrate_settings(document, steps) == {"schema_version": 3, "new": 6}
    assert document == {"schema_version": 1, "old": 5}


def test_an_older_settings_file_is_kept_as_a_backup(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_settings(tmp_path, StudySettings(name="knees"))
    path = tmp_path / SETTINGS_FILE
    old = path.read_text().replace('name = "knees"', 'title = "knees"')
    path.write_text(old)

    def rename(document: dict[str, Any]) -> dict[str, Any]:
        return {**{k: v for k, v in document.items() if k != "title"}, "name": document["title"]}

    monkeypatch.setattr("gazecore.study.settings.SETTINGS_VERSION", 2)
    monkeypatch.setattr("gazecore.study.settings.SETTINGS_MIGRATIONS", {1: rename})
    assert read_settings(tmp_path).name == "knees"
    assert path.read_text() == old  # reading alone changes nothing
    read_settings(tmp_path, may_migrate=True)
    assert (tmp_path / f"{SETTINGS_FILE}.v1.bak").read_text() == old
    assert "schema_version = 2" in path.read_text()


def _database(path: Path, version: int) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("CREATE TABLE cases (case_id TEXT)")
    connection.execute("INSERT INTO cases VALUES ('case-0001')")
    connection.execute(f"PRAGMA user_version = {version}")
    return connection


def test_an_older_database_is_migrated_after_a_backup(tmp_path: Path) -> None:
    path = tmp_path / "study.db"
    steps = {
        1: ("ALTER TABLE cases ADD COLUMN laterality TEXT",),
        2: ("ALTER TABLE cases RENAME COLUMN laterality TO side",),
    }
    with closing(_database(path, 1)) as connection:
        assert migrate_database(connection, path, steps, known=3) == [1, 2]
        assert database_version(connection) == 3
        assert connection.execute("SELECT case_id, side FROM cases").fetchall() == [
            ("case-0001", None)
        ]
    with closing(sqlite3.connect(tmp_path / "study.db.v1.bak")) as backup:
        assert backup.execute("SELECT * FROM cases").fetchall() == [("case-0001",)]
        assert database_version(backup) == 1


def test_a_step_that_fails_leaves_the_database_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "study.db"
    steps = {1: ("ALTER TABLE cases ADD COLUMN laterality TEXT", "nonsense")}
    with closing(_database(path, 1)) as connection:
        with pytest.raises(sqlite3.OperationalError):
            migrate_database(connection, path, steps, known=2)
        assert database_version(connection) == 1
        assert len(connection.execute("PRAGMA table_info(cases)").fetchall()) == 1


def test_a_newer_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "study.db"
    with closing(_database(path, migrations.DATABASE_VERSION + 1)) as connection:
        with pytest.raises(NewerSchemaError):
            migrate_database(connection, path)
        assert [file.name for file in tmp_path.iterdir()] == ["study.db"]
