"""Running our own commands as a user would, each in its own process, with its output kept."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gazecore.errors import FocusStationError
from gazecore.lsl import SESSION_VARIABLE
from gazecore.processes import child_environment, focusstation_command

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


class DemoStepError(FocusStationError):
    """A step of the demo failed; its log tells more."""

    def __init__(self, step: str, status: int, log: Path, last_line: str) -> None:
        super().__init__(f"demo step {step!r} ended with status {status}: {last_line}; see {log}")


@dataclass(frozen=True, slots=True)
class Commands:
    """Runs commands with their logs in `logs`, in an LSL session of the demo's own."""

    logs: Path
    lsl_session: str

    def environment(self) -> dict[str, str]:
        """The environment of all the demo's processes: one LSL session, one thread each."""
        return {
            **child_environment(),
            SESSION_VARIABLE: self.lsl_session,
            "OMP_NUM_THREADS": "1",
            "PYTHONUNBUFFERED": "1",
        }

    def start(self, step: str, arguments: Sequence[str]) -> subprocess.Popen[bytes]:
        """Start ``focusstation ARGUMENTS`` without waiting for it."""
        with self._log(step).open("ab") as log:
            return subprocess.Popen(
                focusstation_command(*arguments),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=self.environment(),
            )

    def run(self, step: str, arguments: Sequence[str], *, limit_s: float = 600) -> float:
        """Run ``focusstation ARGUMENTS`` to its end; returns the seconds it took.

        Raises
        ------
        DemoStepError
            It failed or took longer than `limit_s`.
        """
        began_s = time.monotonic()
        process = self.start(step, arguments)
        try:
            status = process.wait(limit_s)
        except subprocess.TimeoutExpired:
            process.terminate()
            process.wait(10)
            raise DemoStepError(step, -1, self._log(step), f"no end in {limit_s:g} s") from None
        if status != 0:
            raise DemoStepError(step, status, self._log(step), last_line(self._log(step)))
        return time.monotonic() - began_s

    def _log(self, step: str) -> Path:
        self.logs.mkdir(parents=True, exist_ok=True)
        return self.logs / f"{step.replace(' ', '-')}.log"


def last_line(log: Path) -> str:
    """The last line of a log that is not empty."""
    lines = [line for line in log.read_text(errors="replace").splitlines() if line.strip()]
    return lines[-1] if lines else "(no output)"


def interpreter() -> str:
    """Name and version of the interpreter, for the summary."""
    return f"{sys.implementation.name} {'.'.join(map(str, sys.version_info[:3]))} on {os.name}"
