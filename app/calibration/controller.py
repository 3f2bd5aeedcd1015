"""Calibrates the tracker and validates it; shows targets, tells where the reader sits."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from app.calibration.calibrated_point import computed_points
from app.calibration.eyes import EyesSeen, eyes_seen
from app.calibration.guide import PositionGuide
from app.calibration.measurement import Looked, area_seen, look, verdict
from app.calibration.points import CALIBRATION_POINTS, VALIDATION_POINTS, TargetPoint
from app.calibration.steps import StepRunner, Steps
from app.calibration.targets import Pace, Targets
from app.calibration.tracker_calibration import TrackerCalibration
from app.calibration.viewmodel import CalibrationState, offsets_of
from gazecore.lsl import clock_s
from gazecore.messages import AnyMarker, CalibrationDone

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.calibration.plan import CalibrationPlan
    from app.calibration.position import HeadPosition
    from app.calibration.tracker_calibration import TrackerCall
    from gazecore.control import Answer
    from gazecore.live_gaze import LiveGaze
    from gazecore.messages import EyeName

EYES_EVERY_MS = 250
EYES_OVER_S = 0.5


@dataclass(frozen=True, slots=True)
class CalibrationMade:
    """A calibration as its marker tells it, and the tracker's own data where it gives it."""

    marker: CalibrationDone
    data: bytes | None


