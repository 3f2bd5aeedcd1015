"""Limits set in real processes: memory is refused, time ends, orphans die."""

from __future__ import annotations

import ctypes
import signal
import subprocess
import sys
import time

import psutil
import pytest

from gazecore.dicom.process_limits import BasicLimits, ExtendedLimits

LIMITED = "from gazecore.dicom.process_limits import ProcessLimits; limits = ProcessLimits({more});"
WAIT_S = 30.0

linux = pytest.mark.skipif(sys.platform != "linux", reason="these limits are Linux's")


def _run(code: str, more: int = 64 << 20) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", LIMITED.format(more=more) + code],
        capture_output=True,
        text=True,
        timeout=WAIT_S,
        check=False,
    )


@linux
def test_memory_is_refused() -> None:
    assert _run("bytes(32 << 20)").returncode == 0
    assert "MemoryError" in _run("bytes(1 << 30)").stderr


@linux
def test_processor_time_ends_a_process_that_nobody_watches() -> None:
    started = time.monotonic()
    found = _run("limits.allow_s(0.1)\nwhile True: pass")
    assert found.returncode == -signal.SIGXCPU
    assert time.monotonic() - started < WAIT_S


@linux
def test_time_is_allowed_anew_for_each_file() -> None:
    spin = (
        "limits.allow_s(0)\nend = time.process_time() + .7\nwhile time.process_time() < end: pass\n"
    )
    assert _run("import time\n" + spin * 3).returncode == 0


@linux
def test_an_orphan_dies_at_once() -> None:
    child = LIMITED.format(more=1 << 28) + "print('up', flush=True); import time; time.sleep(60)"
    parent = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import subprocess, sys, time\n"
            f"p = subprocess.Popen([sys.executable, '-c', {child!r}], stdout=subprocess.PIPE)\n"
            "p.stdout.readline(); print(p.pid, flush=True); time.sleep(60)",
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout is not None
    orphan = psutil.Process(int(parent.stdout.readline()))
    parent.kill()
    parent.wait()
    parent.stdout.close()
    psutil.wait_procs([orphan], timeout=WAIT_S)
    assert not orphan.is_running() or orphan.status() == psutil.STATUS_ZOMBIE


def test_structures_are_as_large_as_windows_expects() -> None:
    """Its headers give 64 and 144 bytes on 64-bit systems; elsewhere only that can be tested."""
    if ctypes.sizeof(ctypes.c_void_p) == 8:
        assert ctypes.sizeof(BasicLimits) == 64
        assert ctypes.sizeof(ExtendedLimits) == 144
