"""Builds the station and connects its rooms; the only place where rooms meet."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSize, QTimer, Signal

from app.acquisition.controller import AcquisitionController
from app.acquisition.viewmodel import AcquisitionStatus, TrackerChoice
from app.reading.controller import ReadingController
from app.reading.widgets.end_page import EndPage
from app.reading.widgets.reading_page import ReadingPage
from app.session import SessionClosed, SessionFlow, Step
from app.shared.main_window import MainWindow
from app.shared.theme import apply_theme
from app.worklist.controller import WorklistController
from app.worklist.demo_study import make_demo_study
from app.worklist.widgets.start_page import StartPage
from app.worklist.widgets.worklist_page import WorklistPage
from gazecore.dicom.decoder import Decoder
from gazecore.errors import FocusStationError
from gazecore.lsl import clock_s
from gazecore.messages import FaultFound, ScreenState
from gazecore.study import Study

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QApplication

    from app.reading.viewmodel import SessionSummary

START_SIZE = QSize(1440, 900)
RUNTIME_FOLDER = ".runtime"


@dataclass(frozen=True, slots=True)
class StationSettings:
    """How the station starts: study and reader may be empty; calibration may be left out."""

    study: Path | None = None
    reader_id: str = ""
    tracker: TrackerChoice = field(default_factory=TrackerChoice)
    calibrates: bool = True


class StudyStation(QObject):
    """Everything that lives as long as one study is open, connected.

    Signals
    -------
    case_opened, case_closed, frame_shown : markers of `gazecore.messages`
    session_started : `gazecore.messages.SessionStarted`
    session_ended : `app.session.SessionClosed`
    """

    case_opened = Signal(object)
    case_closed = Signal(object)
    frame_shown = Signal(object)
    session_started = Signal(object)
    session_ended = Signal(object)

    def __init__(
        self, study: Study, window: MainWindow, settings: StationSettings, parent: QObject
    ) -> None:
        super().__init__(parent)
        self.study = study
        self.window = window
        self.decoder = Decoder()
        self.acquisition = AcquisitionController(
            study.path / RUNTIME_FOLDER, f"focusstation-{study.study_id}", settings.tracker, self
        )
        self.worklist = WorklistController(study, self)
        self.reading = ReadingController(study, self.decoder, self)
        self.flow = SessionFlow(
            study, self.acquisition, self.reading, calibrates=settings.calibrates, parent=self
        )
        self.worklist_page = WorklistPage(self.worklist)
        self.reading_page = ReadingPage(self.reading)
        self.end_page = EndPage()
        window.add_page("worklist", self.worklist_page, tab="Cases", icon_name="list")
        window.add_page("reading", self.reading_page)
        window.add_page("end", self.end_page)
        self._connect()

    def close(self, *, leave_running: bool = False) -> None:
        """End what runs and close the study."""
        self.flow.stop()
        self.acquisition.close(leave_running=leave_running)
        self.decoder.close()
        for name in ("worklist", "reading", "end"):
            self.window.remove_page(name)
        self.study.close()

    def screen_state(self) -> ScreenState:
        """The screen the window is on: its true pixels, and the protocol's millimetres."""
        screen = self.window.screen()
        size = screen.geometry().size()
        ratio = screen.devicePixelRatio()
        return self.study.protocol.screen.state().model_copy(
            update={
                "name": screen.name(),
                "width_px": round(size.width() * ratio, 3),
                "height_px": round(size.height() * ratio, 3),
                "refresh_hz": screen.refreshRate(),
            }
        )

    def _connect(self) -> None:
        self.reading.marker_made.connect(self.acquisition.publish)
        self.reading.case_opened.connect(self.case_opened)
        self.reading.case_closed.connect(self.case_closed)
        self.reading.viewport.frame_shown.connect(self.frame_shown)
        self.flow.session_started.connect(self.session_started)
        self.flow.session_ended.connect(self.session_ended)
        self.worklist.reading_requested.connect(self._on_reading_requested)
        self.flow.step_changed.connect(self._on_step_changed)
        self.flow.reading_ended.connect(self._on_reading_ended)
        self.flow.session_ended.connect(self._on_session_ended)
        self.flow.session_failed.connect(self._on_session_failed)
        self.acquisition.status_changed.connect(self._on_status_changed)
        self.end_page.done.connect(self._on_end_page_done)

    def _on_reading_requested(self, reader_id: str) -> None:
        self.flow.start(reader_id, self.screen_state())

    def _on_step_changed(self, step: Step) -> None:
        self.worklist_page.show_busy(
            "Starting tracker and recorder …" if step is Step.PREPARING else ""
        )
        if step is Step.READING:
            self.window.showFullScreen()
            self.window.show_page("reading", bare=True)
            self.reading_page.answer_form.recording_light.show_recording(True)

    def _on_reading_ended(self, summary: SessionSummary) -> None:
        self.reading_page.answer_form.recording_light.show_recording(False)
        self.end_page.show_summary(summary)
        self.window.show_page("end", bare=True)
        self.worklist.refresh()

    def _on_session_ended(self, closed: SessionClosed) -> None:
        if not closed.file:
            self.end_page.show_recording("The recorder ended early; what it wrote is kept.")
        elif closed.is_verified:
            self.end_page.show_recording("The recording is complete and verified.")
        else:
            self.end_page.show_recording("The recording is closed, but was not verified.")

    def _on_end_page_done(self) -> None:
        if self.flow.step is Step.IDLE:
            self.window.showMaximized()
            self.worklist.refresh()
            self.window.show_page("worklist")

    def _on_session_failed(self, problem: str) -> None:
        self.worklist_page.show_problem(problem)

    def _on_status_changed(self, status: AcquisitionStatus) -> None:
        is_well = not status.problem
        self.reading_page.answer_form.recording_light.show_recording(
            is_well and self.flow.step is Step.READING
        )
        if status.problem and self.flow.step is Step.READING:
            self.acquisition.publish(
                FaultFound(t_s=clock_s(), source="station", detail=status.problem)
            )


