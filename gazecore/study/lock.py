"""One writer per study: a lock file that says who, and outlives no dead process."""

from __future__ import annotations

import json
import os
import socket
import sys
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import psutil

from gazecore.errors import StudyOccupiedError, UnwritablePathError
from gazecore.json_text import parse_json

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LOCK_FILE = "study.lock"
_GUARD_FILE = ".study.lock.guard"


@dataclass(frozen=True, slots=True)
class Holder:
    """A process that holds a study; the start time tells a reused process id."""

    pid: int
    host: str
    started_unix_s: float

    def __str__(self) -> str:
        return f"process {self.pid} on {self.host}"

    def is_dead(self) -> bool:
        """Whether the process is known to be gone; one on another host never is."""
        if self.host != socket.gethostname():
            return False
        try:
            process = psutil.Process(self.pid)
            other = abs(process.create_time() - self.started_unix_s) > 2.0
            return other or process.status() == psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return True
        except psutil.AccessDenied:
            return False


class StudyLock:
    """Holds the lock file of a study from `acquire` to `release`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path = folder / LOCK_FILE
        self._mine = Holder(os.getpid(), socket.gethostname(), psutil.Process().create_time())

    def acquire(self) -> Holder | None:
        """Take the lock; returns the dead holder it was taken over from, if any.

        Raises
        ------
        StudyOccupiedError
            A living process, or one on another host, holds it; the message names the lock file.
        UnwritablePathError
            The folder takes no files.
        """
        try:
            with _guard(self._folder / _GUARD_FILE):
                held = self._holder()
                if held is not None and not held.is_dead():
                    raise StudyOccupiedError(self._folder, f"{held} (its lock file is {LOCK_FILE})")
                self._path.write_text(json.dumps(asdict(self._mine)), encoding="utf-8")
                return held
        except OSError as error:
            reason = error.strerror or str(error)
            raise UnwritablePathError(self._folder, reason, "open it read-only") from error

    def release(self) -> None:
        """Give the lock up; a lock that someone else took over meanwhile stays."""
        try:
            with _guard(self._folder / _GUARD_FILE):
                if self._holder() == self._mine:
                    self._path.unlink()
        except OSError:  # the folder is gone: so is the lock
            return

    def _holder(self) -> Holder | None:
        """Who the lock file names; an empty or torn one was written by a process that died."""
        try:
            return Holder(**parse_json(self._path.read_text(encoding="utf-8")))
        except (FileNotFoundError, ValueError, TypeError):
            return None


@contextmanager
def _guard(path: Path) -> Iterator[None]:
    """Hold an operating-system lock while looking at and writing the lock file.

    The system drops it when a process dies, so it is never stale; it is held for an instant.
    """
    with path.open("a+b") as file:
        if sys.platform == "win32":
            import msvcrt

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
            try:
                yield
            finally:
                file.seek(0)
                msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX)
            yield
