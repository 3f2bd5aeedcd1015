"""A real process that swells, stalls or ends is noticed by who waits for it."""

from __future__ import annotations

import multiprocessing
import threading
import time
from typing import TYPE_CHECKING

import pytest

from gazecore.dicom.memory_watch import GRACE_S, MemoryWatch, receive

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.connection import Connection

MIB = 1 << 20
WAIT_S = 30.0


def _swell(requests: Connection) -> None:
    """Hold as many MiB as asked for, answering only requests for none."""
    held = []
    while (asked := requests.recv_bytes()) != b"":
        if int(asked):
            held.append(b"1" * (int(asked) * MIB))
        else:
            requests.send_bytes(b"here")


@pytest.fixture
def child() -> Iterator[tuple[Connection, int]]:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_swell, args=(theirs,))
    process.start()
    theirs.close()
    assert process.pid is not None
    ours.send_bytes(b"0")
    assert receive(ours, WAIT_S) == b"here"
    yield ours, process.pid
    process.kill()
    process.join()
    process.close()
    ours.close()


def test_a_process_that_swells(child: tuple[Connection, int]) -> None:
    connection, pid = child
    watch = MemoryWatch(pid, 64 * MIB)
    connection.send_bytes(b"16")
    connection.send_bytes(b"0")
    assert receive(connection, WAIT_S, watch) == b"here"
    connection.send_bytes(b"128")
    with pytest.raises(MemoryError):
        receive(connection, WAIT_S, watch)
    assert watch.is_swollen()


def test_a_process_that_stalls(child: tuple[Connection, int]) -> None:
    connection, pid = child
    started = time.monotonic()
    with pytest.raises(TimeoutError):
        receive(connection, 0.3, MemoryWatch(pid, 64 * MIB))
    assert time.monotonic() - started >= 0.3


def test_what_is_unwanted_is_given_up_after_a_moment(child: tuple[Connection, int]) -> None:
    connection, _ = child
    unwanted = threading.Event()
    unwanted.set()
    connection.send_bytes(b"0")
    assert receive(connection, WAIT_S, unwanted=unwanted) == b"here"
    started = time.monotonic()
    with pytest.raises(InterruptedError):
        receive(connection, WAIT_S, unwanted=unwanted)
    assert GRACE_S <= time.monotonic() - started < WAIT_S


def test_a_process_that_ends(child: tuple[Connection, int]) -> None:
    connection, pid = child
    watch = MemoryWatch(pid, 64 * MIB)
    connection.send_bytes(b"")
    with pytest.raises((EOFError, OSError)):
        receive(connection, WAIT_S, watch)
    assert not watch.is_swollen()


def test_no_process() -> None:
    with pytest.raises(ProcessLookupError):
        MemoryWatch(2**22 + 7, 0)  # beyond the largest pid of Linux
