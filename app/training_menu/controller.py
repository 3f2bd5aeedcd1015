"""Starts training runs as processes that outlive the station, follows them, stops them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from app.commands.train import trainer_python
from app.training_menu.run_folder import RunFolder, find_runs
from gazecore.errors import FocusStationError
from gazecore.processes import child_environment, package_root, start_detached

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

    from app.training_menu.request import RunRequest
    from app.training_menu.viewmodel import RunView

EVERY_MS = 500


class TrainingController(QObject):
    """Knows all runs in one folder, those of an earlier station too.

    Parameters
    ----------
    runs : Path
        The folder of runs, one folder each.
    study : Path or None
        The open study, from whose maps a predictor learns.

    Signals
    -------
    run_changed : RunView
        A run wrote something, started, or ended.
    start_failed : str
        A run could not be started, in one line.
    """

    run_changed = Signal(object)
    start_failed = Signal(str)

    def __init__(
        self, runs: Path, study: Path | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.runs = runs.absolute()
        self.study = study
        self._folders = {folder.view.name: folder for folder in find_runs(self.runs)}
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self._on_tick)
        for folder in self._folders.values():
            folder.read()

    def views(self) -> list[RunView]:
        """All runs as of the last look, the oldest first."""
        return [folder.view for folder in self._folders.values()]

    def view(self, name: str) -> RunView:
        """One run as of the last look."""
        return self._folders[name].view

    def set_active(self, is_active: bool) -> None:
        """Follow the runs, or rest; runs go on either way."""
        if is_active:
            self._timer.start()
            self._on_tick()
        else:
            self._timer.stop()

    def start(self, request: RunRequest) -> None:
        """Start a run; `start_failed` says why where it cannot be."""
        try:
            request.check(self.runs)
            command = [trainer_python(), "-m", "training", *request.arguments(self.runs)]
            # `python -m` imports from the folder it starts in: ours, never the user's.
            process = start_detached(
                command,
                log=self._log(request.name),
                environment={**child_environment(), "OMP_NUM_THREADS": "1"},
                folder=package_root(),
            )
        except (FocusStationError, OSError) as error:
            self.start_failed.emit(str(error))
            return
        folder = RunFolder(self.runs / request.name)
        self._folders[request.name] = folder
        self._processes[request.name] = process
        self.run_changed.emit(folder.view)

    def stop(self, name: str) -> None:
        """Ask a run to save and end; it may take a few seconds to."""
        process = self._folders[name].process()
        started = self._processes.get(name)
        if process is not None:
            process.terminate()
        elif started is not None and started.poll() is None:
            started.terminate()

    def _on_tick(self) -> None:
        for name, folder in list(self._folders.items()):
            if not folder.view.is_active:
                self._reap(name)
                continue
            before = folder.view
            folder.read()
            self._check_start(name, folder)
            if folder.view != before:
                self.run_changed.emit(folder.view)

    def _check_start(self, name: str, folder: RunFolder) -> None:
        """A process that ended before its first progress line leaves its reason in the log."""
        process = self._processes.get(name)
        if folder.view.state == "starting" and process is not None and process.poll() is not None:
            folder.read()
            if folder.view.state == "starting":
                folder.view = folder.view.gone(self._last_line(name))

    def _reap(self, name: str) -> None:
        process = self._processes.get(name)
        if process is not None and process.poll() is not None:
            del self._processes[name]

    def _log(self, name: str) -> Path:
        return self.runs / f"{name}.log"

    def _last_line(self, name: str) -> str:
        lines = self._log(name).read_text(errors="replace").split("\n")
        return next((line for line in reversed(lines) if line.strip()), "it ended without a word")
