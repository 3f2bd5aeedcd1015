"""Memory shared with a real process, and nothing of it left under any name."""

from __future__ import annotations

import multiprocessing
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from gazecore.dicom import shared_pixels
from gazecore.dicom.shared_pixels import SharedPixels, take

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

N_BYTES = 1 << 20


def _write(connection: Connection) -> None:
    memory = take(connection, N_BYTES)
    memory[10:15] = b"there"
    connection.send_bytes(b"done")
    memory.close()


def _exchange() -> bytes:
    ours, theirs = multiprocessing.Pipe()
    shared = SharedPixels(N_BYTES)
    process = multiprocessing.get_context("spawn").Process(target=_write, args=(theirs,))
    process.start()
    try:
        shared.give(ours, process.pid or 0)
        assert ours.recv_bytes() == b"done"
        return bytes(shared.map[10:15])
    finally:
        process.join()
        process.close()
        shared.close()
        ours.close()
        theirs.close()


def _refuse(*_: Any) -> int:
    raise PermissionError


def test_both_see_the_same_bytes() -> None:
    assert _exchange() == b"there"


@pytest.mark.parametrize("free_bytes", [0, 1 << 40])
def test_a_file_without_a_name_where_memory_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, free_bytes: int
) -> None:
    """Where ``/dev/shm`` is small the file lies in the temporary folder; nowhere has it a name."""
    monkeypatch.setattr(os, "memfd_create", _refuse)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    usage = shutil.disk_usage("/")
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage._replace(free=free_bytes))
    before = set(Path("/dev/shm").iterdir())
    shared = SharedPixels(N_BYTES)
    place = os.readlink(f"/proc/self/fd/{shared._handle}")
    assert place.startswith("/dev/shm" if free_bytes else str(tmp_path))
    assert not list(tmp_path.iterdir())
    assert set(Path("/dev/shm").iterdir()) <= before
    shared.close()
    shared.close()


def test_a_small_shared_memory_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_pixels, "_SHARED_MEMORY", Path("/nowhere"))
    assert _exchange() == b"there"
