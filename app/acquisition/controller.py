"""Runs the tracker and the recorder beside the station and publishes its markers.

Whatever may wait (starting, asking, stopping a process) runs in order on one thread of its own;
outcomes come back as signals. Markers are published at once from the caller's thread.
"""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from app.acquisition.child import Child
from app.acquisition.foreign_stream import StreamTerms, find_stream, mapping_of
from app.acquisition.guard import Guard
from app.acquisition.tracker_link import TrackerLink
from app.acquisition.viewmodel import (
    AcquisitionStatus,
    ChildDied,
    ChildRevived,
    OutletClaim,
    RecorderStatus,
    RecordingClosed,
    Restarts,
    TrackerChoice,
    TrackerStatus,
    with_next_truth,
)
from gazecore.errors import AcquisitionError, ControlError, FocusStationError
from gazecore.lsl import clock_s
from gazecore.marker_outlet import MarkerOutlet
from gazecore.messages import FaultFound
from gazecore.recording.parts import next_part, part_paths
from gazecore.samples import MARKER_STREAM_NAME

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gazecore.control import Answer
    from gazecore.messages import AnyMarker

STATUS_EVERY_MS = 1000
WHILE_WAITING_MS = 200
STREAM_WAIT_S = 10.0
ACKNOWLEDGE_WAIT_S = 15.0
RECORDER_RESTARTS = Restarts(5, within_s=60.0)
TRACKER_RESTARTS = Restarts(2, within_s=float("inf"))
SENT_AGAIN_S = 2.0
"""Markers from so long before a recorder was last seen alive are sent again to the next one."""


