"""``docs/schemas.md`` names everything that the schemas hold."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from gazecore.analysis.quality_table import QUALITY_SCHEMA
from gazecore.analysis.session_quality import SESSION_QUALITY_SCHEMA
from gazecore.messages import AnyMarker, AnyProgress
from gazecore.samples import GAZE_LABELS
from gazecore.study.settings import StudySettings
from gazecore.study.tables import TABLES

DOCUMENT = (Path(__file__).resolve().parents[3] / "docs" / "schemas.md").read_text()
MESSAGES = "".join(
    re.findall(
        r"^### Markers\n.*?(?=^#)|^## Training progress\n.*", DOCUMENT, re.DOTALL | re.MULTILINE
    )
)
NAMED = set(re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", DOCUMENT, flags=re.DOTALL)))


def _models(union: Any) -> list[type[BaseModel]]:
    return list(get_args(get_args(union)[0]))


@pytest.mark.parametrize(
    "model", _models(AnyMarker) + _models(AnyProgress), ids=lambda model: model.__name__
)
def test_every_message_stands_in_its_row(model: type[BaseModel]) -> None:
    kind = model.model_fields["kind"].default
    (row,) = [line for line in MESSAGES.splitlines() if line.startswith(f"| `{kind}` |")]
    for name in set(model.model_fields) - {"kind", "schema_version", "t_s", "t_unix_s"}:
        assert f"`{name}`" in row, f"{kind}: {name}"


def test_every_column_of_the_database_stands_in_its_row() -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        for statement in TABLES:
            connection.execute(statement)
        tables = [
            row[0]
            for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            if not row[0].startswith("sqlite_")
        ]
        assert len(tables) == 7
        for table in tables:
            (row,) = [line for line in DOCUMENT.splitlines() if line.startswith(f"| `{table}` |")]
            for column in connection.execute(f"PRAGMA table_info({table})"):
                assert f"`{column[1]}`" in row, f"{table}.{column[1]}"


def _setting_names(model: type[BaseModel], start: str = "") -> list[str]:
    names = []
    for name, field in model.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            names += _setting_names(kind, f"{start}{name}.")
        else:
            names.append(f"{start}{name}")
    return names


def test_every_setting_is_named() -> None:
    names = _setting_names(StudySettings)
    assert "protocol.order.seed" in names
    for name in names:
        last = name.rpartition(".")[2]
        assert {name, f"{name}[]", last, f".{last}"} & NAMED, name


def test_every_channel_and_quality_column_is_named() -> None:
    for label in GAZE_LABELS:
        assert {label, re.sub("^(left|right)_", "", label)} & NAMED, label
    assert set(QUALITY_SCHEMA) <= NAMED
    assert set(SESSION_QUALITY_SCHEMA) <= NAMED
