"""Where older studies become today's: one step per version, applied after a backup.

To change ``study.toml`` or ``study.db`` in a way that old files do not fit: raise the version
here, add the step from the version before to the table below it, and describe it in
``docs/schemas.md``. A step never loses a value.
"""

from __future__ import annotations

import copy
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from typing import TYPE_CHECKING, Any

from gazecore.errors import NewerSchemaError

if TYPE_CHECKING:
    from pathlib import Path

SETTINGS_VERSION = 1
DATABASE_VERSION = 1

Document = dict[str, Any]
SettingsSteps = Mapping[int, Callable[[Document], Document]]
DatabaseSteps = Mapping[int, tuple[str, ...]]

SETTINGS_MIGRATIONS: SettingsSteps = {}
"""From version n to n + 1: what to do with the parsed document."""

DATABASE_MIGRATIONS: DatabaseSteps = {}
"""From version n to n + 1: the statements that change the tables."""


def migrate_settings(document: Document, steps: SettingsSteps) -> Document:
    """Apply the steps from the document's version on, in memory; each raises it by one."""
    migrated = copy.deepcopy(document)
    while (version := int(migrated["schema_version"])) in steps:
        migrated = steps[version](migrated)
        migrated["schema_version"] = version + 1
    return migrated


def migrate_database(
    connection: sqlite3.Connection,
    path: Path,
    steps: DatabaseSteps = DATABASE_MIGRATIONS,
    known: int = DATABASE_VERSION,
) -> list[int]:
    """Bring an open database to version `known`, each step in one transaction.

    Returns
    -------
    list of int
        The versions left behind; a backup ``study.db.v<n>.bak`` holds the first of them.

    Raises
    ------
    NewerSchemaError
        The database is newer than this program; nothing was changed.
    """
    found = database_version(connection)
    if found > known:
        raise NewerSchemaError(path, found, known)
    if found < known:
        backup_database(connection, path.with_name(f"{path.name}.v{found}.bak"))
    done = []
    for version in range(found, known):
        connection.execute("BEGIN IMMEDIATE")
        try:
            for statement in steps[version]:
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {version + 1}")
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")
        done.append(version)
    return done


def database_version(connection: sqlite3.Connection) -> int:
    """The schema version that the database says it has."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def backup_database(connection: sqlite3.Connection, target: Path) -> None:
    """Copy the whole database, journal included, to `target`."""
    with closing(sqlite3.connect(target)) as copy_of:
        connection.backup(copy_of)
