"""A sequence of steps in time, written from top to bottom: a generator driven by Qt.

The generator yields seconds to wait or a future to wait for, and gets the future's result back,
or its error thrown in. It runs on the thread of the `StepRunner`; nothing blocks.
"""

from __future__ import annotations

from collections.abc import Generator
from concurrent.futures import CancelledError, Future
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from gazecore.errors import FocusStationError

Steps = Generator["float | Future[Any]", Any, None]


class StepRunner(QObject):
    """Runs one generator of steps at a time.

    Signals
    -------
    finished
        The generator came to its end.
    failed : str
        It ended by a `FocusStationError`, in one line.
    """

    finished = Signal()
    failed = Signal(str)
    _arrived = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._steps: Steps | None = None
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.timeout.connect(self._on_paused)
        self._arrived.connect(self._on_arrived)

    @property
    def is_running(self) -> bool:
        """Whether steps are left."""
        return self._steps is not None

    def run(self, steps: Steps) -> None:
        """Run these steps; those that ran before are given up."""
        self.stop()
        self._steps = steps
        self._advance(None, None)

    def stop(self) -> None:
        """Give up: no further step runs, neither signal follows."""
        self._pause.stop()
        if self._steps is not None:
            self._steps.close()
            self._steps = None

    def _advance(self, value: object, error: BaseException | None) -> None:
        steps = self._steps
        if steps is None:
            return
        try:
            wanted = steps.send(value) if error is None else steps.throw(error)
        except StopIteration:
            self._steps = None
            self.finished.emit()
        except FocusStationError as failure:
            self._steps = None
            self.failed.emit(str(failure))
        else:
            self._wait_for(wanted)

    def _wait_for(self, wanted: float | Future[Any]) -> None:
        if isinstance(wanted, Future):
            steps = self._steps
            wanted.add_done_callback(lambda done: self._arrived.emit((steps, done)))
        else:
            self._pause.start(round(1000 * wanted))

    def _on_paused(self) -> None:
        self._advance(None, None)

    def _on_arrived(self, arrival: tuple[Steps, Future[Any]]) -> None:
        steps, future = arrival
        if steps is not self._steps:
            return
        try:
            result = future.result()
        except (FocusStationError, CancelledError) as error:
            self._advance(None, error)
        else:
            self._advance(result, None)
