"""The memory that station and decoder share: made by the parent, without a name to leave behind.

A killed process cannot clean up, so nothing here ever needs cleaning: on Linux the memory is
anonymous, elsewhere a file that lost its name as it was made, on Windows the system's own
page file; all end with the last process that holds them.
"""

from __future__ import annotations

import contextlib
import mmap
import os
import shutil
import sys
import tempfile
import uuid
from multiprocessing import reduction
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

_SHARED_MEMORY = Path("/dev/shm")


class SharedPixels:
    """A zeroed, sparse piece of memory of this process that another one can be given.

    Parameters
    ----------
    n_bytes : int
        Its size; pages count as they are written.

    Attributes
    ----------
    map : mmap.mmap
        The memory.
    """

    def __init__(self, n_bytes: int) -> None:
        self._handle, self._name = -1, ""
        if sys.platform == "win32":
            self._name = f"focusstation-{uuid.uuid4().hex}"
            self.map = mmap.mmap(-1, n_bytes, tagname=self._name)
        else:
            self._handle = _unnamed_file(n_bytes)
            self.map = mmap.mmap(self._handle, n_bytes)

    def give(self, connection: Connection, pid: int) -> None:
        """Let the process at the other end of a connection map the same memory; once."""
        if sys.platform == "win32":
            connection.send_bytes(self._name.encode())
            return
        reduction.send_handle(connection, self._handle, pid)
        os.close(self._handle)
        self._handle = -1

    def close(self) -> None:
        """Let go of the memory here."""
        self.map.close()
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1


def take(connection: Connection, n_bytes: int) -> mmap.mmap:
    """Map the memory that `SharedPixels.give` sends."""
    if sys.platform == "win32":
        return mmap.mmap(-1, n_bytes, tagname=connection.recv_bytes().decode())
    handle = reduction.recv_handle(connection)
    try:
        return mmap.mmap(handle, n_bytes)
    finally:
        os.close(handle)


def _unnamed_file(n_bytes: int) -> int:
    """A sparse file without a name: in memory, whatever size ``/dev/shm`` has, else on disk."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):  # forbidden in some sandboxes
            handle = os.memfd_create("focusstation pixels")
            os.truncate(handle, n_bytes)
            return handle
    roomy = _SHARED_MEMORY.is_dir() and shutil.disk_usage(_SHARED_MEMORY).free >= 2 * n_bytes
    with tempfile.TemporaryFile(dir=_SHARED_MEMORY if roomy else None) as file:
        file.truncate(n_bytes)
        return os.dup(file.fileno())
