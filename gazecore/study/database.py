"""``study.db``: one connection, changes that are all or nothing, each with its audit row."""

from __future__ import annotations

import json
import sqlite3
import threading
from contextlib import closing, contextmanager
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from gazecore import __version__
from gazecore.errors import (
    DamagedFileError,
    NewerSchemaError,
    ReadOnlyStudyError,
    UnwritablePathError,
)
from gazecore.study.migrations import DATABASE_VERSION, database_version, migrate_database
from gazecore.study.tables import APPLICATION_ID, TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DATABASE_FILE = "study.db"


def now_utc() -> str:
    """The wall clock as ISO 8601 in UTC, to the millisecond."""
    return datetime.now(timezone.utc).isoformat(timespec="milliseconds")


class StudyDatabase:
    """The connection to a study's database; usable from several threads, one at a time.

    A change is on the disk when its call returns (``synchronous=FULL``); what is deleted is
    overwritten (``secure_delete``).
    """

    def __init__(self, connection: sqlite3.Connection, path: Path, *, read_only: bool) -> None:
        self._connection = connection
        self._path = path
        self._read_only = read_only
        self._lock = threading.RLock()

    @classmethod
    def create(cls, folder: Path) -> StudyDatabase:
        """Make the tables in a new file.

        Raises
        ------
        UnwritablePathError
            The disk is full or takes no file.
        """
        path = folder / DATABASE_FILE
        try:
            connection = _connect(path, "rwc")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute("BEGIN IMMEDIATE")
            for statement in TABLES:
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {DATABASE_VERSION}")
            connection.execute("COMMIT")
        except sqlite3.DatabaseError as error:
            raise _explained(error, path) from error
        return cls(connection, path, read_only=False)

    @classmethod
    def open(cls, folder: Path, *, read_only: bool) -> StudyDatabase:
        """Open a database that exists; an older one is migrated after a backup.

        Raises
        ------
        DamagedFileError, NewerSchemaError, UnwritablePathError
        """
        path = folder / DATABASE_FILE
        if not path.is_file():
            raise DamagedFileError(path, "it is missing")
        connection: sqlite3.Connection | None = None
        try:
            connection = _connect_read_only(path) if read_only else _connect(path, "rw")
            _check(connection, path)
            migrated = [] if read_only else migrate_database(connection, path)
        except BaseException as error:
            if connection is not None:
                connection.close()
            if isinstance(error, sqlite3.DatabaseError):
                raise _explained(error, path) from error
            raise
        database = cls(connection, path, read_only=read_only)
        for version in migrated:
            with database.change("schema migrated", DATABASE_FILE, from_version=version):
                pass
        return database

    @contextmanager
    def change(self, action: str, subject: str, **detail: object) -> Iterator[sqlite3.Connection]:
        """A transaction that ends with its row in the audit table, or leaves no trace."""
        if self._read_only:
            raise ReadOnlyStudyError(self._path.parent)
        with self._lock:
            self._execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute(
                    "INSERT INTO audit (at_utc, program, action, subject, detail) "
                    "VALUES (?, ?, ?, ?, ?)",
                    (now_utc(), f"focusstation {__version__}", action, subject, _json(detail)),
                )
                self._connection.execute("COMMIT")
            except sqlite3.DatabaseError as error:
                self._roll_back()
                raise _explained(error, self._path) from error
            except BaseException:
                self._roll_back()
                raise

    def _roll_back(self) -> None:
        if self._connection.in_transaction:  # a full disk rolls back by itself
            self._connection.execute("ROLLBACK")

    def rows(self, query: str, values: tuple[object, ...] = ()) -> list[sqlite3.Row]:
        """All rows of a query."""
        with self._lock:
            return list(self._execute(query, values))

    def close(self) -> None:
        """Close the connection; the journal is folded into the file."""
        with self._lock:
            self._connection.close()

    def _execute(self, statement: str, values: tuple[object, ...] = ()) -> sqlite3.Cursor:
        try:
            return self._connection.execute(statement, values)
        except sqlite3.DatabaseError as error:
            raise _explained(error, self._path) from error


def _json(detail: dict[str, object]) -> str:
    return json.dumps(detail, ensure_ascii=False, sort_keys=True)


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?{mode if '=' in mode else f'mode={mode}'}",
        uri=True,
        timeout=10.0,
        isolation_level=None,
        check_same_thread=False,
    )
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA secure_delete = ON")
    return connection


def _connect_read_only(path: Path) -> sqlite3.Connection:
    """A read-only connection; on a medium that takes no journal, the file as it lies there."""
    connection = _connect(path, "ro")
    try:
        database_version(connection)
    except sqlite3.OperationalError:
        connection.close()
        journal = path.with_name(f"{path.name}-wal")
        if journal.exists() and journal.stat().st_size:
            raise
        connection = _connect(path, "immutable=1")
    return connection


def _check(connection: sqlite3.Connection, path: Path) -> None:
    identity = connection.execute("PRAGMA application_id").fetchone()[0]
    if identity != APPLICATION_ID:
        raise DamagedFileError(path, "it is not the database of a study")
    version = database_version(connection)
    if version > DATABASE_VERSION:
        raise NewerSchemaError(path, version, DATABASE_VERSION)
    with closing(connection.execute("PRAGMA quick_check(1)")) as found:
        verdict = found.fetchone()[0]
    if verdict != "ok":
        raise DamagedFileError(path, str(verdict).splitlines()[0])


def _explained(error: sqlite3.DatabaseError, path: Path) -> Exception:
    """What a failure of SQLite means to the user."""
    code: Any = getattr(error, "sqlite_errorname", "")  # Python >= 3.11
    text = str(error)
    if "FULL" in code or "disk is full" in text:
        return UnwritablePathError(path, "the disk is full", "make room and try again")
    if "READONLY" in code or "readonly" in text or "unable to open" in text:
        return UnwritablePathError(path, text, "open the study read-only")
    if "locked" in text:
        return UnwritablePathError(path, text, "close the other program")
    if isinstance(error, sqlite3.IntegrityError | sqlite3.ProgrammingError):
        return error
    return DamagedFileError(path, text)
