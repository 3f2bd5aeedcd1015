"""Runs on disk: reading on in a growing progress file, and whether a run's process lives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psutil
from pydantic import ValidationError

from app.training_menu.viewmodel import RunView
from gazecore.messages import AnyProgress, RunStarted, parse_progress

if TYPE_CHECKING:
    from pathlib import Path

PROGRESS_FILE = "progress.jsonl"
CLOCK_SLACK_S = 2.0


class RunFolder:
    """One run's folder; `read` gives the run as of now, reading only what is new.

    A line that is not complete yet waits for its end; a line that cannot be read is counted in
    `damaged` and passed over.
    """

    def __init__(self, folder: Path) -> None:
        self.view = RunView(folder)
        self.damaged = 0
        self._offset = 0
        self._started_s = 0.0

    def read(self) -> RunView:
        """Take in what the run wrote since; a run whose process vanished is gone."""
        self._take_in()
        if self.view.state == "running" and self.process() is None:
            # It may have said how it ended between our reading and our looking.
            self._take_in()
            if self.view.state == "running":
                self.view = self.view.gone("its process ended without a word; start it again")
        return self.view

    def process(self) -> psutil.Process | None:
        """The run's process if it is alive; a later process with the same pid is not it."""
        if self.view.pid is None:
            return None
        try:
            process = psutil.Process(self.view.pid)
            is_it = process.create_time() <= self._started_s + CLOCK_SLACK_S
            if is_it and process.status() != psutil.STATUS_ZOMBIE:
                return process
        except psutil.NoSuchProcess:
            return None
        return None

    def _take_in(self) -> None:
        messages = self._new_messages()
        for message in messages:
            if isinstance(message, RunStarted):
                self._started_s = message.t_unix_s
        if messages:
            self.view = self.view.after(messages)

    def _new_messages(self) -> list[AnyProgress]:
        try:
            with (self.view.folder / PROGRESS_FILE).open("rb") as file:
                file.seek(self._offset)
                new = file.read()
        except FileNotFoundError:
            return []
        whole = new[: new.rfind(b"\n") + 1]
        self._offset += len(whole)
        return [m for line in whole.splitlines() if (m := self._parse(line)) is not None]

    def _parse(self, line: bytes) -> AnyProgress | None:
        try:
            return parse_progress(line)
        except ValidationError:
            self.damaged += 1
            return None


def find_runs(runs: Path) -> list[RunFolder]:
    """All runs in a folder of runs, the oldest first, whoever started them."""
    if not runs.is_dir():
        return []
    files = sorted(runs.glob(f"*/{PROGRESS_FILE}"), key=lambda file: file.stat().st_mtime)
    return [RunFolder(file.parent) for file in files]
