"""JSON files of a study that carry their version, read so that any damage is one line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gazecore.errors import DamagedFileError, NewerSchemaError
from gazecore.json_text import parse_json

if TYPE_CHECKING:
    from pathlib import Path


def read_document(path: Path, newest: int) -> dict[str, Any] | None:
    """The object in a JSON file, None without a file; `newest` is the version known.

    Raises
    ------
    DamagedFileError, NewerSchemaError
        It cannot be read, is no JSON object, or is of a newer program.
    """
    try:
        content = parse_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except OSError as error:
        raise DamagedFileError(path, error.strerror or str(error)) from error
    except ValueError as error:
        raise DamagedFileError(path, f"no JSON ({error})") from error
    if not isinstance(content, dict):
        raise DamagedFileError(path, "no JSON object")
    version = content.get("schema_version")
    if isinstance(version, int) and version > newest:
        raise NewerSchemaError(path, version, newest)
    return content
