"""The manifest of an export: every file with its size and SHA-256, and what was left out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from gazecore import __version__
from gazecore.errors import DamagedFileError
from gazecore.study.durable import sha256_of, sync_file, write_durably

if TYPE_CHECKING:
    from pathlib import Path

MANIFEST_FILE = "focusstation_manifest.json"
MANIFEST_VERSION = 1


def write_manifest(folder: Path, **facts: object) -> dict[str, Any]:
    """Bring every file of an export to the disk, then write and return the manifest."""
    files = {}
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        sync_file(path)
        files[path.relative_to(folder).as_posix()] = {
            "bytes": path.stat().st_size,
            "sha256": sha256_of(path),
        }
    manifest = {
        "schema_version": MANIFEST_VERSION,
        "software": f"FocusStation {__version__}",
        **facts,
        "files": files,
    }
    text = json.dumps(manifest, indent=1, ensure_ascii=False)
    write_durably(folder / MANIFEST_FILE, text.encode())
    return manifest


def check_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of an export, after comparing every file with it.

    Raises
    ------
    DamagedFileError
        A file is missing, altered or unknown to the manifest; the first is named.
    """
    path = folder / MANIFEST_FILE
    try:
        manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        files = dict(manifest["files"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DamagedFileError(path, f"no readable manifest ({error})") from error
    present = {
        p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file() and p != path
    }
    for name in sorted(present ^ set(files)):
        raise DamagedFileError(folder / name, "missing" if name in files else "not in the manifest")
    for name, facts in files.items():
        if sha256_of(folder / name) != facts["sha256"]:
            raise DamagedFileError(folder / name, "its SHA-256 differs from the manifest")
    return manifest
