"""``study.toml``: a study's identity and protocol, read strictly and written for humans."""

from __future__ import annotations

import sys
import uuid
from typing import TYPE_CHECKING, Any

import tomlkit
from pydantic import Field, ValidationError

from gazecore.errors import DamagedFileError, InvalidSettingError, NewerSchemaError, NotAStudyError
from gazecore.study.durable import write_durably
from gazecore.study.migrations import SETTINGS_MIGRATIONS, SETTINGS_VERSION, migrate_settings
from gazecore.study.protocol import Protocol, Setting, setting_error

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

if TYPE_CHECKING:
    from pathlib import Path

SETTINGS_FILE = "study.toml"
_HEADING = (
    "A FocusStation study. Change the protocol here while no program has the study open,",
    "or with 'focusstation study protocol'. Each setting is described in docs/schemas.md.",
)


class StudySettings(Setting):
    """All of ``study.toml``."""

    schema_version: int = SETTINGS_VERSION
    study_id: str = Field(default_factory=lambda: uuid.uuid4().hex, pattern=r"^[0-9a-f]{32}$")
    name: str = Field(min_length=1)
    created_utc: str = ""
    protocol: Protocol = Field(default_factory=Protocol)


def read_settings(folder: Path, *, may_migrate: bool = False) -> StudySettings:
    """The settings of the study in `folder`.

    Parameters
    ----------
    folder : Path
        The study's folder.
    may_migrate : bool
        Bring an older file to today's schema on disk, after a backup beside it; without it an
        older file is migrated in memory only.

    Raises
    ------
    NotAStudyError, DamagedFileError, NewerSchemaError, InvalidSettingError
    """
    path = folder / SETTINGS_FILE
    document = _parse(path)
    version = document.get("schema_version")
    if isinstance(version, bool) or not isinstance(version, int) or version < 1:
        raise InvalidSettingError(f"{SETTINGS_FILE}: schema_version", version, "a positive integer")
    if version > SETTINGS_VERSION:
        raise NewerSchemaError(path, version, SETTINGS_VERSION)
    migrated = migrate_settings(document, SETTINGS_MIGRATIONS)
    settings = validated_settings(migrated)
    if may_migrate and version < SETTINGS_VERSION:
        write_durably(path.with_name(f"{SETTINGS_FILE}.v{version}.bak"), path.read_bytes())
        write_settings(folder, settings)
    return settings


def validated_settings(document: dict[str, Any]) -> StudySettings:
    """Settings made of plain values, or `InvalidSettingError` naming the first wrong one."""
    try:
        return StudySettings.model_validate(document)
    except ValidationError as error:
        raise setting_error(error, SETTINGS_FILE) from error


def write_settings(folder: Path, settings: StudySettings) -> None:
    """Write ``study.toml`` whole or not at all; comments that a user wrote stay."""
    path = folder / SETTINGS_FILE
    values = settings.model_dump(mode="json", exclude_none=True)
    if path.exists():
        document = tomlkit.parse(path.read_text(encoding="utf-8"))
        _update(document, values)
    else:
        document = tomlkit.document()
        for line in _HEADING:
            document.add(tomlkit.comment(line))
        _update(document, values)
    write_durably(path, tomlkit.dumps(document).encode())


def settings_text(settings: StudySettings) -> str:
    """The settings as TOML, for showing."""
    return tomlkit.dumps(settings.model_dump(mode="json", exclude_none=True))


def _parse(path: Path) -> dict[str, Any]:
    try:
        return dict(tomllib.loads(path.read_bytes().decode("utf-8")))
    except FileNotFoundError as error:
        raise NotAStudyError(path.parent) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DamagedFileError(path, f"not TOML ({error})") from error


def _update(table: Any, values: dict[str, Any]) -> None:
    """Bring a TOML table to `values` in place; equal values keep their form and comments."""
    for key in [key for key in table if key not in values]:
        del table[key]
    for key, value in values.items():
        if isinstance(value, dict) and isinstance(table.get(key), dict):
            _update(table[key], value)
        elif key not in table or table[key] != value:
            table[key] = value
