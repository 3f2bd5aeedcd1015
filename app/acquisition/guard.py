"""Starts a child process again when it has died, on a thread of its own."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from app.acquisition.viewmodel import ChildDied, ChildRevived, Restarts
from gazecore.errors import AcquisitionError, FocusStationError
from gazecore.lsl import clock_s

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.acquisition.child import Child

LOOK_EVERY_MS = 100
AGAIN_AFTER_MS = 1000


class Guard(QObject):
    """Watches one `Child` ten times a second while it is active.

    Parameters
    ----------
    child : Child
        The process to keep alive.
    arguments : callable
        Gives the arguments of the next process; called on the guard's thread.
    restarts : Restarts
        How often it may be started again.
    restore : callable
        Gives the new process what the old one knew; called on the guard's thread, returns what
        became of that, in a few words.

    Signals
    -------
    died : `ChildDied`
        It ended without being asked to; it is being started again unless `is_final`.
    revived : `ChildRevived`
        A new process answers in its place.
    """

    died = Signal(object)
    revived = Signal(object)
    _done = Signal(object)

    def __init__(
        self,
        child: Child,
        arguments: Callable[[], Sequence[str]],
        restarts: Restarts,
        restore: Callable[[], str] = str,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._child = child
        self._arguments = arguments
        self._restarts = restarts
        self._restore = restore
        self._seen_s = 0.0
        self._trouble = self._reason = ""
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix=f"guard-{child.name}")
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_EVERY_MS)
        self._timer.timeout.connect(self._on_look)
        self._done.connect(self._on_done, Qt.ConnectionType.QueuedConnection)

    @property
    def trouble(self) -> str:
        """What is wrong with the process now, in a few words; empty while it lives."""
        return self._trouble

    def set_active(self, is_active: bool) -> None:
        """Keep the process alive from now on, or let it end."""
        if is_active:
            self._seen_s, self._trouble = clock_s(), ""
            self._timer.start()
        else:
            self._timer.stop()
            self._trouble = ""

    def close(self) -> None:
        """Rest for ever; waits for a start that is under way."""
        self.set_active(False)
        self._worker.shutdown(wait=True)

    def _on_look(self) -> None:
        if not self._child.has_died():
            self._seen_s = clock_s()
            return
        self._revive("")

    def _revive(self, reason: str) -> None:
        """Start it again, or give up where that was tried often enough."""
        self._timer.stop()
        name, now_s = self._child.name, clock_s()
        if not self._restarts.may_follow(now_s):
            why = f": {reason}" if reason else ""
            self._trouble = f"the {_called(name)} stopped and cannot be started again{why}"
            self.died.emit(ChildDied(name, self._seen_s, reason, is_final=True))
            return
        self._restarts = self._restarts.after(now_s)
        self._trouble = f"the {_called(name)} stopped; it is being started again"
        self.died.emit(ChildDied(name, self._seen_s, reason))
        future = self._worker.submit(self._start_again)
        future.add_done_callback(self._done.emit)

    def _start_again(self) -> ChildRevived:
        cause = self._child.bury()
        self._child.start(*self._arguments())
        restored = self._restore()
        return ChildRevived(self._child.name, self._seen_s, clock_s(), cause, restored)

    def _on_done(self, future: Future[ChildRevived]) -> None:
        if not self._trouble:
            return
        try:
            revived = future.result()
        except FocusStationError as error:
            self._retry(str(error))
        except OSError as error:
            self._retry(str(AcquisitionError(str(error))))
        else:
            self._trouble = ""
            self._timer.start()
            self.revived.emit(revived)

    def _retry(self, reason: str) -> None:
        self._reason = reason
        QTimer.singleShot(AGAIN_AFTER_MS, self, self._on_retry_due)

    def _on_retry_due(self) -> None:
        if self._trouble:
            self._revive(self._reason)


def _called(name: str) -> str:
    return "recorder" if name == "record" else name
