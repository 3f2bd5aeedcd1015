"""Looks at everything a sitting needs, off the GUI thread, and tells whether it may start."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from app.preflight.viewmodel import PreflightState
from gazecore import preflight_probe as probe
from gazecore.preflight import CheckResult, Found, ScreenFound, SittingPlan, judged

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SEND_EVERY_MS = 150


@dataclass(frozen=True, slots=True)
class PreflightPlan:
    """What to look at before a sitting.

    Attributes
    ----------
    stream : str
        The gaze stream's name.
    source_id : str
        Of the station's own markers.
    folder : Path
        Where the recording goes.
    plan : SittingPlan
    screen : ScreenFound
    refusal : callable
        Why the station cannot read this gaze, empty if it can; called after the stream was seen,
        from another thread.
    """

    stream: str
    source_id: str
    folder: Path
    plan: SittingPlan
    screen: ScreenFound
    refusal: Callable[[], str] = str


class PreflightController(QObject):
    """One look before one sitting.

    Parameters
    ----------
    send_marker : callable
        Makes the station send a marker now, so that it can come back.

    Signals
    -------
    state_changed : `PreflightState`
    passed : tuple of `CheckResult`
        The sitting may start: nothing is in the way.
    left : str
        It does not start; the text says why, empty if it was left without a reason.
    """

    state_changed = Signal(object)
    passed = Signal(tuple)
    left = Signal(str)
    _done = Signal(object)

    def __init__(self, send_marker: Callable[[], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._send_marker = send_marker
        self._state = PreflightState()
        self._plan: PreflightPlan | None = None
        self._worker = ThreadPoolExecutor(max_workers=6, thread_name_prefix="preflight")
        self._sending = QTimer(self)
        self._sending.setInterval(SEND_EVERY_MS)
        self._sending.timeout.connect(self._send_marker)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.timeout.connect(self.go_on)
        self._done.connect(self._on_done, Qt.ConnectionType.QueuedConnection)

    @property
    def state(self) -> PreflightState:
        """What the page shows."""
        return self._state

    def look(self, plan: PreflightPlan) -> None:
        """Look at everything; `passed` or `left` follows, after a stop on a person's word."""
        self._plan = plan
        self._pause.stop()
        self._show(PreflightState())
        self._sending.start()
        future = self._worker.submit(self._looked, plan)
        future.add_done_callback(lambda done: self._done.emit((plan, done)))

    def look_again(self) -> None:
        """Look at everything once more, where the sitting was not allowed to start."""
        if self._plan is not None and self._state.phase == "done":
            self.look(self._plan)

    def go_on(self) -> None:
        """Start the sitting now, if nothing is in the way."""
        if self._plan is not None and self._state.may_go_on:
            self._pause.stop()
            self._plan = None
            self._show(self._state.gone_on())
            self.passed.emit(self._state.results)

    def leave(self) -> None:
        """Do not start the sitting."""
        if self._plan is None:
            return
        stops = [result for result in self._state.results if result.level == "stop"]
        self._rest()
        self.left.emit("; ".join(f"{r.what}: {r.detail}: {r.to_do}" for r in stops))

    def cancel(self) -> None:
        """Stop looking; neither signal follows."""
        self._rest()

    def close(self) -> None:
        """Rest for ever; waits for a look that is under way."""
        self._rest()
        self._worker.shutdown(wait=True)

    def _rest(self) -> None:
        self._plan = None
        self._sending.stop()
        self._pause.stop()

    def _looked(self, plan: PreflightPlan) -> tuple[CheckResult, ...]:
        """All looks side by side; the clocks are watched as long as they take."""
        gaze = self._worker.submit(probe.look_at_gaze, plan.stream)
        markers = self._worker.submit(probe.look_at_markers, plan.source_id)
        clocks = probe.look_at_clocks(lambda: (gaze.exception(), markers.exception()))
        return judged(
            Found(
                plan.plan,
                replace(gaze.result(), problem=gaze.result().problem or plan.refusal()),
                markers.result(),
                clocks,
                probe.look_at_place(plan.folder),
                plan.screen,
            )
        )

    def _on_done(self, outcome: tuple[PreflightPlan, Future[tuple[CheckResult, ...]]]) -> None:
        plan, future = outcome
        if plan is not self._plan:
            return
        self._sending.stop()
        self._show(self._state.found(future.result()))
        if self._state.may_go_on:
            self._pause.start(round(1000 * self._state.pause_s))

    def _show(self, state: PreflightState) -> None:
        self._state = state
        self.state_changed.emit(state)
