"""What every test shares: data sets, an LSL session of its own, and no leftovers."""

from __future__ import annotations

import gc
import multiprocessing
import os
import sys
import threading
import time
import uuid
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["FOCUSSTATION_LSL_SESSION"] = f"test-{uuid.uuid4().hex}"
os.environ.setdefault("OMP_NUM_THREADS", "1")


def data_root() -> Path:
    """The local data sets: never part of the project."""
    named = os.environ.get("FOCUSSTATION_DATA")
    return Path(named) if named else Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def local_data() -> Path:
    """The folder of local data sets; the test is skipped, saying so, where it is absent."""
    root = data_root()
    if not root.is_dir():
        pytest.skip(f"local data sets not found at {root} (set FOCUSSTATION_DATA)")
    return root


@pytest.fixture(scope="session", autouse=True)
def lsl_session() -> str:
    """Configure LSL for this test process, in a session of its own; returns the session's id.

    Before any test: the first use of LSL, be it a look at its clock, settles its configuration.
    """
    from gazecore import lsl

    lsl.configure()
    return os.environ["FOCUSSTATION_LSL_SESSION"]


def _children() -> set[int]:
    return {
        child.pid
        for child in psutil.Process().children(recursive=True)
        if _is_running(child) and "resource_tracker" not in " ".join(_command(child))
    }


def _is_running(process: psutil.Process) -> bool:
    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.Error:
        return False


def _command(process: psutil.Process) -> list[str]:
    try:
        return list(process.cmdline())
    except psutil.Error:
        return []


def _threads() -> set[threading.Thread]:
    return {
        t for t in threading.enumerate() if not t.name.startswith(("pytest_timeout", "asyncio_"))
    }


def _active_qt() -> list[str]:
    if "PySide6.QtCore" not in sys.modules:
        return []
    from PySide6.QtCore import QThread, QTimer

    left: list[str] = []
    QThread.currentThread()
    for thing in gc.get_objects():
        # type(), as isinstance() asks proxies for their class, which some answer with a warning
        try:
            if issubclass(type(thing), QTimer) and thing.isActive():
                left.append(f"active {thing!r}")
            elif (
                issubclass(type(thing), QThread)
                and thing.isRunning()
                and thing is not QThread.currentThread()
            ):
                left.append(f"running {thing!r}")
        except (RuntimeError, ReferenceError):
            continue
    if "PySide6.QtWidgets" in sys.modules:
        from PySide6.QtWidgets import QApplication

        if QApplication.instance() is not None:
            left += [f"widget {w!r}" for w in QApplication.topLevelWidgets() if w.isVisible()]
    return left


def _left_alive(threads: set[threading.Thread], children: set[int]) -> list[str]:
    multiprocessing.active_children()
    new_threads = [f"thread {t.name}" for t in _threads() - threads if t.is_alive()]
    return new_threads + [f"process {pid}" for pid in _children() - children]


@pytest.fixture(autouse=True)
def no_leftovers() -> Iterator[None]:
    """Fail a test that leaves a thread, process, timer or visible widget alive."""
    threads_before, children_before = _threads(), _children()
    yield
    deadline = time.monotonic() + 3.0
    while (left := _left_alive(threads_before, children_before)) and time.monotonic() < deadline:
        time.sleep(0.05)
    if left:
        pytest.fail(f"left alive: {left}")
    qt = _active_qt()
    if qt:
        pytest.fail("left alive: " + ", ".join(qt))
