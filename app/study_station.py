"""One open study: its rooms, built and connected with each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.acquisition.controller import AcquisitionController
from app.acquisition.pointer_feed import PointerFeed
from app.acquisition.viewmodel import AcquisitionStatus, TrackerChoice, TrackerStatus
from app.gaze_checks import CheckedParts, GazeChecks
from app.operator.controller import OperatorController
from app.operator.viewmodel import RecorderNote
from app.operator.widgets.operator_strip import OperatorStrip
from app.outlet_question import OutletAsker
from app.reading.controller import ReadingController
from app.reading.viewmodel import SessionSummary, key_sheet
from app.reading.widgets.end_page import EndPage
from app.reading.widgets.reading_page import ReadingPage
from app.results.controller import ResultsController
from app.results.widgets.results_page import ResultsPage
from app.session import SessionClosed, SessionFlow, Step
from app.shared.page_printer import ask_and_print
from app.station_screen import StationScreen
from app.station_streams import StationStreams
from app.training_menu.controller import TrainingController
from app.training_menu.widgets.training_page import TrainingPage
from app.watchdog.controller import WatchdogController
from app.watchdog.viewmodel import Alert, Seen
from app.worklist.controller import WorklistController
from app.worklist.cut_off import CutOffLook
from app.worklist.widgets.worklist_page import WorklistPage
from gazecore.dicom.decoder import Decoder
from gazecore.live_gaze import LiveGaze
from gazecore.lsl import clock_s
from gazecore.study.key_sheet import sheet_html, sheet_sections

if TYPE_CHECKING:
    from pathlib import Path

    from app.shared.main_window import MainWindow
    from gazecore.messages import ScreenState
    from gazecore.study import Study

RUNTIME_FOLDER = ".runtime"
BARE_PAGES = frozenset({"preflight", "photodiode", "reading", "calibration", "drift", "end"})
WAITING_TEXT = "Starting tracker and recorder …"


@dataclass(frozen=True, slots=True)
class StationSettings:
    """How the station starts: study and reader may be empty; calibration may be left out.

    Without a tracker it is the stream that the study's protocol names.
    """

    study: Path | None = None
    reader_id: str = ""
    tracker: TrackerChoice | None = None
    calibrates: bool = True


class StudyStation(QObject):
    """Everything that lives as long as one study is open.

    Signals
    -------
    case_opened, case_closed, frame_shown : markers of `gazecore.messages`
    session_started : `gazecore.messages.SessionStarted`
    session_ended : `app.session.SessionClosed`
    stream_chosen : str
        Readings shall use this stream from now on; the study has to be opened anew.
    """

    case_opened = Signal(object)
    case_closed = Signal(object)
    frame_shown = Signal(object)
    session_started = Signal(object)
    session_ended = Signal(object)
    stream_chosen = Signal(str)

    def __init__(
        self, study: Study, window: MainWindow, settings: StationSettings, parent: QObject
    ) -> None:
        super().__init__(parent)
        self.study = study
        self.settings = settings
        self._is_closed = False
        self._status, self._status_s = AcquisitionStatus(), 0.0
        self.window = window
        self.decoder = Decoder()
        self.tracker = settings.tracker or TrackerChoice.of_study(study.protocol.tracking.stream)
        self.live = LiveGaze(self.tracker.stream_name).start()
        self.acquisition = AcquisitionController(
            study.path / RUNTIME_FOLDER, f"focusstation-{study.study_id}", self.tracker, self
        )
        self.worklist = WorklistController(study, self)
        self.reading = ReadingController(study, self.decoder, self)
        self.operator = OperatorController(self.live, study.recordings, self)
        self.watchdog = WatchdogController(
            self.live,
            self.acquisition.publish,
            self._seen,
            eyes_lost_notice_s=study.protocol.tracking.eyes_lost_notice_s,
            parent=self,
        )
        self.results = ResultsController(study, self.decoder, self)
        self.training = TrainingController(study.path / "models", study.path, self)
        self.flow = SessionFlow(
            study,
            self.acquisition,
            self.reading,
            calibrates=settings.calibrates,
            checks=True,
            parent=self,
        )
        self.cut_off = CutOffLook(study, self)
        self.pointer = PointerFeed(self.acquisition, window.screen, self)
        self.screen = StationScreen(
            study, window, self.flow, self.acquisition, self.reading, self.live, self
        )
        self._add_pages()
        self.asker = OutletAsker(self.reading_page, self.acquisition.record_outlet, self)
        self.gaze_checks = GazeChecks(self._checked_parts(), self)
        self._connect()
        self.streams = StationStreams(self)
        self.streams.stream_chosen.connect(self.stream_chosen)
        self.cut_off.start()

    def close(self, *, leave_running: bool = False) -> None:
        """End what runs and close the study; processes can be left to the next station.

        A second call does nothing.
        """
        if self._is_closed:
            return
        self._is_closed = True
        if not leave_running:
            self.flow.stop()
        self.gaze_checks.close()
        self.pointer.stop()
        self.cut_off.close()
        self.operator.set_active(False)
        self.watchdog.set_active(False)
        self.screen.close()
        self.training.set_active(False)
        self.results.close()
        self.streams.close()
        self.acquisition.close(leave_running=leave_running)
        if not leave_running:
            self.flow.conclude()
        self.decoder.close()
        self.live.close()
        self.window.clear()
        self.study.close()

    def screen_state(self) -> ScreenState:
        """The screen the window is on: its true pixels, and the millimetres measured on it.

        Where it was not measured the protocol's millimetres count.
        """
        return self.screen.state()

    def _checked_parts(self) -> CheckedParts:
        """What calibration and drift checks work with."""
        return CheckedParts(
            self.study,
            self.window,
            self.acquisition,
            self.live,
            self.decoder,
            self.reading,
            self.flow,
            self.reading_page.answer_form,
            self._show_bare,
            self.screen.light,
        )

    def _add_pages(self) -> None:
        window = self.window
        self.worklist_page = WorklistPage(
            self.worklist, key_sheet(self.study.protocol), sheet_sections(self.study.protocol)
        )
        self.reading_page = ReadingPage(self.reading)
        self.end_page = EndPage()
        window.add_page("worklist", self.worklist_page, tab="Cases", icon_name="list")
        window.add_page("results", ResultsPage(self.results), tab="Results", icon_name="eye")
        window.add_page("training", TrainingPage(self.training), tab="Training", icon_name="curve")
        self.screen.add_pages()
        window.add_page("reading", self.reading_page)
        window.add_page("end", self.end_page)
        window.add_footer(OperatorStrip(self.operator))

    def _connect(self) -> None:
        self.reading.marker_made.connect(self.acquisition.publish)
        self.reading.case_opened.connect(self.case_opened)
        self.screen.problem_found.connect(self.worklist_page.show_problem)
        self.screen.trouble_changed.connect(self.watchdog.look_soon)
        self.reading.case_closed.connect(self.case_closed)
        self.reading.viewports.frame_shown.connect(self.frame_shown)
        self.flow.session_started.connect(lambda _started: self.screen.mark_results())
        self.flow.session_started.connect(self.session_started)
        self.worklist.reader_signed_in.connect(lambda _reader: self.acquisition.start_tracker())
        self.worklist.reading_requested.connect(self._on_reading_requested)
        self.flow.step_changed.connect(self._on_step_changed)
        self.flow.calibration_requested.connect(self._on_calibration_requested)
        self.flow.reading_ended.connect(self._on_reading_ended)
        self.flow.session_ended.connect(self._on_session_ended)
        self.flow.session_ended.connect(self.session_ended)
        self.flow.session_failed.connect(self.worklist_page.show_problem)
        self.acquisition.tracker_started.connect(self._on_tracker_started)
        self.acquisition.acquisition_failed.connect(self.worklist_page.show_problem)
        self.acquisition.status_changed.connect(self._on_status_changed)
        self.acquisition.child_died.connect(lambda _died: self.watchdog.look_soon())
        self.acquisition.child_revived.connect(lambda _revived: self.watchdog.look_soon())
        self.watchdog.alerts_changed.connect(self._on_alerts_changed)
        self.end_page.done.connect(self._on_end_page_done)
        self.flow.session_ended.connect(lambda _closed: self.cut_off.start())
        self.cut_off.found.connect(self.worklist_page.notice.show_notices)
        self.window.page_shown.connect(self._on_page_shown)
        self.worklist_page.print_keys_requested.connect(self._print_keys)

    def _print_keys(self) -> None:
        ask_and_print(sheet_html(self.study.protocol, self.study.name), self.window)

    def _on_page_shown(self, name: str) -> None:
        self.operator.set_active(name not in BARE_PAGES)

    def _on_tracker_started(self, status: TrackerStatus) -> None:
        screen = self.screen_state()
        notices = status.notices_on((screen.width_mm, screen.height_mm))
        self.worklist_page.tracker_notice.show_notices(notices)
        if status.driver == "pointer":
            self.pointer.start()

    def _on_reading_requested(self, reader_id: str) -> None:
        self.streams.use_profiles()
        latency_s = self.screen.begin()
        screen = self.screen_state()
        self.reading.viewports.measure_screen(screen.width_mm / screen.width_px)
        self.flow.start(reader_id, screen, latency_s)

    def _on_step_changed(self, step: Step) -> None:
        self.worklist_page.show_busy(WAITING_TEXT if step is Step.PREPARING else "")
        is_reading = step is Step.READING
        self.watchdog.set_active(is_reading)
        self.reading_page.answer_form.show_recording(is_recording=is_reading)
        if is_reading:
            self._show_bare("reading")

    def _on_calibration_requested(self, session_id: str) -> None:
        self.gaze_checks.start(session_id, self.screen_state())

    def _on_reading_ended(self, summary: SessionSummary) -> None:
        self.end_page.show_summary(summary)
        self.window.show_page("end", bare=True)
        self.worklist.refresh()

    def _on_session_ended(self, closed: SessionClosed) -> None:
        self.end_page.show_recording(recording_text(closed))

    def _on_end_page_done(self) -> None:
        if self.flow.step is Step.IDLE:
            self.window.leave_full_screen()
            self.worklist.refresh()
            self.window.show_page("worklist")

    def _on_status_changed(self, status: AcquisitionStatus) -> None:
        self._status, self._status_s = status, clock_s()
        self.asker.note(status.recorder)
        self.operator.note_recorder(recorder_note(status))

    def _on_alerts_changed(self, alerts: tuple[Alert, ...]) -> None:
        if self.flow.step is Step.READING:
            self.reading_page.answer_form.show_recording(
                is_recording=not any(alert.is_urgent for alert in alerts),
                alarm=alerts[0].text if alerts else "",
            )

    def _seen(self) -> Seen:
        """What tracker, recorder and screen say, for the watchdog."""
        recorder = self._status.recorder
        gaze = recorder.streams.get(self.tracker.stream_name) if recorder else None
        age_s = None if gaze is None else gaze.age_s
        return Seen(
            gaze_age_s=None if age_s is None else age_s + clock_s() - self._status_s,
            recorder_problem=self.acquisition.recorder_trouble,
            tracker_problem=self.acquisition.tracker_trouble,
            undecided=self.asker.sentence,
            is_undecided_recorded=self.asker.is_recorded,
            free_bytes=recorder.free_bytes if recorder else None,
            screen_problem=self.screen.trouble(),
        )

    def _show_bare(self, name: str) -> None:
        self.window.showFullScreen()
        self.screen.watch.expect_full_screen()
        self.window.show_page(name, bare=True)


def recorder_note(status: AcquisitionStatus) -> RecorderNote:
    """What the operator's strip says of the recorder."""
    recorder = status.recorder
    if recorder is None:
        return RecorderNote()
    return RecorderNote(recorder.state, recorder.gaps, recorder.free_bytes, recorder.faults)


def recording_text(closed: SessionClosed) -> str:
    """What became of a recording, in one line for the reader."""
    if not closed.file:
        return "The recorder ended early; what it wrote is kept."
    if closed.parts > 1:
        state = "closed and verified" if closed.is_verified else "closed, but not verified"
        return (
            f"The recorder stopped on the way and was started again: the recording is in "
            f"{closed.parts} parts, the last one {state}."
        )
    if closed.is_verified:
        return "The recording is complete and verified."
    return "The recording is closed, but was not verified."