class StationApplication(QObject):
    """The whole station: its window, and at most one open study.

    Signals
    -------
    study_opened : `StudyStation`
    study_closed
    """

    study_opened = Signal(object)
    study_closed = Signal()

    def __init__(self, qt: QApplication, settings: StationSettings) -> None:
        super().__init__()
        self._settings = settings
        self.station: StudyStation | None = None
        apply_theme(qt)
        self.window = MainWindow()
        self.start_page = StartPage()
        self.window.add_page("start", self.start_page)
        self.window.closed.connect(self.close)
        self.start_page.open_requested.connect(self._on_open_requested)
        self.start_page.create_requested.connect(self._on_create_requested)
        self.start_page.demo_requested.connect(self._on_demo_requested)

    def start(self) -> None:
        """Show the window, with the study that was asked for.

        Raises
        ------
        FocusStationError
            That study cannot be opened.
        """
        if self._settings.study is not None:
            self.open_study(self._settings.study)
        else:
            self.window.show_page("start")
        self.window.resize(START_SIZE)
        self.window.show()

    def open_study(self, folder: Path) -> StudyStation:
        """Open a study and show its worklist."""
        self.close_study()
        self.station = StudyStation(Study.open(folder), self.window, self._settings, self)
        if self._settings.reader_id:
            self.station.worklist.sign_in(self._settings.reader_id)
        self.window.show_page("worklist")
        self.study_opened.emit(self.station)
        return self.station

    def close_study(self) -> None:
        """Close the open study, if any."""
        if self.station is not None:
            station, self.station = self.station, None
            station.close()
            station.deleteLater()
            self.study_closed.emit()

    def close(self) -> None:
        """Close the study; called when the window closes."""
        self.close_study()

    def _on_open_requested(self, folder: Path) -> None:
        try:
            self.open_study(folder)
        except FocusStationError as error:
            self.start_page.show_problem(str(error))

    def _on_create_requested(self, folder: Path, name: str) -> None:
        try:
            Study.create(folder, name=name).close()
            self.open_study(folder)
        except FocusStationError as error:
            self.start_page.show_problem(str(error))

    def _on_demo_requested(self, folder: Path) -> None:
        self.start_page.show_problem("Making synthetic knees …")
        QTimer.singleShot(50, self, lambda: self._make_demo(folder))

    def _make_demo(self, folder: Path) -> None:
        try:
            if not (folder / "study.toml").exists():
                make_demo_study(folder)
            self.open_study(folder)
        except FocusStationError as error:
            self.start_page.show_problem(str(error))