class AcquisitionController(QObject):
    """The station's side of everything that records gaze; no widgets.

    Parameters
    ----------
    runtime : Path
        The study's folder for endpoints and logs.
    source_id : str
        Identity of the marker stream: the same for every station that opens this study, so that
        a recorder left running takes the next station for the same source.
    choice : TrackerChoice
        The tracker to start.

    Signals
    -------
    tracker_started : `TrackerStatus`
    recording_started
        The recorder writes and has acknowledged the marker stream: cases may start.
    recording_closed : `RecordingClosed`
    status_changed : `AcquisitionStatus`
        Once a second while something runs.
    acquisition_failed : str
        Something did not start or broke, in one line.
    child_died : `ChildDied`
        Tracker or recorder ended unasked; it is being started again unless that is final.
    child_revived : `ChildRevived`
        It is there again; for a recorder: it writes the next part and has acknowledged the
        markers, those of the outage included.
    """

    tracker_started = Signal(object)
    recording_started = Signal()
    recording_closed = Signal(object)
    status_changed = Signal(object)
    acquisition_failed = Signal(str)
    child_died = Signal(object)
    child_revived = Signal(object)
    _done = Signal(object)

    def __init__(
        self, runtime: Path, source_id: str, choice: TrackerChoice, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._choice = choice
        self._terms = StreamTerms()
        self.source_id = source_id
        self._outlet = MarkerOutlet(source_id)
        self._tracker = Child("tracker", runtime)
        self._recorder = Child("record", runtime)
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="acquisition")
        self._recording: Path | None = None
        self._revived: ChildRevived | None = None
        self._recorder_problem = ""
        self._recorder_guard = Guard(
            self._recorder, self._next_recorder_arguments, RECORDER_RESTARTS, parent=self
        )
        self._link = TrackerLink(self._tracker)
        self._tracker_guard = Guard(
            self._tracker,
            self._next_tracker_arguments,
            TRACKER_RESTARTS,
            self._link.calibrate_again,
            parent=self,
        )
        for guard in (self._recorder_guard, self._tracker_guard):
            guard.died.connect(self._on_child_died)
        self._recorder_guard.revived.connect(self._on_recorder_revived)
        self._tracker_guard.revived.connect(self._on_tracker_revived)
        self._asked: Future[AcquisitionStatus] | None = None
        self._waited_ms: int | None = None
        self._side_streams: tuple[str, ...] = ()
        self._markers_before = 0
        self._is_closed = False
        self._done.connect(self._run, Qt.ConnectionType.QueuedConnection)
        self._each_second = QTimer(self)
        self._each_second.setInterval(STATUS_EVERY_MS)
        self._each_second.timeout.connect(self._on_second)
        self._each_second.start()

    @property
    def is_recording(self) -> bool:
        """Whether a recorder runs here whose markers are acknowledged."""
        return self._recorder.is_connected and self._waited_ms is None

    @property
    def stream_name(self) -> str:
        """The gaze stream's name."""
        return self._choice.stream_name

    def repeat_state(self) -> None:
        """Send the whole state now, so that whoever listens has something to receive."""
        self._outlet.repeat_state()

    @property
    def recorder_trouble(self) -> str:
        """What is wrong with the recorder's process, in a few words; empty while it records."""
        if self._recorder_guard.trouble:
            return self._recorder_guard.trouble
        if self._revived is not None:
            return "the recorder was started again and looks for the streams"
        return self._recorder_problem

    @property
    def tracker_trouble(self) -> str:
        """What is wrong with the tracker's process, in a few words; empty while it runs."""
        if self._link.has_lost_calibration:
            return "the tracker was started again and has lost its calibration"
        return self._tracker_guard.trouble

    def publish(self, marker: AnyMarker) -> None:
        """Send a marker now."""
        self._outlet.publish(marker)

    def use(self, terms: StreamTerms) -> None:
        """How a foreign stream is read from the next `start_tracker` on."""
        self._terms = terms

    def start_tracker(self) -> None:
        """Start the chosen tracker, or find the one an earlier station left running.

        A foreign stream is looked for on the bus.
        """
        self._submit(self._ensure_tracker, self._on_tracker_there)

    def find_recorder(self, then: Callable[[str], None]) -> None:
        """Look for a recorder that an earlier station left running.

        `then` gets the file it writes, or an empty text if there is none.
        """
        self._submit(self._running_file, then)

    def end_found_recording(self) -> None:
        """Close the recording of a recorder that was found and does not belong to this sitting."""
        self._submit(self._recorder.stop, lambda _answer: None)

    def start_recording(self, file: Path) -> None:
        """Start the recorder, unless one is attached; `recording_started` follows.

        A recorder that dies from then on is followed by another with the next part of `file`.
        """
        self._recording = file.absolute()
        self._submit(lambda: self._ensure_recorder(file), self._begin_to_wait)

    def stop_recording(self) -> None:
        """Close the recording; `recording_closed` follows."""
        self._waited_ms = None
        self._recorder_guard.set_active(False)
        self._submit(self._recorder.stop, self._on_recorder_stopped)

    def record_outlet(self, claim: OutletClaim) -> None:
        """Answer the recorder's question: this outlet is recorded, no other of its name."""
        self._submit(lambda: self._recorder.call("join", uid=claim.uid), lambda _answer: None)

    def call_tracker(self, command: str, /, **arguments: Any) -> Future[Answer]:
        """Ask the tracker on the worker thread; the future holds its answer or `ControlError`."""
        return self._worker.submit(self._link.call, command, arguments)

    def close(self, *, leave_running: bool = False) -> None:
        """Stop all processes (or leave them running for the next station) and the markers."""
        self._is_closed = True
        self._waited_ms = None
        self._each_second.stop()
        for guard in (self._recorder_guard, self._tracker_guard):
            guard.close()
        for child in (self._recorder, self._tracker):
            self._worker.submit(child.release if leave_running else child.stop)
        self._worker.shutdown(wait=True)
        self._outlet.close()

    def _running_file(self) -> str:
        if not self._recorder.is_answering() and not self._recorder.attach():
            return ""
        return str(self._recorder.call("status").get("file", ""))

    def _ensure_tracker(self) -> TrackerStatus:
        if self._choice.is_foreign:
            stream = find_stream(self._choice.stream_name, self._terms, STREAM_WAIT_S)
            return TrackerStatus(
                driver=self._choice.driver,
                rate_hz=stream.about.true_rate_hz,
                sent=0,
                is_simulated=stream.is_simulated,
                mapping=mapping_of(stream),
            )
        self._tracker.ensure(self._tracker_arguments())
        status = TrackerStatus.from_answer(self._tracker.call("status"))
        self._side_streams = status.side_streams
        return status

    def _tracker_arguments(self) -> tuple[str, ...]:
        choice = self._choice
        return (choice.driver, "--name", choice.stream_name, *choice.arguments)

    def _next_tracker_arguments(self) -> tuple[str, ...]:
        """Those of a tracker that takes the place of one that died."""
        return with_next_truth(self._tracker_arguments())

    def _ensure_recorder(self, file: Path) -> int:
        """The number of markers that the recorder has from an earlier station."""
        if self._recorder.ensure(self._recorder_arguments(file)):
            return 0
        return _markers(self._ask_recorder())

    def _recorder_arguments(self, file: Path) -> tuple[str, ...]:
        names = (self._choice.stream_name, MARKER_STREAM_NAME, *self._side_streams)
        streams = [word for name in names for word in ("--stream", name)]
        return ("--out", str(file.absolute()), *streams, "--wait", f"{STREAM_WAIT_S:g}")

    def _next_recorder_arguments(self) -> tuple[str, ...]:
        assert self._recording is not None, "a recorder is only kept alive once it was started"
        return self._recorder_arguments(next_part(self._recording))

    def _on_tracker_there(self, status: TrackerStatus) -> None:
        self._tracker_guard.set_active(not self._choice.is_foreign)
        self.tracker_started.emit(status)

    def _on_child_died(self, died: ChildDied) -> None:
        if died.name == self._recorder.name:
            self._waited_ms = None
        self.child_died.emit(died)

    def _on_recorder_revived(self, revived: ChildRevived) -> None:
        self._revived = revived
        self._begin_to_wait(0)

    def _on_tracker_revived(self, revived: ChildRevived) -> None:
        self._tell_revived(revived, "the tracker", revived.restored)

    def _tell_revived(self, revived: ChildRevived, what: str, rest: str = "") -> None:
        outage_s = clock_s() - revived.seen_s
        detail = f"{what} stopped ({revived.cause}) and was started again after {outage_s:.1f} s"
        self.publish(FaultFound(t_s=clock_s(), source="station", detail=detail + rest))
        self.child_revived.emit(revived)

    def _recording_goes_on(self, revived: ChildRevived) -> None:
        """The new recorder hears us: tell it what it missed."""
        again = self._outlet.send_again(revived.seen_s - SENT_AGAIN_S)
        self._tell_revived(revived, "the recorder", f"; {again} markers were sent again")

    def _begin_to_wait(self, markers_before: int) -> None:
        self._waited_ms = 0
        self._markers_before = markers_before
        self._await_acknowledgement()

    def _await_acknowledgement(self) -> None:
        # A recorder can only acknowledge what it receives: the state goes out until it has.
        if self._waited_ms is None:
            return
        self._outlet.repeat_state()
        self._submit(self._ask_recorder, self._on_recorder_asked)

    def _on_recorder_asked(self, status: RecorderStatus) -> None:
        if self._waited_ms is None:
            return
        if status.has_acknowledged_markers and _markers(status) > self._markers_before:
            self._waited_ms = None
            revived, self._revived = self._revived, None
            if revived is not None:
                self._recording_goes_on(revived)
            else:
                self._recorder_guard.set_active(True)
                self.recording_started.emit()
            return
        self._waited_ms += WHILE_WAITING_MS
        if self._waited_ms > 1000 * ACKNOWLEDGE_WAIT_S:
            self.acquisition_failed.emit(
                "the recorder does not receive the station's markers; is another station open?"
            )
            return
        QTimer.singleShot(WHILE_WAITING_MS, self, self._await_acknowledgement)

    def _on_recorder_stopped(self, answer: Answer) -> None:
        parts = 1 if self._recording is None else max(1, len(part_paths(self._recording)))
        self._recording = None
        self.recording_closed.emit(
            RecordingClosed(str(answer.get("file", "")), bool(answer.get("verified", False)), parts)
        )

    def _on_second(self) -> None:
        self._outlet.repeat_state()
        if self._asked is not None and not self._asked.done():
            return
        if self._tracker.is_connected or self._recorder.is_connected or self._troubles():
            self._asked = self._submit(self._ask_both, self._on_both_asked)

    def _ask_recorder(self) -> RecorderStatus:
        return RecorderStatus.from_answer(self._recorder.call("status"))

    def _on_both_asked(self, status: AcquisitionStatus) -> None:
        # What a living recorder says; one that is gone or silent is told by `status.problem`.
        recorder = status.recorder
        if recorder is None:
            is_missed = self._recording is not None
            self._recorder_problem = "the recorder does not answer" if is_missed else ""
        else:
            self._recorder_problem = "the recording failed" if recorder.state == "failed" else ""
        self.status_changed.emit(status)

    def _troubles(self) -> list[str]:
        guards = (self._recorder_guard, self._tracker_guard)
        return [guard.trouble for guard in guards if guard.trouble]

    def _ask_both(self) -> AcquisitionStatus:
        tracker = recorder = None
        problems: list[str] = []
        try:
            if self._recorder.is_connected:
                recorder = self._ask_recorder()
        except ControlError as error:
            problems.append(str(error))
        try:
            if self._tracker.is_connected:
                tracker = TrackerStatus.from_answer(self._tracker.call("status"))
        except ControlError as error:
            problems.append(str(error))
        return AcquisitionStatus(tracker, recorder, [*self._troubles(), *problems, ""][0])

    def _submit(self, work: Callable[[], Any], then: Callable[[Any], object]) -> Future[Any]:
        """Run `work` on the worker thread, then `then` with its result on this one."""
        future = self._worker.submit(work)
        future.add_done_callback(lambda done: self._done.emit((done, then)))
        return future

    def _run(self, outcome: tuple[Future[Any], Callable[[Any], object]]) -> None:
        future, then = outcome
        if self._is_closed:
            return
        try:
            result = future.result()
        except FocusStationError as error:
            self._waited_ms = None
            self.acquisition_failed.emit(str(error))
        except OSError as error:
            self.acquisition_failed.emit(str(AcquisitionError(str(error))))
        else:
            then(result)


def _markers(status: RecorderStatus) -> int:
    stream = status.streams.get(MARKER_STREAM_NAME)
    return stream.samples if stream else 0
