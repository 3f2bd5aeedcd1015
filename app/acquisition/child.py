"""A child process with a control endpoint: started detached, found again, asked, stopped."""

from __future__ import annotations

import contextlib
import json
import subprocess
import threading
from typing import TYPE_CHECKING, Any

import psutil

from gazecore.control import Answer, ControlClient
from gazecore.errors import AcquisitionError, ControlError
from gazecore.processes import focusstation_command, start_detached

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

START_WAIT_S = 20.0
STOP_WAIT_S = 300.0
"""A recorder reads its whole file back before it ends."""


class Child:
    """One ``focusstation`` process that outlives the station.

    All calls but `has_died` and `is_connected` may block. Starting, finding, reviving and
    stopping exclude each other, from whichever threads they are called.

    Parameters
    ----------
    name : str
        The command, ``tracker`` or ``record``; names the endpoint and log files as well.
    runtime : Path
        The study's folder for endpoints and logs.
    """

    def __init__(self, name: str, runtime: Path) -> None:
        self.name = name
        self.endpoint = runtime / f"{name}.json"
        self._log = runtime / f"{name}.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._client: ControlClient | None = None
        self._found_pid: int | None = None
        self._changing = threading.RLock()

    @property
    def is_connected(self) -> bool:
        """Whether a process answered here and was not stopped since."""
        return self._client is not None

    def attach(self, wait_s: float = 0.5) -> bool:
        """Connect to a process that an earlier station left running; False if there is none."""
        with self._changing:
            if not self.endpoint.exists():
                return False
            try:
                self._client = ControlClient.connect(self.endpoint, wait_s)
                self.call("status", wait_s=wait_s)
                self._found_pid = int(json.loads(self.endpoint.read_text())["pid"])
            except (ControlError, OSError, ValueError, KeyError):
                self._let_go()
                return False
            return True

    def is_answering(self) -> bool:
        """Whether the process still answers; one that died is let go."""
        with self._changing:
            try:
                self.call("status")
            except ControlError:
                self._let_go()
                if self._process is not None and self._process.poll() is not None:
                    self._process = None
                return False
            return True

    def ensure(self, arguments: Sequence[str]) -> bool:
        """See that a process runs: ours, one left by an earlier station, else a new one.

        Returns whether it had to be started.
        """
        with self._changing:
            if self.is_answering() or self.attach():
                return False
            self.start(*arguments)
            return True

    def has_died(self) -> bool:
        """Whether the process that was started or found here has ended without being asked to.

        Asks the operating system, never the process, and does not block: while the process is
        being started or stopped the answer is no. A tracker that ended well (no more to send)
        has not died; a recorder has, since more is to be recorded.
        """
        if not self._changing.acquire(blocking=False):
            return False
        try:
            if self._client is None:
                return False
            if self._process is not None:
                code = self._process.poll()
                return code is not None and (code != 0 or self.name == "record")
            return self._found_pid is not None and not _is_running(self._found_pid)
        finally:
            self._changing.release()

    def bury(self) -> str:
        """Let go of a process that has died; how it ended, in a few words."""
        with self._changing:
            self._let_go()
            process, self._process, self._found_pid = self._process, None, None
            code = None if process is None else process.poll()
            if code is None:
                return "it is gone"
            return f"ended by signal {-code}" if code < 0 else f"{self._last_words()}"

    def start(self, *arguments: str) -> None:
        """Start the process and wait until it answers.

        Raises
        ------
        AcquisitionError
            It ended instead, with its own last line, or never answered.
        """
        with self._changing:
            self._prepare_place()
            command = focusstation_command(self.name, *arguments, "--control", str(self.endpoint))
            self._process = start_detached(command, log=self._log)
            waited_s = 0.0
            while self._client is None:
                try:
                    self._client = ControlClient.connect(self.endpoint, 0.25)
                except ControlError:
                    waited_s += 0.25
                    if self._process.poll() is not None:
                        raise self._ended() from None
                    if waited_s >= START_WAIT_S:
                        self._process.kill()
                        raise self._ended() from None

    def call(self, command: str, *, wait_s: float = 5.0, **arguments: Any) -> Answer:
        """Ask the process and wait for its answer.

        Raises
        ------
        ControlError
            It is not there, refuses, or does not answer in time.
        """
        client = self._client
        if client is None:
            raise ControlError(f"the {self.name} process is not running")
        return client.call(command, wait_s=wait_s, **arguments)

    def stop(self) -> Answer:
        """Ask the process to stop and wait for its end; its answer, empty if it was gone."""
        with self._changing:
            if self._client is None:
                return {}
            try:
                answer = self.call("stop", wait_s=STOP_WAIT_S)
            except ControlError:
                answer = {}
            self._let_go()
            self._await_end()
            return answer

    def release(self) -> None:
        """Let the process run on without this station."""
        with self._changing:
            self._let_go()

    def _prepare_place(self) -> None:
        self._let_go()
        self.endpoint.parent.mkdir(parents=True, exist_ok=True)
        self.endpoint.unlink(missing_ok=True)
        if self._log.exists():
            self._log.replace(self._log.with_suffix(".before.log"))

    def _await_end(self) -> None:
        """Wait until the process is gone: it takes its endpoint file away as it goes."""
        if self._process is not None:
            try:
                self._process.wait(STOP_WAIT_S)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None
        elif self._found_pid is not None:
            with contextlib.suppress(psutil.Error):
                psutil.Process(self._found_pid).wait(STOP_WAIT_S)
        self._found_pid = None

    def _let_go(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            client.close()

    def _ended(self) -> AcquisitionError:
        if self._process is not None:
            self._process.wait()
            self._process = None
        return AcquisitionError(f"the {self.name} process did not start: {self._last_words()}")

    def _last_words(self) -> str:
        try:
            lines = self._log.read_text(errors="replace").strip().splitlines()
        except OSError:
            lines = []
        return lines[-1] if lines else "no message"


def _is_running(pid: int) -> bool:
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.Error:
        return False
