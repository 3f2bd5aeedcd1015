"""Worker processes that analyse sessions side by side, one of which may die."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from dataclasses import asdict
from typing import TYPE_CHECKING

from gazecore.processes import child_environment

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path
    from types import TracebackType

    from gazecore.analysis.settings import AnalysisSettings

_ONE_THREAD = (
    "POLARS_MAX_THREADS",
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)
"""The processes are what fills the cores."""

_LOOK_AROUND_S = 0.1


def usual_jobs() -> int:
    """Cores less one, at least one: the machine stays usable."""
    if hasattr(os, "sched_getaffinity"):
        return max(1, len(os.sched_getaffinity(0)) - 1)
    return max(1, (os.cpu_count() or 2) - 1)


def worker_environment() -> dict[str, str]:
    """This environment, for a process that is one of many."""
    return {**child_environment(), **dict.fromkeys(_ONE_THREAD, "1")}


class Workers:
    """Analyses sessions in `jobs` processes; a context manager that leaves none behind.

    A process that dies costs the session it was at, which is named, and is replaced.
    """

    def __init__(self, study: Path, settings: AnalysisSettings, jobs: int) -> None:
        self._asked = {"study": str(study.absolute()), "settings": asdict(settings)}
        self._jobs = jobs
        self._waiting: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._done: queue.SimpleQueue[tuple[str, str | None]] = queue.SimpleQueue()
        self._processes: set[subprocess.Popen[bytes]] = set()
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()
        self._stopping = False

    def __enter__(self) -> Workers:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def run(
        self,
        session_ids: Sequence[str],
        on_done: Callable[[str, str | None], None],
        cancelled: Callable[[], bool] | None = None,
    ) -> bool:
        """Analyse the sessions; False when it was cancelled before the last.

        `on_done` is called here, in this thread, with each session and what went wrong with it.
        """
        for session_id in session_ids:
            self._waiting.put(session_id)
        self._threads = [
            threading.Thread(target=self._serve, name=f"analysis {number}", daemon=True)
            for number in range(min(self._jobs, len(session_ids)))
        ]
        for thread in self._threads:
            thread.start()
        left = len(session_ids)
        while left:
            if cancelled is not None and cancelled():
                return False
            try:
                session_id, failure = self._done.get(timeout=_LOOK_AROUND_S)
            except queue.Empty:
                continue
            left -= 1
            on_done(session_id, failure)
        return True

    def stop(self) -> None:
        """End all processes at once; what they were writing is not put in place."""
        with self._lock:
            self._stopping = True
            for process in self._processes:
                process.kill()
        for thread in self._threads:
            thread.join()

    def _serve(self) -> None:
        """Hand sessions to one process after another until there are none."""
        process: subprocess.Popen[bytes] | None = None
        while not self._stopping:
            try:
                session_id = self._waiting.get_nowait()
            except queue.Empty:
                break
            try:
                process = process or self._start()
            except OSError as error:
                reason = error.strerror or str(error)
                self._done.put((session_id, f"no process could be started for it ({reason})"))
                continue
            if process is None:
                break
            failure = self._ask(process, session_id)
            if process.poll() is not None:
                self._forget(process)
                process = None
            self._done.put((session_id, failure))
        if process is not None:
            self._forget(process)

    def _ask(self, process: subprocess.Popen[bytes], session_id: str) -> str | None:
        """What went wrong with a session; None: nothing."""
        assert process.stdin is not None
        assert process.stdout is not None
        line = json.dumps({**self._asked, "session_id": session_id}) + "\n"
        try:
            process.stdin.write(line.encode())
            process.stdin.flush()
            said = process.stdout.readline()
        except OSError:
            said = b""
        if said.endswith(b"\n"):
            failure = json.loads(said)["failure"]
            return None if failure is None else str(failure)
        status = process.wait()
        return f"its analysis died ({_status(status)}); run the analysis again to go on with it"

    def _start(self) -> subprocess.Popen[bytes] | None:
        """A new process; None when all are to stop."""
        with self._lock:
            if self._stopping:
                return None
            process = subprocess.Popen(
                [sys.executable, "-m", "gazecore.analysis.worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=worker_environment(),
            )
            self._processes.add(process)
            return process

    def _forget(self, process: subprocess.Popen[bytes]) -> None:
        """Let a process end and take its pipes away."""
        with process:  # closes the pipes, and waits
            pass
        with self._lock:
            self._processes.discard(process)


def _status(status: int) -> str:
    return f"killed by signal {-status}" if status < 0 else f"exit status {status}"
