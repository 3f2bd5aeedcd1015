from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from gazecore.errors import DamagedFileError
from gazecore.export.manifest import MANIFEST_FILE, check_manifest, write_manifest

if TYPE_CHECKING:
    from pathlib import Path


def test_every_file_is_listed_with_its_digest(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "膝.bin").write_bytes(b"abc")
    (tmp_path / "empty").write_bytes(b"")
    manifest = write_manifest(tmp_path, level="maps")
    assert manifest["files"]["sub/膝.bin"] == {
        "bytes": 3,
        "sha256": hashlib.sha256(b"abc").hexdigest(),
    }
    assert manifest["level"] == "maps"
    assert check_manifest(tmp_path) == manifest


@pytest.mark.parametrize("fault", ["altered", "missing", "added", "no manifest", "torn manifest"])
def test_what_does_not_fit_is_found(tmp_path: Path, fault: str) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    write_manifest(tmp_path)
    if fault == "altered":
        (tmp_path / "a").write_bytes(b"abd")
    elif fault == "missing":
        (tmp_path / "a").unlink()
    elif fault == "added":
        (tmp_path / "b").write_bytes(b"")
    elif fault == "no manifest":
        (tmp_path / MANIFEST_FILE).unlink()
    else:
        (tmp_path / MANIFEST_FILE).write_text("{")
    with pytest.raises(DamagedFileError):
        check_manifest(tmp_path)
