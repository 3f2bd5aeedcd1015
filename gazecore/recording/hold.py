"""Telling a recording that is being written from one that was cut off.

The recorder holds an advisory lock on its file for as long as it lives, and the system lets go
of it however the recorder ends. Where locks are not to be had, a file that was written to in the
last seconds counts as held: the recorder writes at least a boundary each second.
"""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from pathlib import Path

_QUIET_S = 10.0


def hold(descriptor: int) -> None:
    """Mark an open file as being written, until it is closed or this process ends."""
    if fcntl is None:
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return  # a file system without locks: its files are told by their time


def is_held(path: Path) -> bool:
    """Whether a recorder is writing this file right now.

    Raises
    ------
    OSError
        The file cannot be opened.
    """
    if fcntl is None:
        return _was_written_lately(path)
    descriptor = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return _was_written_lately(path)
    finally:
        os.close(descriptor)
    return False


def _was_written_lately(path: Path) -> bool:
    return time.time() - path.stat().st_mtime < _QUIET_S
