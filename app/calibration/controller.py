"""Calibrates the tracker and validates it: shows targets, asks the tracker, measures gaze."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol

from PySide6.QtCore import QObject, QTimer, Signal

from app.calibration.eyes import EyesSeen, eyes_seen
from app.calibration.measurement import Measured, measure, verdict
from app.calibration.points import CALIBRATION_POINTS, VALIDATION_POINTS, TargetPoint
from app.calibration.steps import StepRunner, Steps
from app.calibration.viewmodel import CalibrationState, computed_points
from gazecore.errors import ControlError, TrackerError
from gazecore.lsl import clock_s
from gazecore.messages import AnyMarker, CalibrationDone, TargetHidden, TargetShown

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Future

    from gazecore.control import Answer
    from gazecore.geometry import Screen
    from gazecore.live_gaze import LiveGaze
    from gazecore.study.protocol import Calibration

EYES_EVERY_MS = 250
EYES_OVER_S = 0.5
ARRIVAL_EVERY_S = 0.02

Purpose = Literal["calibration", "validation"]


class TrackerCall(Protocol):
    """Asks the tracker process without waiting."""

    def __call__(self, command: str, /, **arguments: Any) -> Future[Answer]:
        """Send a command; the future holds the answer or a `ControlError`."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How long targets stay.

    Attributes
    ----------
    settle_s : float
        From a target's appearance until gaze is taken: reaction time and the saccade there.
    measure_s : float
        The interval a validation target is measured in.
    arrive_s : float
        How long at most to wait for the interval's last samples.
    between_s : float
        Without a target.
    """

    settle_s: float = 0.9
    measure_s: float = 0.5
    arrive_s: float = 1.0
    between_s: float = 0.12


class CalibrationController(QObject):
    """Runs calibration and validation; one instance per sitting.

    Parameters
    ----------
    call_tracker : TrackerCall
        Asks the tracker off the GUI's thread.
    publish : callable
        Sends a marker to the recording and to the tracker.
    live : LiveGaze
        The gaze stream as it arrives.
    screen : Screen
        The tracked screen.
    settings : Calibration
        The protocol's points and limits.

    Signals
    -------
    state_changed : CalibrationState
    eyes_changed : EyesSeen
        While eyes are watched, at most four times a second.
    accepted : ValidationDone
        The reader or operator goes on with this calibration.
    cancelled
    """

    state_changed = Signal(object)
    eyes_changed = Signal(object)
    accepted = Signal(object)
    cancelled = Signal()

    def __init__(
        self,
        *,
        call_tracker: TrackerCall,
        publish: Callable[[AnyMarker], None],
        live: LiveGaze,
        screen: Screen,
        settings: Calibration,
        pace: Pace | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._call = call_tracker
        self._publish = publish
        self._live = live
        self._screen = screen
        self.settings = settings
        self._pace = pace or Pace()
        self._state = CalibrationState()
        self._is_in_mode = False
        self._runner = StepRunner(self)
        self._runner.failed.connect(self._on_failed)
        self._eyes = EyesSeen()
        self._eye_timer = QTimer(self)
        self._eye_timer.setInterval(EYES_EVERY_MS)
        self._eye_timer.timeout.connect(self._on_eye_timer)

    @property
    def state(self) -> CalibrationState:
        """What the page shows now."""
        return self._state

    @property
    def eyes(self) -> EyesSeen:
        """The eyes as last seen."""
        return self._eyes

    def watch_eyes(self, is_watching: bool) -> None:
        """Tell how the eyes are seen, or rest."""
        if is_watching:
            self._eye_timer.start()
        else:
            self._eye_timer.stop()

    def start_calibration(self) -> None:
        """Calibrate from the start with all targets."""
        points = CALIBRATION_POINTS[self.settings.points]
        self._show(self._state.calibrating(len(points)))
        self._runner.run(self._calibrate(points))

    def redo(self, points: Sequence[TargetPoint]) -> None:
        """Collect these targets again and compute anew; the others keep their samples."""
        if not points:
            return
        self._show(self._state.calibrating(len(points)))
        self._runner.run(self._calibrate(points, again=True))

    def start_validation(self) -> None:
        """Measure gaze at other targets; the tracker leaves calibration before."""
        points = VALIDATION_POINTS[self.settings.validation_points]
        self._show(self._state.validating(len(points)))
        self._runner.run(self._validate(points))

    def accept(self) -> None:
        """Go on with this calibration; only after a validation, passed or not."""
        if self._state.can_accept:
            self.accepted.emit(self._state.validation)

    def cancel(self) -> None:
        """Stop whatever runs; the tracker leaves calibration, what was applied stays."""
        self.stop()
        self._show(CalibrationState())
        self.cancelled.emit()

    def stop(self) -> None:
        """Stop whatever runs and let the tracker leave calibration."""
        was_shown = self._state.target is not None
        self._runner.stop()
        if was_shown:
            self._publish(TargetHidden(t_s=clock_s()))
        if self._is_in_mode:
            self._is_in_mode = False
            self._call("calibration_leave")

    def _calibrate(self, points: Sequence[TargetPoint], *, again: bool = False) -> Steps:
        if not self._is_in_mode:
            yield self._call("calibration_start")
            self._is_in_mode = True
        for point in points:
            where = {"x_norm": point.x_norm, "y_norm": point.y_norm}
            yield from self._show_target(point, "calibration")
            if again:
                yield self._call("calibration_discard", **where)
            try:
                yield self._call("calibration_collect", **where)
            except ControlError:
                yield self._call("calibration_collect", **where)
            yield from self._hide_target()
        answer = yield self._call("calibration_compute")
        self._on_computed(answer)

    def _on_computed(self, answer: Answer) -> None:
        points = computed_points(answer)
        succeeded = bool(answer.get("succeeded", False))
        self._publish(
            CalibrationDone(
                t_s=clock_s(),
                succeeded=succeeded,
                points_norm=tuple((p.point.x_norm, p.point.y_norm) for p in points),
            )
        )
        if not succeeded:
            raise TrackerError(
                "the tracker could not compute a calibration and keeps the one before; "
                "check that both eyes are seen, then calibrate again"
            )
        self._show(self._state.calibrated(points))

    def _validate(self, points: Sequence[TargetPoint]) -> Steps:
        if self._is_in_mode:
            yield self._call("calibration_leave")
            self._is_in_mode = False
        measured: list[Measured] = []
        for point in points:
            yield from self._show_target(point, "validation")
            start_s = clock_s()
            stop_s = start_s + self._pace.measure_s
            yield self._pace.measure_s
            yield from self._await_samples_until(stop_s)
            samples = self._live.between(start_s, stop_s)
            rate_hz = self._live.status().nominal_rate_hz
            expected = round(rate_hz * self._pace.measure_s)
            measured.append(measure(samples, point, self._screen, expected))
            yield from self._hide_target()
        marker = verdict(measured, self.settings, clock_s())
        self._publish(marker)
        self._show(self._state.validated(marker, [m.offset for m in measured]))

    def _await_samples_until(self, stop_s: float) -> Steps:
        """Wait until a sample from after `stop_s` tells that those before have come."""
        deadline_s = clock_s() + self._pace.arrive_s
        while clock_s() < deadline_s and not len(self._live.between(stop_s, math.inf)):
            yield ARRIVAL_EVERY_S

    def _show_target(self, point: TargetPoint, purpose: Purpose) -> Steps:
        self._show(self._state.at(point))
        self._publish(
            TargetShown(t_s=clock_s(), purpose=purpose, x_norm=point.x_norm, y_norm=point.y_norm)
        )
        yield self._pace.settle_s

    def _hide_target(self) -> Steps:
        self._publish(TargetHidden(t_s=clock_s()))
        self._show(self._state.looked())
        yield self._pace.between_s

    def _on_eye_timer(self) -> None:
        eyes = eyes_seen(self._live.last(EYES_OVER_S))
        if eyes != self._eyes:
            self._eyes = eyes
            self.eyes_changed.emit(eyes)

    def _on_failed(self, message: str) -> None:
        self.stop()
        self._show(self._state.failed(message))

    def _show(self, state: CalibrationState) -> None:
        if state != self._state:
            self._state = state
            self.state_changed.emit(state)
