"""The order of a sitting: tracker, recorder, calibration, reading, and a recording closed well."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.reading.viewmodel import SessionPlan, SessionSummary
from gazecore import __version__
from gazecore.errors import FocusStationError
from gazecore.lsl import clock_s
from gazecore.messages import ScreenState, SessionEnded, SessionStarted
from gazecore.recording.parts import is_part_of

if TYPE_CHECKING:
    from app.acquisition.controller import AcquisitionController
    from app.acquisition.viewmodel import RecordingClosed, TrackerStatus
    from app.reading.controller import ReadingController
    from gazecore.study import Session, Study
    from gazecore.study.records import SessionEnd


SERIALS_PER_READING = 1_000_000
"""A session that goes on after a crash numbers its viewport states beyond all earlier ones."""


class Step(Enum):
    """Where a sitting is."""

    IDLE = "idle"
    PREPARING = "preparing"
    CALIBRATING = "calibrating"
    READING = "reading"
    DRIFT_CHECK = "drift check"
    CLOSING = "closing"


@dataclass(frozen=True, slots=True)
class SessionClosed:
    """A sitting is over and its recording closed; `file` is empty if nothing was recorded.

    `parts` counts the files of the recording, more than one where a recorder died.
    """

    summary: SessionSummary
    file: str
    is_verified: bool
    parts: int = 1


class SessionFlow(QObject):
    """Leads through one sitting after the other.

    Signals
    -------
    step_changed : `Step`
    checks_requested : int
        The tracker runs and so many cases are to be read: answer with `go_on` or `give_up`.
    calibration_requested : str
        The session that needs a calibration; answer with `begin_reading` or `stop`.
    session_started : `SessionStarted`
        The recorder listens, the session's marker is out.
    reading_ended : `SessionSummary`
        The last case has left the screen; the recording is being closed.
    session_ended : `SessionClosed`
    session_failed : str
        The sitting could not start, in one line.
    """

    step_changed = Signal(object)
    checks_requested = Signal(int)
    calibration_requested = Signal(str)
    session_started = Signal(object)
    reading_ended = Signal(object)
    session_ended = Signal(object)
    session_failed = Signal(str)

    def __init__(
        self,
        study: Study,
        acquisition: AcquisitionController,
        reading: ReadingController,
        *,
        calibrates: bool,
        checks: bool = False,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._study = study
        self._acquisition = acquisition
        self._reading = reading
        self._calibrates = calibrates
        self._checks, self._is_checking = checks, False
        self._step = Step.IDLE
        self._screen = study.protocol.screen.state()
        self._latency_s = study.protocol.screen.display_latency_s
        self._session: Session | None = None
        self._plan: SessionPlan | None = None
        self._summary: SessionSummary | None = None
        self._is_simulated = self._can_check = False
        acquisition.tracker_started.connect(self._on_tracker_started)
        acquisition.recording_started.connect(self._on_recording_started)
        acquisition.recording_closed.connect(self._on_recording_closed)
        acquisition.acquisition_failed.connect(self._on_acquisition_failed)
        reading.reading_ended.connect(self._on_reading_ended)

    @property
    def step(self) -> Step:
        """Where the sitting is."""
        return self._step

    def start(
        self, reader_id: str, screen: ScreenState, display_latency_s: float | None = None
    ) -> None:
        """Start a sitting with the cases this reader has not read, on this screen.

        The protocol's display latency counts where none was measured on this screen. A session
        that an earlier station left open goes on if its recorder still runs.
        """
        if self._step is not Step.IDLE:
            return
        self._screen = screen
        protocol_s = self._study.protocol.screen.display_latency_s
        self._latency_s = protocol_s if display_latency_s is None else display_latency_s
        self._go_to(Step.PREPARING)
        self._acquisition.find_recorder(lambda file: self._open(reader_id, file))

    def go_on(self) -> None:
        """Nothing is in the way: start the recorder."""
        if self._step is Step.PREPARING and self._is_checking and self._session is not None:
            self._is_checking = False
            self._acquisition.start_recording(self._session.recording_path)

    def give_up(self, problem: str) -> None:
        """Do not start this sitting; the problem may be empty."""
        if self._step is Step.PREPARING:
            self._fail(problem)

    def begin_reading(self) -> None:
        """Go on to the first case."""
        if self._plan is not None and self._step in (Step.PREPARING, Step.CALIBRATING):
            self._go_to(Step.READING)
            self._reading.begin(self._plan)

    def begin_check(self) -> None:
        """Check gaze before the next case; every answer given is stored already."""
        if self._step is Step.READING:
            self._go_to(Step.DRIFT_CHECK)

    def resume_reading(self) -> None:
        """Go on to the case that waited for the check."""
        if self._step is Step.DRIFT_CHECK:
            self._go_to(Step.READING)
            self._reading.resume()

    def stop(self) -> None:
        """End the sitting now, whatever step it is at; nothing given so far is lost."""
        if self._step in (Step.READING, Step.DRIFT_CHECK):
            self._reading.stop()
        elif self._step in (Step.PREPARING, Step.CALIBRATING) and self._plan is not None:
            self._on_reading_ended(
                SessionSummary(self._plan.session_id, 0, len(self._plan.case_ids), False)
            )

    def conclude(self) -> None:
        """End what is still being closed; call after the acquisition was closed."""
        if self._step is Step.CLOSING:
            self._end_session(SessionClosed(self._closing(), "", is_verified=False))

    def _open(self, reader_id: str, running_file: str) -> None:
        if self._step is not Step.PREPARING:
            return
        try:
            self._session = self._session_of(reader_id, running_file)
            cases = tuple(self._study.unread_cases(reader_id))
        except FocusStationError as error:
            self._fail(str(error))
            return
        session_id = self._session.session_id
        earlier = sum(reading.session_id == session_id for reading in self._study.readings())
        self._plan = SessionPlan(session_id, reader_id, cases, earlier * SERIALS_PER_READING)
        self._reading.prepare(self._plan)
        self._acquisition.start_tracker()

    def _session_of(self, reader_id: str, running_file: str) -> Session:
        """The session that a running recorder still writes for this reader, else a new one.

        This station holds the study, so any other open session was cut off.
        """
        cut_off = [session for session in self._study.sessions() if session.ended_utc is None]
        for session in cut_off:
            is_running = running_file and is_part_of(Path(running_file), session.recording_path)
            if session.reader_id == reader_id and is_running:
                return session
        if running_file:
            self._acquisition.end_found_recording()
        for session in cut_off:
            self._study.end_session(session.session_id, "fault")
        return self._study.start_session(reader_id)

    def _on_tracker_started(self, status: TrackerStatus) -> None:
        self._is_simulated = status.is_simulated
        # Where a pointer is, and what was recorded before, nothing can be checked by looking.
        self._can_check = status.can_calibrate or status.driver not in ("pointer", "replay")
        if self._step is not Step.PREPARING or self._session is None or self._is_checking:
            return
        self._is_checking = True
        if self._checks and self._plan is not None:
            self.checks_requested.emit(len(self._plan.case_ids))
        else:
            self.go_on()

    def _on_recording_started(self) -> None:
        if self._step is not Step.PREPARING or self._session is None:
            return
        started = SessionStarted(
            t_s=clock_s(),
            session_id=self._session.session_id,
            study_id=self._study.study_id,
            reader_id=self._session.reader_id,
            screen=self._screen,
            display_latency_s=self._latency_s,
            software=f"FocusStation {__version__}",
            simulated=self._is_simulated,
        )
        self._acquisition.publish(started)
        self.session_started.emit(started)
        if self._calibrates and self._can_check:
            self._go_to(Step.CALIBRATING)
            self.calibration_requested.emit(self._session.session_id)
        else:
            self.begin_reading()

    def _on_reading_ended(self, summary: SessionSummary) -> None:
        self._summary = summary
        self._acquisition.publish(
            SessionEnded(
                t_s=clock_s(),
                session_id=summary.session_id,
                reason="finished" if summary.is_finished else "stopped",
            )
        )
        self._go_to(Step.CLOSING)
        self.reading_ended.emit(summary)
        self._acquisition.stop_recording()

    def _on_recording_closed(self, recording: RecordingClosed) -> None:
        if self._step is Step.CLOSING:
            summary = self._closing()
            self._end_session(
                SessionClosed(summary, recording.file, recording.is_verified, recording.parts)
            )

    def _on_acquisition_failed(self, problem: str) -> None:
        if self._step is Step.PREPARING:
            self._fail(problem)

    def _end_session(self, closed: SessionClosed) -> None:
        reason: SessionEnd = "finished" if closed.summary.is_finished else "stopped"
        self._study.end_session(closed.summary.session_id, reason)
        self._session = self._plan = self._summary = None
        self._go_to(Step.IDLE)
        self.session_ended.emit(closed)

    def _closing(self) -> SessionSummary:
        assert self._summary is not None, "a sitting that is closing has its summary"
        return self._summary

    def _fail(self, problem: str) -> None:
        if self._session is not None:
            self._study.end_session(self._session.session_id, "fault")
        self._session = self._plan = None
        self._go_to(Step.IDLE)
        self.session_failed.emit(problem)

    def _go_to(self, step: Step) -> None:
        self._step = step
        if step is not Step.PREPARING:
            self._is_checking = False
        self.step_changed.emit(step)
