"""What a test may leave to none after it: threads, processes, running timers, visible windows."""

from __future__ import annotations

import multiprocessing
import sys
import threading

import psutil


def children() -> set[int]:
    """The running processes under this one."""
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


def threads() -> set[threading.Thread]:
    """The threads of this process that a test may have started."""
    return {
        t for t in threading.enumerate() if not t.name.startswith(("pytest_timeout", "asyncio_"))
    }


def active_qt() -> list[str]:
    """The running timers and threads of Qt, and the visible windows."""
    if "PySide6.QtCore" not in sys.modules:
        return []
    from PySide6.QtCore import QThread, QTimer
    from shiboken6 import Shiboken

    here = QThread.currentThread()
    left: list[str] = []
    # what Python holds of Qt: a walk over every object of the interpreter takes 0.1 s a test
    for thing in Shiboken.getAllValidWrappers():
        if isinstance(thing, QTimer) and thing.isActive():
            left.append(f"active {thing!r}")
        elif isinstance(thing, QThread) and thing is not here and thing.isRunning():
            left.append(f"running {thing!r}")
    if "PySide6.QtWidgets" in sys.modules:
        from PySide6.QtWidgets import QApplication

        if QApplication.instance() is not None:
            left += [f"widget {w!r}" for w in QApplication.topLevelWidgets() if w.isVisible()]
    return left


def alive_since(threads_before: set[threading.Thread], children_before: set[int]) -> list[str]:
    """The threads and processes of now that were not there before."""
    multiprocessing.active_children()  # it takes the ended ones away
    new_threads = [f"thread {t.name}" for t in threads() - threads_before if t.is_alive()]
    return new_threads + [f"process {pid}" for pid in children() - children_before]
