"""What the decoder's process forbids itself before it touches a file, by the system's own means.

====================  ==========================  ===========================  ==================
what                  Linux                       macOS                        Windows
====================  ==========================  ===========================  ==================
memory                address space (rlimit)      none that the system keeps   job object
processor time        rlimit                      rlimit                       job object
death of the parent   signal                      its connection ends          connection ends
====================  ==========================  ===========================  ==================

Everywhere the parent also watches resident memory and the clock while it waits
(`gazecore.dicom.memory_watch`): these limits come first, and hold when there is no parent left.
"""

from __future__ import annotations

import contextlib
import ctypes
import math
import os
import signal
import sys
from typing import Any

THREADS = max(1, min(4, os.cpu_count() or 1))
"""Threads of one decoding."""
_THREAD_BYTES = 16 << 20
"""Address space of a thread beyond what it uses: its stack."""
_ARENAS = 1
"""Heaps of the C library: 64 MiB of address space each, that threads share."""
_ARENA_MAX = -8
"""M_ARENA_MAX of glibc's ``mallopt``."""
_DIE_WITH_PARENT = 1
"""PR_SET_PDEATHSIG of Linux's ``prctl``."""


class ProcessLimits:
    """The limits of the process that makes this; they can only be made once.

    Parameters
    ----------
    more_bytes : int
        Memory it may add to what it holds now.
    """

    def __init__(self, more_bytes: int) -> None:
        _share_heaps()
        most_bytes = _held_bytes() + more_bytes + THREADS * _THREAD_BYTES
        self._job = _Job(most_bytes) if sys.platform == "win32" else None
        if sys.platform != "win32":
            _limit("RLIMIT_CORE", 0)
            _limit("RLIMIT_AS", most_bytes)
        _die_with_parent()

    def allow_s(self, seconds: float) -> None:
        """Let the process use this much more processor time on each of its threads."""
        used_s = sum(os.times()[:2])
        most_s = math.ceil(used_s + seconds * THREADS) + 1
        if self._job is not None:
            self._job.limit_time(most_s)
        elif sys.platform != "win32":
            _limit("RLIMIT_CPU", most_s)


def _share_heaps() -> None:
    """Keep threads from heaps of their own; a C library that knows no such wish has no need."""
    if sys.platform == "linux":
        with contextlib.suppress(AttributeError):
            ctypes.CDLL(None).mallopt(_ARENA_MAX, _ARENAS)


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, int(signal.SIGKILL))


def _held_bytes() -> int:
    import psutil

    memory: Any = psutil.Process().memory_info()
    return int(memory.private if sys.platform == "win32" else memory.vms)


def _limit(name: str, most: int) -> None:
    """Set the soft limit; where the system refuses, those of the parent remain."""
    if sys.platform == "win32":
        return
    import resource

    kind = getattr(resource, name)
    with contextlib.suppress(ValueError, OSError):
        _, hard = resource.getrlimit(kind)
        bounded = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (bounded, hard))


class BasicLimits(ctypes.Structure):
    """JOBOBJECT_BASIC_LIMIT_INFORMATION."""

    _fields_ = (
        ("process_time_100ns", ctypes.c_int64),
        ("job_time_100ns", ctypes.c_int64),
        ("flags", ctypes.c_uint32),
        ("least_working_set", ctypes.c_size_t),
        ("most_working_set", ctypes.c_size_t),
        ("most_processes", ctypes.c_uint32),
        ("affinity", ctypes.c_size_t),
        ("priority", ctypes.c_uint32),
        ("scheduling", ctypes.c_uint32),
    )


class ExtendedLimits(ctypes.Structure):
    """JOBOBJECT_EXTENDED_LIMIT_INFORMATION."""

    _fields_ = (
        ("basic", BasicLimits),
        ("io_counters", ctypes.c_uint64 * 6),
        ("process_bytes", ctypes.c_size_t),
        ("job_bytes", ctypes.c_size_t),
        ("peak_process_bytes", ctypes.c_size_t),
        ("peak_job_bytes", ctypes.c_size_t),
    )


class _Job:
    """A Windows job object around this process; harmless where the system refuses one."""

    _EXTENDED = 9
    _TIME, _MEMORY, _NO_DIALOGUE = 0x2, 0x100, 0x400

    def __init__(self, most_bytes: int) -> None:
        kernel: Any = ctypes.CDLL("kernel32", use_last_error=True)
        kernel.CreateJobObjectW.restype = ctypes.c_void_p
        kernel.GetCurrentProcess.restype = ctypes.c_void_p
        self._kernel = kernel
        self._handle = ctypes.c_void_p(kernel.CreateJobObjectW(None, None))
        self._limits = ExtendedLimits(process_bytes=most_bytes)
        self._limits.basic.flags = self._MEMORY | self._NO_DIALOGUE
        self._set()
        kernel.AssignProcessToJobObject(self._handle, ctypes.c_void_p(kernel.GetCurrentProcess()))

    def limit_time(self, most_s: int) -> None:
        self._limits.basic.process_time_100ns = most_s * 10_000_000
        self._limits.basic.flags |= self._TIME
        self._set()

    def _set(self) -> None:
        size = ctypes.sizeof(self._limits)
        self._kernel.SetInformationJobObject(
            self._handle, self._EXTENDED, ctypes.byref(self._limits), size
        )
