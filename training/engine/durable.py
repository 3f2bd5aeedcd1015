"""Files that are either the old ones or the new ones, never half of each."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

from gazecore.errors import UnwritablePathError

if TYPE_CHECKING:
    from pathlib import Path


def write_bytes(path: Path, content: bytes) -> None:
    """Replace `path` atomically and make it durable: temporary, fsync, rename, fsync folder."""
    partial = path.with_name(path.name + ".partial")
    with partial.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
    if os.name == "posix":
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def write_json(path: Path, content: dict[str, Any] | list[Any]) -> None:
    """Replace a JSON file atomically; NaN is refused, it is not JSON."""
    write_bytes(path, (json.dumps(content, indent=1, allow_nan=False) + "\n").encode())


def make_folder(path: Path) -> Path:
    """Create a folder for output, with its parents.

    Raises
    ------
    UnwritablePathError
        It cannot be made or written.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
        probe = path / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise UnwritablePathError(path, error.strerror or "unknown reason") from error
    return path