class CalibrationController(QObject):
    """Runs calibration and validation.

    Parameters
    ----------
    call_tracker : TrackerCall
        Asks the tracker off the GUI's thread.
    publish : callable
        Sends a marker to the recording and to the tracker.
    live : LiveGaze
        The gaze stream as it arrives.
    plan : CalibrationPlan
        What is calibrated for.

    Signals
    -------
    state_changed : CalibrationState
    eyes_changed : EyesSeen
        While eyes are watched, at most four times a second.
    position_changed : HeadPosition
        The same.
    calibration_made : CalibrationMade
        A calibration was computed or re-applied, to be kept; or it failed.
    validation_made : ValidationDone
        A validation has its verdict, accepted or not.
    accepted : ValidationDone or None
        The reader or operator goes on; None without any check, where nothing can be calibrated.
    cancelled
    """

    state_changed = Signal(object)
    eyes_changed = Signal(object)
    position_changed = Signal(object)
    calibration_made = Signal(object)
    validation_made = Signal(object)
    accepted = Signal(object)
    cancelled = Signal()

    def __init__(
        self,
        *,
        call_tracker: TrackerCall,
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
        self._state = CalibrationState()
        self._targets = Targets(publish, self._on_target, pace or Pace())
        self._tracker = TrackerCalibration(call_tracker, self._targets)
        self._runner = StepRunner(self)
        self._runner.failed.connect(self._on_failed)
        self._eyes = EyesSeen()
        self._guide = PositionGuide(call_tracker, plan.screen.distance_mm, self)
        self._guide.position_changed.connect(self.position_changed)
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

    @property
    def position(self) -> HeadPosition:
        """Where the reader sat last."""
        return self._guide.position

    def use_eye(self, eye: EyeName) -> None:
        """Hold this eye's figures against the limits from now on."""
        self.plan = replace(self.plan, eye=eye)

    def watch_eyes(self, is_watching: bool) -> None:
        """Tell how the eyes are seen, or rest."""
        if is_watching:
            self._eye_timer.start()
        else:
            self._eye_timer.stop()

    def start_calibration(self) -> None:
        """Calibrate from the start with all targets."""
        if self.plan.can_calibrate and not self._state.is_running:
            points = CALIBRATION_POINTS[self.plan.settings.points]
            self._show(self._state.calibrating(len(points)))
            self._runner.run(self._calibrate(points))

    def redo(self, points: Sequence[TargetPoint]) -> None:
        """Collect these targets again and compute anew; the others keep their samples."""
        if points and self._state.can_redo:
            self._show(self._state.calibrating(len(points)))
            self._runner.run(self._calibrate(points, again=True))

    def toggle_point(self, index: int) -> None:
        """Mark a point for another try, or not any more."""
        self._show(self._state.toggled(index))

    def move_point(self, steps: int) -> None:
        """Bring the keyboard to another point."""
        self._show(self._state.moved(steps))

    def reapply(self) -> None:
        """Bring the reader's calibration from earlier back, and check it at once."""
        if self.plan.kept is not None and not self._state.is_running:
            self._show(self._state.validating(0))
            self._runner.run(self._reapply(self.plan.kept.data))

    def start_validation(self) -> None:
        """Measure gaze at other targets; the tracker leaves calibration before."""
        if not self._state.is_running:
            self._show(self._state.validating(self.plan.settings.validation_points))
            self._runner.run(self._validate())

    def accept(self) -> None:
        """Go on with this calibration; only after a validation, passed or not."""
        if self._state.can_accept:
            self.stop()
            self.accepted.emit(self._state.validation)

    def go_on_unchecked(self) -> None:
        """Go on without a check; only where nothing can be calibrated."""
        if not self.plan.can_calibrate and not self._state.is_running:
            self.accepted.emit(None)

    def cancel(self) -> None:
        """Stop whatever runs; the tracker leaves calibration, what was applied stays."""
        self.stop()
        self._show(CalibrationState())
        self.cancelled.emit()

    def stop(self) -> None:
        """Stop whatever runs and let the tracker leave calibration."""
        self._runner.stop()
        self._targets.take_away()
        self._tracker.abandon()

    def _calibrate(self, points: Sequence[TargetPoint], *, again: bool = False) -> Steps:
        yield from self._tracker.collect(points, again=again)
        answers: list[tuple[CalibrationDone, Answer]] = []
        yield from self._tracker.compute(
            lambda answer: answers.append((self._computed(answer), answer))
        )
        marker, answer = answers[0]
        # The device's data comes first: nobody can go on before it is kept.
        yield from self._tracker.data(lambda data: self._made(marker, data))
        self._show(self._state.calibrated(computed_points(answer)))

    def _computed(self, answer: Answer) -> CalibrationDone:
        points = computed_points(answer)
        marker = CalibrationDone(
            t_s=clock_s(),
            succeeded=bool(answer.get("succeeded", False)),
            points_norm=tuple((p.point.x_norm, p.point.y_norm) for p in points),
            active=self._tracker.active,
            targets=tuple(point.target() for point in points),
            background_level=self.plan.background_level,
        )
        self._publish(marker)
        if not marker.succeeded:
            self._made(marker, None)
        return marker

    def _made(self, marker: CalibrationDone, data: bytes | None) -> None:
        self.calibration_made.emit(CalibrationMade(marker, data))

    def _reapply(self, data: bytes) -> Steps:
        yield from self._tracker.apply(data)
        kept = self.plan.kept
        targets = kept.targets if kept is not None else ()
        marker = CalibrationDone(
            t_s=clock_s(),
            succeeded=True,
            points_norm=tuple((target.x_norm, target.y_norm) for target in targets),
            detail="" if kept is None else f"made {kept.made_utc} in {kept.session_id}",
            active=self._tracker.active,
            source="reapplied",
            targets=targets,
            background_level=self.plan.background_level,
        )
        self._publish(marker)
        self._made(marker, data)
        self._show(self._state.reapplied())
        self._show(self._state.validating(self.plan.settings.validation_points))
        yield from self._validate()

    def _validate(self) -> Steps:
        yield from self._tracker.leave()
        all_looked: list[Looked] = []
        for point in VALIDATION_POINTS[self.plan.settings.validation_points]:
            yield from look(self._targets, self._live, point, "validation", all_looked.append)
        marker = verdict(all_looked, self.plan, clock_s(), area_seen(self._live))
        self._publish(marker)
        self._show(self._state.validated(marker, offsets_of(marker.targets, marker.eye)))
        self.validation_made.emit(marker)

    def _on_target(self, target: TargetPoint | None) -> None:
        self._show(self._state.at(target))

    def _on_eye_timer(self) -> None:
        samples = self._live.last(EYES_OVER_S)
        eyes = eyes_seen(samples)
        if eyes != self._eyes:
            self._eyes = eyes
            self.eyes_changed.emit(eyes)
        if not self._state.is_running:
            self._guide.look(samples)

    def _on_failed(self, message: str) -> None:
        self.stop()
        self._show(self._state.failed(message))

    def _show(self, state: CalibrationState) -> None:
        if state != self._state:
            self._state = state
            self.state_changed.emit(state)
