"""What a run tells the world: JSON lines in its folder and on a stream, and a state file."""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING, Literal

from gazecore.messages import (
    CheckpointSaved,
    MetricMeasured,
    Progress,
    RunFailed,
    RunFinished,
    RunStarted,
    StepDone,
)
from training.engine.durable import make_folder, write_json

if TYPE_CHECKING:
    from pathlib import Path

Task = Literal["predictor", "pretrain", "evaluate", "compare", "predict"]


class RunReport:
    """Reports one run as `gazecore.messages` lines in ``progress.jsonl``.

    ``state.json`` beside it holds pid, state and step, so that a station that was restarted
    finds the run again. A stream that nobody reads any more is forgotten, not an error.

    Parameters
    ----------
    folder : Path
        The run's folder, made if need be.
    task : str
        What kind of run it is.
    quiet : bool
        Do not repeat the lines on stdout.
    to_stderr : bool
        Repeat them on stderr instead, where stdout is for the result.
    """

    def __init__(
        self, folder: Path, task: Task, *, quiet: bool = False, to_stderr: bool = False
    ) -> None:
        self.folder = make_folder(folder)
        self._task: Task = task
        self._quiet = quiet
        self._to_stderr = to_stderr
        self._step = 0

    def started(self, total_steps: int, *, resumed_at_step: int = 0, device: str = "cpu") -> None:
        """The run begins or goes on."""
        self._step = resumed_at_step
        self._write(
            RunStarted(
                t_unix_s=time.time(),
                run=self.folder.name,
                task=self._task,
                total_steps=total_steps,
                pid=os.getpid(),
                resumed_at_step=resumed_at_step,
                device=device,
            )
        )
        self._write_state("running")

    def step(self, step: int, epoch: int, values: dict[str, float]) -> None:
        """Some steps are done."""
        self._step = step
        finite = {name: value for name, value in values.items() if value == value}  # noqa: PLR0124
        self._write(StepDone(t_unix_s=time.time(), step=step, epoch=epoch, values=finite))

    def metric(self, name: str, value: float) -> None:
        """A figure was measured."""
        self._write(MetricMeasured(t_unix_s=time.time(), step=self._step, name=name, value=value))

    def checkpoint(self, step: int, file: Path) -> None:
        """A checkpoint is on disk."""
        self._step = step
        self._write(CheckpointSaved(t_unix_s=time.time(), step=step, file=str(file)))
        self._write_state("running")

    def finished(
        self,
        result: dict[str, float] | None = None,
        outcome: Literal["finished", "stopped"] = "finished",
    ) -> None:
        """The run ended by itself or on request."""
        self._write(RunFinished(t_unix_s=time.time(), outcome=outcome, result=result or {}))
        self._write_state(outcome)

    def failed(self, error: str) -> None:
        """The run ended by an error."""
        self._write(RunFailed(t_unix_s=time.time(), error=error))
        self._write_state("failed")

    def _write(self, message: Progress) -> None:
        line = message.to_json() + "\n"
        with (self.folder / "progress.jsonl").open("a", encoding="utf-8") as file:
            file.write(line)
        if self._quiet:
            return
        stream = sys.stderr if self._to_stderr else sys.stdout
        try:
            stream.write(line)
            stream.flush()
        except OSError:  # the reader of our stream is gone; the run outlives it
            self._quiet = True

    def _write_state(self, state: str) -> None:
        write_json(
            self.folder / "state.json",
            {
                "schema_version": 1,
                "task": self._task,
                "state": state,
                "pid": os.getpid(),
                "step": self._step,
                "t_unix_s": time.time(),
            },
        )
