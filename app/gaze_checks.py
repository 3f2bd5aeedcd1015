"""Whether gaze is good: calibration before the first case, drift checks between cases.

Part of the building and connecting of `app.study_station`: it makes the calibration room's
controllers and pages for each sitting, leads them through `SessionFlow`, and stores what they
find with the session.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from app.calibration.background import CaseGrey
from app.calibration.controller import CalibrationController
from app.calibration.drift_controller import DriftController
from app.calibration.drift_watch import DriftWatch
from app.calibration.fit_zoom import fit_zoom
from app.calibration.plan import CalibrationPlan
from app.calibration.targets import Pace
from app.calibration.widgets.calibration_page import CalibrationPage
from app.calibration.widgets.click_watch import ClickWatch
from app.calibration.widgets.drift_page import DriftPage
from app.gaze_records import CheckedSitting, GazeRecords
from app.reading.widgets.answer_form import STRIP_HEIGHT_PX
from app.session import Step
from gazecore.geometry import Screen
from gazecore.study.kept_calibration import KeptCalibration, TrackerIdentity, last_calibration

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget  # noqa: TID251 - only its type

    from app.acquisition.controller import AcquisitionController
    from app.acquisition.viewmodel import ChildRevived, TrackerStatus
    from app.reading.controller import ReadingController
    from app.session import SessionFlow
    from app.shared.main_window import MainWindow
    from gazecore.dicom.decoder import Decoder
    from gazecore.display.screen_light import ScreenLight
    from gazecore.live_gaze import LiveGaze
    from gazecore.messages import DriftReason, ScreenState, ValidationDone
    from gazecore.study import Study
    from gazecore.study.records import DominantEye


@dataclass(frozen=True, slots=True)
class CheckedParts:
    """The parts of the station that checks work with."""

    study: Study
    window: MainWindow
    acquisition: AcquisitionController
    live: LiveGaze
    decoder: Decoder
    reading: ReadingController
    flow: SessionFlow
    answer_form: QWidget
    show_bare: Callable[[str], None]
    light: Callable[[], ScreenLight]


class GazeChecks(QObject):
    """Calibrates, validates and checks drift; at most one sitting at a time.

    `pace` is how long targets stay, from the next calibration or check on.
    """

    def __init__(self, parts: CheckedParts, parent: QObject) -> None:
        super().__init__(parent)
        self._parts = parts
        self.pace = Pace()
        self._sitting: CheckedSitting | None = None
        self._records = GazeRecords(parts.study, parts.acquisition.publish)
        self._tracker = TrackerIdentity(driver="")
        self._can_calibrate = False
        self.calibration: CalibrationController | None = None
        self.drift: DriftController | None = None
        self.watch: DriftWatch | None = None
        self.grey = CaseGrey(parts.study, parts.decoder, _viewport_px(parts), parts.light, self)
        self.grey.level_found.connect(self._on_level_found)
        self._clicks = ClickWatch(parts.answer_form, self)
        self._clicks.clicked.connect(self._on_clicked)
        parts.acquisition.tracker_started.connect(self._on_tracker_started)
        parts.acquisition.child_revived.connect(self._on_child_revived)
        parts.flow.step_changed.connect(self._on_step_changed)
        parts.reading.wait_between_cases(self._comes_first)

    def start(self, session_id: str, screen: ScreenState) -> None:
        """Calibrate, or only check, before a sitting's first case."""
        reader_id = self._parts.study.session(session_id).reader_id
        self._sitting = CheckedSitting(
            session_id, reader_id, screen, self._tracker, self._can_calibrate
        )
        self._records.sitting = self._sitting
        self._let_go()
        self._open_calibration(is_midway=False)

    def close(self) -> None:
        """Stop whatever runs."""
        self.grey.close()
        self._stop()

    def _stop(self) -> None:
        for controller in (self.calibration, self.drift):
            if controller is not None:
                controller.stop()
        if self.watch is not None:
            self.watch.set_active(False)

    def _let_go(self) -> None:
        self._stop()
        for each in (self.calibration, self.drift, self.watch):
            if each is not None:
                each.deleteLater()
        self.calibration = self.drift = self.watch = None

    def _plan(self, sitting: CheckedSitting, *, is_midway: bool) -> CalibrationPlan:
        study, screen = self._parts.study, sitting.screen
        settings = study.protocol.calibration
        reader = study.reader(sitting.reader_id)
        ratio = self._parts.window.devicePixelRatioF()
        room_px = screen.height_px - STRIP_HEIGHT_PX * ratio
        return CalibrationPlan(
            settings=settings,
            screen=Screen(
                screen.width_px,
                screen.height_px,
                screen.width_mm,
                screen.height_mm,
                screen.distance_mm,
            ),
            eye=settings.eye_of(reader.dominant_eye),
            fit_zoom=fit_zoom(study.cases(), screen.width_px, room_px),
            background_level=self.grey.level,
            can_calibrate=sitting.can_calibrate,
            is_midway=is_midway,
        )

    def _kept(self, sitting: CheckedSitting) -> KeptCalibration | None:
        if not sitting.can_calibrate:
            return None
        return last_calibration(
            self._parts.study, sitting.reader_id, sitting.tracker, sitting.screen
        )

    def _open_calibration(self, *, is_midway: bool) -> None:
        sitting, parts = self._sitting, self._parts
        if sitting is None:
            return
        if self.calibration is not None:
            self.calibration.stop()
            self.calibration.deleteLater()
        self.calibration = CalibrationController(
            call_tracker=parts.acquisition.call_tracker,
            publish=parts.acquisition.publish,
            live=parts.live,
            plan=replace(self._plan(sitting, is_midway=is_midway), kept=self._kept(sitting)),
            pace=self.pace,
            parent=self,
        )
        self.calibration.calibration_made.connect(self._records.keep_calibration)
        self.calibration.validation_made.connect(self._records.keep_validation)
        self.calibration.accepted.connect(self._on_accepted)
        self.calibration.cancelled.connect(self._on_cancelled)
        page = CalibrationPage(
            self.calibration,
            sitting.screen.width_px / sitting.screen.height_px,
            dominant_eye=self._eye_to_ask(sitting),
        )
        page.dominant_eye_chosen.connect(self._on_dominant_eye_chosen)
        parts.window.add_page("calibration", page)
        self._parts.show_bare("calibration")

    def _eye_to_ask(self, sitting: CheckedSitting) -> str | None:
        """The reader's dominant eye as known; None where the protocol has no use for it."""
        study = self._parts.study
        if study.protocol.calibration.eyes != "dominant":
            return None
        return study.reader(sitting.reader_id).dominant_eye

    def _on_dominant_eye_chosen(self, eye: DominantEye) -> None:
        self._records.keep_dominant_eye(eye)
        if self.calibration is not None:
            self.calibration.use_eye(self._parts.study.protocol.calibration.eye_of(eye))

    def _on_level_found(self, _level: float) -> None:
        """Begin on the right grey, as long as nothing was begun."""
        shown = self.calibration
        is_first = self._parts.flow.step is Step.CALIBRATING
        if is_first and shown is not None and shown.state.phase == "ready":
            self._open_calibration(is_midway=False)

    def _on_accepted(self, validation: ValidationDone | None) -> None:
        if self.calibration is None or self._sitting is None:
            return
        plan = self.calibration.plan
        if self.watch is None:
            parts = self._parts
            self.watch = DriftWatch(
                publish=parts.acquisition.publish, live=parts.live, plan=plan, parent=self
            )
        if validation is not None:
            self.watch.note_checked()
        if plan.is_midway:
            self._parts.flow.resume_reading()
        else:
            self._parts.flow.begin_reading()

    def _on_cancelled(self) -> None:
        if self.calibration is not None and self.calibration.plan.is_midway:
            self._parts.show_bare("drift")
            if self.drift is not None:
                self.drift.ask_again()
        else:
            self._parts.flow.stop()

    def _comes_first(self) -> bool:
        """Whether the next case waits for a drift check; asked at each case change."""
        if self.watch is None:
            return False
        self.watch.schedule.note_case_read()
        reason = self.watch.due
        if reason:
            QTimer.singleShot(0, self, lambda: self._check_drift(reason))
        return bool(reason)

    def _check_drift(self, reason: DriftReason) -> None:
        sitting, parts = self._sitting, self._parts
        if sitting is None or parts.flow.step is not Step.READING:
            return
        parts.flow.begin_check()
        if self.drift is not None:
            self.drift.deleteLater()
        self.drift = DriftController(
            publish=parts.acquisition.publish,
            live=parts.live,
            plan=self._plan(sitting, is_midway=True),
            pace=self.pace,
            parent=self,
        )
        self.drift.checked.connect(self._records.keep_drift_check)
        self.drift.finished.connect(self._on_drift_finished)
        self.drift.recalibration_requested.connect(lambda: self._open_calibration(is_midway=True))
        parts.window.add_page("drift", DriftPage(self.drift))
        self._parts.show_bare("drift")
        self.drift.start(reason)

    def _on_drift_finished(self) -> None:
        if self.watch is not None:
            self.watch.note_checked()
        self._parts.flow.resume_reading()

    def _on_clicked(self, x_norm: float, y_norm: float) -> None:
        if self.watch is not None:
            self.watch.note_click(x_norm, y_norm)

    def _on_tracker_started(self, status: TrackerStatus) -> None:
        self._can_calibrate = status.can_calibrate
        self._tracker = TrackerIdentity(
            driver=status.driver, model=status.model, serial_number=status.serial_number
        )
        self.grey.start()

    def _on_child_revived(self, revived: ChildRevived) -> None:
        """A tracker that was started again may have forgotten its calibration."""
        if revived.name == "tracker" and self.watch is not None:
            self.watch.schedule.note_restarted()

    def _on_step_changed(self, step: Step) -> None:
        if self.watch is not None:
            self.watch.set_active(step is Step.READING)
        if step in (Step.CLOSING, Step.IDLE):
            self._stop()


def _viewport_px(parts: CheckedParts) -> tuple[float, float]:
    """The part of the protocol's screen that shows images."""
    screen = parts.study.protocol.screen
    return screen.width_px, max(1.0, screen.height_px - STRIP_HEIGHT_PX)
