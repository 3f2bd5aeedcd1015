"""Waiting for a process while its memory stays within bounds.

Linux bounds the address space of the decoder's process; macOS does not keep that limit and
Windows has none, so the parent looks at the resident memory while it waits, everywhere.
"""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from threading import Event

_LOOK_EVERY_S = 0.05
GRACE_S = 0.5
"""For what is unwanted: about what starting another process takes."""


class MemoryWatch:
    """Says when a process has swollen by more than it may since this watch was made.

    Parameters
    ----------
    pid : int
        The process, alive.
    more_bytes : int
        Resident memory it may add to what it has now.

    Raises
    ------
    ProcessLookupError
        The process is gone.
    """

    def __init__(self, pid: int, more_bytes: int) -> None:
        try:
            self._process = psutil.Process(pid)
            self._most_bytes = self._process.memory_info().rss + more_bytes
        except psutil.Error as error:
            raise ProcessLookupError(f"no process {pid}") from error

    def is_swollen(self) -> bool:
        """Whether the process holds too much; one that is gone holds nothing."""
        try:
            return bool(self._process.memory_info().rss > self._most_bytes)
        except psutil.Error:
            return False


def receive(
    connection: Connection,
    timeout_s: float,
    watch: MemoryWatch | None = None,
    unwanted: Event | None = None,
) -> bytes:
    """The next message of a process; set `unwanted`, from any thread, to wait little longer.

    Raises
    ------
    InterruptedError
        None came soon after it was unwanted.
    TimeoutError
        None came in time.
    MemoryError
        The process swelled first.
    EOFError, OSError
        The process is gone.
    """
    deadline = time.monotonic() + timeout_s
    given_up = math.inf
    while not connection.poll(max(0.0, min(_LOOK_EVERY_S, deadline - time.monotonic()))):
        if watch is not None and watch.is_swollen():
            raise MemoryError
        if unwanted is not None and unwanted.is_set():
            given_up = min(given_up, time.monotonic() + GRACE_S)
        if time.monotonic() >= given_up:
            raise InterruptedError
        if time.monotonic() >= deadline:
            raise TimeoutError
    return connection.recv_bytes()
