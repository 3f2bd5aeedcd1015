"""The screen's part of an open study: checked before a sitting, watched while it lasts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.preflight.controller import PreflightController, PreflightPlan
from app.preflight.widgets.preflight_page import PreflightPage
from app.screen_setup.controller import ScreenSetupController
from app.screen_setup.latency import LatencyController
from app.screen_setup.viewmodel import state_of
from app.screen_setup.watch import ScreenSeen, ScreenWatch
from app.screen_setup.widgets.patch_page import PatchPage
from app.screen_setup.widgets.screen_page import ScreenPage
from app.session import Step
from gazecore.errors import FocusStationError
from gazecore.lsl import clock_s
from gazecore.messages import FaultFound, ScreenChanged
from gazecore.preflight import CheckResult, ScreenFound, SittingPlan
from gazecore.study import Quality
from gazecore.study.screens import light_of

if TYPE_CHECKING:
    from app.acquisition.controller import AcquisitionController
    from app.acquisition.viewmodel import TrackerStatus
    from app.reading.controller import ReadingController
    from app.session import SessionFlow
    from app.shared.main_window import MainWindow
    from gazecore.display.screen_light import ScreenLight
    from gazecore.live_gaze import LiveGaze
    from gazecore.messages import ScreenState
    from gazecore.study import Study
    from gazecore.study.screens import ScreenRecord

QUESTION = "The screen changed, so the calibration does not fit it."
PLACELESS = frozenset({"simulated", "pointer"})
"""Trackers whose gaze is as true on a screen of unknown size."""


class StationScreen(QObject):
    """Connects screen and checks with the sitting; built by the study's station.

    Signals
    -------
    problem_found : str
        Something to show on the worklist, in one line.
    trouble_changed
        The screen is another, or the old one again.
    """

    problem_found = Signal(str)
    trouble_changed = Signal()

    def __init__(
        self,
        study: Study,
        window: MainWindow,
        flow: SessionFlow,
        acquisition: AcquisitionController,
        reading: ReadingController,
        live: LiveGaze,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._study = study
        self._window = window
        self._flow = flow
        self._acquisition = acquisition
        self._reading = reading
        self._live = live
        self._driver = ""
        self._results: tuple[CheckResult, ...] = ()
        self.watch = ScreenWatch(window, self)
        self.preflight = PreflightController(acquisition.repeat_state, self)
        self.setup = ScreenSetupController(study, lambda: self.watch.fingerprint, live, self)
        self.latency = LatencyController(acquisition.publish, parent=self)
        self._connect()

    def add_pages(self) -> None:
        """Add the pages of the screen and of the checks to the window."""
        page = ScreenPage(self.setup, self.latency)
        self._window.add_page("screen", page, tab="Screen", icon_name="screen")
        self._window.add_page("photodiode", PatchPage(self.latency))
        self._window.add_page("preflight", PreflightPage(self.preflight))

    def close(self) -> None:
        """Rest for ever."""
        self.watch.close()
        self.preflight.close()
        self.latency.close()

    def state(self) -> ScreenState:
        """The screen the window is on: its true pixels, and the millimetres measured on it.

        Where it was not measured the protocol's millimetres count.
        """
        return state_of(self.watch.fingerprint, self.record(), self._study.protocol.screen)

    def record(self) -> ScreenRecord | None:
        """What was measured on this screen; a damaged file is as good as none, and is told."""
        try:
            return self._study.screen_record(self.watch.fingerprint)
        except FocusStationError as error:
            self.problem_found.emit(str(error))
            return None

    def light(self) -> ScreenLight:
        """What this screen makes of grey levels, and how bright a picture may be on it."""
        return light_of(self.record(), self._study.protocol.screen)

    def begin(self) -> float | None:
        """Keep this screen for a sitting; returns the latency measured on it, in seconds.

        One that a simulated photodiode gave counts for simulated gaze alone.
        """
        self.watch.keep()
        record = self.record()
        self._reading.use_light(self.light())
        latency = record.latency if record else None
        if latency is None or (latency.simulated and self._driver != "simulated"):
            return None
        return latency.latency_s

    def trouble(self) -> str:
        """How the screen differs from the calibrated one, short enough for the reader's strip."""
        differences = self.watch.differences
        more = f" and {len(differences) - 1} more" if len(differences) > 1 else ""
        return f"{differences[0]}{more}" if differences else ""

    def mark_results(self) -> None:
        """Write down what was not well when the sitting began."""
        for result in self._results:
            if result.level != "ok":
                detail = f"{result.what}: {result.detail}"
                self._acquisition.publish(
                    FaultFound(t_s=clock_s(), source="preflight", detail=detail)
                )
        self._results = ()

    def _connect(self) -> None:
        self.watch.screen_changed.connect(self._on_screen_changed)
        self._reading.case_opened.connect(lambda _opened: self._flag_reading())
        self._flow.checks_requested.connect(self._on_checks_requested)
        self._flow.step_changed.connect(self._on_step_changed)
        self._acquisition.tracker_started.connect(self._on_tracker_started)
        self.latency.phase_changed.connect(self._on_latency_phase)
        self.latency.measured.connect(self.setup.save_latency)
        self.preflight.passed.connect(self._on_passed)
        self.preflight.left.connect(self._on_left)

    def _on_tracker_started(self, status: TrackerStatus) -> None:
        self._driver = status.driver
        self.setup.note_tracker(status.display_area_mm)

    def _on_latency_phase(self, phase: str) -> None:
        """The patch has the screen for itself while it flashes."""
        if phase == "opening":
            self._window.showFullScreen()
            self._window.show_page("photodiode", bare=True)
        elif phase == "idle" and self._window.page_name == "photodiode":
            self._window.leave_full_screen()
            self._window.show_page("screen")

    def _on_step_changed(self, step: Step) -> None:
        if step is not Step.PREPARING:
            self.preflight.cancel()
        if step is Step.IDLE:
            self.watch.forget()

    def _on_checks_requested(self, cases: int) -> None:
        protocol = self._study.protocol
        self.preflight.look(
            PreflightPlan(
                stream=self._acquisition.stream_name,
                source_id=self._acquisition.source_id,
                folder=self._study.recordings,
                plan=SittingPlan(cases, protocol.tracking.expected_minutes_per_case),
                screen=self._screen_found(),
                refusal=self._refusal,
            )
        )
        self._window.show_page("preflight")

    def _refusal(self) -> str:
        status = self._live.status()
        return status.problem if status.state == "refused" else ""

    def _screen_found(self) -> ScreenFound:
        here = self.watch.fingerprint
        problem, record = "", None
        try:
            record = self._study.screen_record(here)
        except FocusStationError as error:
            problem = str(error)
        settings = self._study.protocol.screen
        correction = record.correction_for(settings) if record else None
        return ScreenFound(
            description=here.called(),
            is_sized=record is not None and record.width_mm is not None,
            differences=here.changes_from(record.fingerprint) if record else (),
            matters=self._driver not in PLACELESS,
            problem=problem,
            correction=correction.name if correction else "",
            lacks_correction=settings.correction == "required" and correction is None,
        )

    def _on_passed(self, results: tuple[CheckResult, ...]) -> None:
        self._results = results
        self._flow.go_on()

    def _on_left(self, reason: str) -> None:
        self._flow.give_up(reason)
        self._window.show_page("worklist")

    def _on_screen_changed(self, seen: ScreenSeen) -> None:
        """Another screen than the calibrated one: start anew before, flag during reading."""
        step = self._flow.step
        if step in (Step.IDLE, Step.CLOSING):
            return
        self._acquisition.publish(
            ScreenChanged(t_s=clock_s(), screen=self.state(), differences=seen.differences)
        )
        self._reading.use_light(self.light())
        if step not in (Step.READING, Step.DRIFT_CHECK):
            self._flow.stop()
            text = "; ".join(seen.differences)
            self.problem_found.emit(f"the screen changed ({text}): start again")
            return
        self._reading.ask_before_next(QUESTION if seen.differences else "")
        self._flag_reading()
        self.trouble_changed.emit()

    def _flag_reading(self) -> None:
        """Keep in the study that the screen is not the calibrated one while this case is read."""
        reading_id, differences = self._reading.reading_id, self.watch.differences
        if reading_id is None or not differences:
            return
        self._study.save_quality(
            Quality(
                session_id=self._study.reading(reading_id).session_id,
                kind="reading",
                reading_id=reading_id,
                passed=False,
                detail=f"the screen changed: {'; '.join(differences)}",
            )
        )
