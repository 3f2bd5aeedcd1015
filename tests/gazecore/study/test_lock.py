from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

import psutil
import pytest

from gazecore.errors import StudyOccupiedError, UnwritablePathError
from gazecore.study.lock import LOCK_FILE, Holder, StudyLock

if TYPE_CHECKING:
    from pathlib import Path


def _me() -> Holder:
    return Holder(os.getpid(), socket.gethostname(), psutil.Process().create_time())


def _held_by(folder: Path, holder: Holder) -> None:
    (folder / LOCK_FILE).write_text(json.dumps(asdict(holder)))


def test_one_holds_it_until_release(tmp_path: Path) -> None:
    first, second = StudyLock(tmp_path), StudyLock(tmp_path)
    assert first.acquire() is None
    with pytest.raises(StudyOccupiedError, match=f"process {os.getpid()} on .*{LOCK_FILE}"):
        second.acquire()
    first.release()
    assert second.acquire() is None
    second.release()
    assert not (tmp_path / LOCK_FILE).exists()


def test_a_dead_process_holds_nothing(tmp_path: Path) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    dead = replace(_me(), pid=gone.pid)
    _held_by(tmp_path, dead)
    lock = StudyLock(tmp_path)
    assert lock.acquire() == dead
    lock.release()


def test_a_reused_process_id_is_told_by_its_start(tmp_path: Path) -> None:
    assert not _me().is_dead()
    earlier = replace(_me(), started_unix_s=_me().started_unix_s - 3600)
    assert earlier.is_dead()
    _held_by(tmp_path, earlier)
    lock = StudyLock(tmp_path)
    assert lock.acquire() == earlier
    lock.release()


def test_a_process_on_another_host_is_never_called_dead(tmp_path: Path) -> None:
    _held_by(tmp_path, replace(_me(), host="elsewhere", pid=1 << 22))
    with pytest.raises(StudyOccupiedError, match="on elsewhere"):
        StudyLock(tmp_path).acquire()


@pytest.mark.parametrize("torn", ["", "{", '{"pid": 3}', "[]"])
def test_a_torn_lock_file_is_no_lock(tmp_path: Path, torn: str) -> None:
    (tmp_path / LOCK_FILE).write_text(torn)
    lock = StudyLock(tmp_path)
    lock.acquire()
    lock.release()


def test_a_lock_taken_over_meanwhile_stays(tmp_path: Path) -> None:
    lock = StudyLock(tmp_path)
    lock.acquire()
    other = replace(_me(), host="elsewhere")
    _held_by(tmp_path, other)
    lock.release()
    assert json.loads((tmp_path / LOCK_FILE).read_text())["host"] == "elsewhere"


def test_of_many_at_once_one_wins(tmp_path: Path) -> None:
    _held_by(tmp_path, replace(_me(), started_unix_s=1.0))  # stale: all try to take it over
    won, refused = [], []

    def attempt() -> None:
        try:
            won.append(StudyLock(tmp_path).acquire())
        except StudyOccupiedError:
            refused.append(1)

    threads = [threading.Thread(target=attempt) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(won), len(refused)) == (1, 11)


def test_a_place_that_takes_no_files_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UnwritablePathError, match="read-only"):
        StudyLock(tmp_path / "file").acquire()
