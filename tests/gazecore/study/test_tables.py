from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from gazecore.study.tables import TABLES


def test_the_tables_hold_what_may_be_and_nothing_else() -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        for statement in TABLES:
            connection.execute(statement)
        insert = "INSERT INTO cases VALUES ('case-0001', 'a.png', ?, 2, 'ab', NULL, ?, 'now')"
        for width, simulated in ((0, 0), (3, 2), ("wide", 0), (None, 0)):
            with pytest.raises(sqlite3.IntegrityError):
                connection.execute(insert, (width, simulated))
        connection.execute(insert, (3, 0))


def test_the_audit_only_grows() -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        for statement in TABLES:
            connection.execute(statement)
        connection.execute("INSERT INTO audit VALUES (NULL, 'now', 'p', 'a', 's', '{}')")
        for statement in ("DELETE FROM audit", "UPDATE audit SET action = 'b'"):
            with pytest.raises(sqlite3.IntegrityError, match="audit is never"):
                connection.execute(statement)
