"""Checks between two cases whether gaze still meets a target."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.calibration.drift import DriftState
from app.calibration.measurement import Looked, area_seen, look
from app.calibration.points import DRIFT_POINT, TargetPoint
from app.calibration.steps import StepRunner, Steps
from app.calibration.targets import Pace, Targets
from gazecore.lsl import clock_s
from gazecore.quality import drift_at_target, eye_before_screen

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Literal

    from app.calibration.plan import CalibrationPlan
    from gazecore.live_gaze import LiveGaze
    from gazecore.messages import AnyMarker, DriftChecked, DriftReason

    Outcome = Literal["", "again", "recalibrated", "went_on", "left"]

PASSED_S = 0.25
"""The screen stays on its grey for a moment before the next case comes."""


class DriftController(QObject):
    """One target in the middle, measured once, and once more after a miss; then a choice.

    Signals
    -------
    state_changed : DriftState
    checked : DriftChecked
        The check is over, however it went; to be stored. Its marker is out.
    finished
        Read on.
    recalibration_requested
        The reader wants to calibrate instead.
    """

    state_changed = Signal(object)
    checked = Signal(object)
    finished = Signal()
    recalibration_requested = Signal()

    def __init__(
        self,
        *,
        publish: Callable[[AnyMarker], None],
        live: LiveGaze,
        plan: CalibrationPlan,
        pace: Pace | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._publish = publish
        self._live = live
        self.plan = plan
        self._state = DriftState()
        self._targets = Targets(publish, self._on_target, pace or Pace())
        self._runner = StepRunner(self)

    @property
    def state(self) -> DriftState:
        """How the check stands."""
        return self._state

    def start(self, reason: DriftReason) -> None:
        """Show the target and measure."""
        self._show(DriftState(reason))
        self._runner.run(self._check())

    def look_again(self) -> None:
        """Measure once more, by the reader's choice."""
        if self._state.is_asking:
            self._end("again")
            self.start(self._state.reason)

    def recalibrate(self) -> None:
        """Calibrate instead of reading on with this drift."""
        if self._state.is_asking:
            self._end("recalibrated")
            self.recalibration_requested.emit()

    def go_on(self) -> None:
        """Read on with this drift; it is written down."""
        if self._state.is_asking:
            self._end("went_on")
            self.finished.emit()

    def ask_again(self) -> None:
        """Ask again, after a calibration that was chosen and left."""
        if self._state.phase == "over":
            self._show(self._state.reopened())

    def leave(self) -> None:
        """Read on without the check, at any moment; that is written down."""
        if self._state.is_over:
            return
        self.stop()
        if self._state.result is None:
            self._show(self._state.measured(self._measured(None)))
        self._end("left")
        self.finished.emit()

    def stop(self) -> None:
        """Stop whatever runs."""
        self._runner.stop()
        self._targets.take_away()

    def _check(self) -> Steps:
        while True:
            found: list[Looked] = []
            yield from look(self._targets, self._live, DRIFT_POINT, "drift", found.append)
            self._show(self._state.measured(self._measured(found[0])))
            if self._state.phase != "again":
                break
            yield self._targets.pace.again_s
        if self._state.is_over:
            yield PASSED_S
            self._end("")
            self.finished.emit()

    def _measured(self, looked: Looked | None) -> DriftChecked:
        plan = self.plan
        samples = self._live.between(0.0, 0.0) if looked is None else looked.samples
        eye_mm = eye_before_screen(samples, plan.eye, area_seen(self._live))
        found = drift_at_target(
            clock_s(),
            samples,
            (DRIFT_POINT.x_norm, DRIFT_POINT.y_norm),
            plan.screen,
            plan.settings.max_drift_deg,
            eye=plan.eye,
            eye_mm=eye_mm,
        )
        return found.model_copy(
            update={"reason": self._state.reason, "background_level": plan.background_level}
        )

    def _end(self, outcome: Outcome) -> None:
        """Write the last measurement down with what became of it."""
        result = self._state.result
        if result is None:
            return
        marker = result.model_copy(update={"outcome": outcome})
        self._show(self._state.chosen())
        self._publish(marker)
        self.checked.emit(marker)

    def _on_target(self, target: TargetPoint | None) -> None:
        self._show(replace(self._state, is_shown=target is not None))

    def _show(self, state: DriftState) -> None:
        if state != self._state:
            self._state = state
            self.state_changed.emit(state)
