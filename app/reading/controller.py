"""Leads a reader through the cases of a sitting: opens, takes answers by key, closes, goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, SignalInstance

from app.reading.frame_source import FrameSource
from app.reading.image_source import ImageSource
from app.reading.shown_case import ShownCase
from app.reading.viewmodel import (
    Answer,
    ReadingProgress,
    SessionPlan,
    SessionSummary,
    answer_for_key,
    is_complete,
)
from app.reading.viewports import Viewports
from gazecore.errors import FocusStationError
from gazecore.lsl import clock_s
from gazecore.messages import AnswerGiven, CaseClosed, CaseOpened, FaultFound, KeyPressed, Marker
from gazecore.study.tool_keys import TOOLS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Literal

    from app.reading.frame import FrameRenderer
    from app.reading.viewport_controller import ViewportController
    from gazecore.dicom.decoder import Decoder
    from gazecore.display.screen_light import ScreenLight
    from gazecore.study import Case, Protocol, Study

    ReadingEnd = Literal["answered", "stopped", "skipped"]

GO_ON_KEYS = ("Space", "Return", "Enter")
STOP_KEY = "Esc"


class ReadingController(QObject):
    """One sitting of reading; what is shown, and how, is `viewports`'.

    Signals
    -------
    marker_made : `gazecore.messages.Marker`
        Everything to publish, in order; the viewport's markers as well.
    case_opened : `CaseOpened`
        A case is about to be painted.
    case_closed : `CaseClosed`
        A case has left the screen.
    answer_given : `AnswerGiven`
        An answer is stored in the study.
    progress_changed : `ReadingProgress`
        Position or answers changed.
    stop_asked : bool
        The reader pressed Esc (True) or thought better of it (False).
    break_due : float
        A break of that many minutes begins; negative: it is over.
    question_asked : str
        Asked between two cases: Enter ends the sitting, Space goes on; empty: answered.
    problem_found : str
        Something to show to the reader in one line.
    reading_ended : `SessionSummary`
        The sitting is over.
    window_entry_requested
        The reader wants to type a window.
    key_sheet_requested
        The reader wants to see what the keys do.
    """

    marker_made = Signal(object)
    case_opened = Signal(object)
    case_closed = Signal(object)
    answer_given = Signal(object)
    progress_changed = Signal(object)
    stop_asked = Signal(bool)
    break_due = Signal(float)
    question_asked = Signal(str)
    problem_found = Signal(str)
    reading_ended = Signal(object)
    window_entry_requested = Signal()
    key_sheet_requested = Signal()

    def __init__(self, study: Study, decoder: Decoder, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.viewports = Viewports(self)
        self._study = study
        self._images = ImageSource(decoder, self)
        self._cases: dict[str, Case] = {}
        self._tool_keys: dict[str, str] = {}
        self._progress: ReadingProgress | None = None
        self._reading_id: str | None = None
        self._read_count = 0
        self._is_asking = self._is_resting = self._is_held = self._is_waiting = False
        self._question = ""
        self._waits: Callable[[], bool] | None = None
        self._images.image_ready.connect(self._on_image_ready)
        self._images.image_failed.connect(self._on_image_failed)
        self._frames = FrameSource(decoder, self)
        self._frames.frame_ready.connect(self.viewports.show_frame)
        self._frames.frame_failed.connect(self.viewports.refuse_frame)
        self.viewports.frame_wanted.connect(self._on_frame_wanted)
        self.viewports.viewport_changed.connect(self.marker_made)
        self.viewports.frame_shown.connect(self.marker_made)

    @property
    def viewport(self) -> ViewportController:
        """The viewport that tools act on."""
        return self.viewports.active

    @property
    def protocol(self) -> Protocol:
        """The study's protocol."""
        return self._study.protocol

    @property
    def reading_id(self) -> str | None:
        """The reading whose case is on the screen; None between cases."""
        return self._reading_id

    @property
    def progress(self) -> ReadingProgress | None:
        """Where the reader is; None outside a sitting."""
        return self._progress

    def prepare(self, plan: SessionPlan) -> None:
        """Decode the first case while the reader is still at the calibration."""
        self._cases = {case.case_id: case for case in self._study.cases()}
        if plan.case_ids:
            self._images.prefetch(self._cases[plan.case_ids[0]])

    def begin(self, plan: SessionPlan) -> None:
        """Start the sitting with its first case."""
        self._read_count = 0
        self._cases = {case.case_id: case for case in self._study.cases()}
        self._progress = ReadingProgress(plan)
        self._is_asking = self._is_resting = self._is_held = False
        self._question = ""
        self._tool_keys = self.protocol.tool_keys()
        locked: set[str] = {*self.protocol.locked_tools}
        if self.protocol.image_overlays == "hidden":
            locked.add(TOOLS["image_overlays"].lock)
        self.viewports.begin_session(frozenset(locked), plan.first_serial)
        self._open_case()

    def press_key(self, key: str) -> bool:
        """Take a key by its portable name; returns whether it meant anything."""
        if self._progress is None:
            return False
        self.marker_made.emit(KeyPressed(t_s=clock_s(), key=key))
        if self._is_asking:
            return self._answer_stop_question(key)
        if key == STOP_KEY:
            self._ask_stop(True)
            return True
        if self._is_held:
            return self._answer_question(key)
        if self._is_resting:
            return self._end_break(key)
        return self._use_key(key)

    def repeat_key(self, key: str) -> bool:
        """Take a key that is held down: only tools that go on by steps do; never an answer."""
        tool = TOOLS.get(self._tool_keys.get(key, ""))
        is_busy = self._is_asking or self._is_held or self._is_resting
        if self._reading_id is None or is_busy or tool is None or not tool.repeats:
            return False
        self.marker_made.emit(KeyPressed(t_s=clock_s(), key=key, repeated=True))
        self.viewports.use(tool.name)
        return True

    def choose(self, answer: Answer) -> None:
        """Store an answer; the last field of the form closes the case and opens the next."""
        if self._progress is None or self._reading_id is None:
            return
        case_id = str(self._progress.case_id)
        try:
            self._study.save_answer(self._reading_id, answer.field, answer.value)
        except FocusStationError as error:
            self._report(str(error))
            return
        self._progress = self._progress.answered(answer.field, answer.value)
        given = AnswerGiven(
            t_s=clock_s(),
            reading_id=self._reading_id,
            case_id=case_id,
            field=answer.field,
            value=answer.value,
        )
        self._tell(self.answer_given, given)
        self.progress_changed.emit(self._progress)
        if is_complete(self.protocol, self._progress.answers):
            self._read_count += 1
            self._close_case("answered")
            self._go_on()

    def ask_before_next(self, question: str) -> None:
        """Ask the reader something when the case on the screen is done; empty: no more.

        Enter then ends the sitting, Space goes on with the next case.
        """
        self._question = question

    def wait_between_cases(self, waits: Callable[[], bool]) -> None:
        """Ask `waits` at each case change whether something comes first; then `resume` goes on."""
        self._waits = waits

    def resume(self) -> None:
        """Open the case that waited."""
        if self._is_waiting:
            self._is_waiting = False
            self._open_case()

    def note_focus(self, *, is_here: bool) -> None:
        """Write down that the reader went to another window, or came back."""
        if self._progress is not None:
            detail = "the window is in front again" if is_here else "another window is in front"
            self.marker_made.emit(FaultFound(t_s=clock_s(), source="focus", detail=detail))

    def use_light(self, light: ScreenLight) -> None:
        """Show images as this screen needs them, and not too bright."""
        self.viewports.use_light(light)

    def stop(self) -> None:
        """End the sitting now; the open case stays unread, answers given stay."""
        if self._progress is not None:
            self._close_case("stopped")
            self._end(self._progress, is_finished=False)

    def _use_key(self, key: str) -> bool:
        answers: Mapping[str, str] = self._progress.answers if self._progress else {}
        answer = answer_for_key(self.protocol, answers, key)
        if answer is not None:
            self.choose(answer)
        elif self._tool_keys.get(key) == "window_entry":
            self.window_entry_requested.emit()
        elif self._tool_keys.get(key) == "key_sheet":
            if self._reading_id is not None:
                self.key_sheet_requested.emit()
        elif key in self._tool_keys:
            self.viewports.use(self._tool_keys[key])
        else:
            return False
        return True

    def _ask_stop(self, is_asking: bool) -> None:
        self._is_asking = is_asking
        self.stop_asked.emit(is_asking)

    def _answer_stop_question(self, key: str) -> bool:
        self._ask_stop(False)
        if key == STOP_KEY:
            self.stop()
        return True

    def _end_break(self, key: str) -> bool:
        if key not in GO_ON_KEYS:
            return False
        self._is_resting = False
        self.break_due.emit(-1.0)
        self._open_next_case()
        return True

    def _answer_question(self, key: str) -> bool:
        if key not in GO_ON_KEYS:
            return False
        self._is_held, self._question = False, ""
        self.question_asked.emit("")
        if key == "Space":
            self._rest_or_open()
        else:
            self.stop()
        return True

    def _open_case(self) -> None:
        if self._progress is None or self._progress.case_id is None:
            return
        self.progress_changed.emit(self._progress)
        self._images.want(self._cases[self._progress.case_id])

    def _on_image_ready(self, case_id: str, renderer: FrameRenderer) -> None:
        if self._progress is None or case_id != self._progress.case_id:
            return
        try:
            reading = self._study.start_reading(self._progress.plan.session_id, case_id)
        except FocusStationError as error:
            self._report(str(error))
            return
        self._reading_id = reading.reading_id
        height_px, width_px = renderer.image.stored.shape
        opened = CaseOpened(
            t_s=clock_s(),
            reading_id=reading.reading_id,
            case_id=case_id,
            image_width_px=width_px,
            image_height_px=height_px,
            position=self._progress.position,
            frames=renderer.image.frames,
        )
        self._tell(self.case_opened, opened)
        overlaid = self.protocol.image_overlays == "on"
        shown = ShownCase(renderer, reading.reading_id, case_id, image_overlays=overlaid)
        self.viewports.open((shown,))
        following = self._progress.next_case_id
        if following is not None:
            self._images.prefetch(self._cases[following])

    def _on_frame_wanted(self, frame: int) -> None:
        image = self.viewport.image
        if self._progress is not None and self._progress.case_id is not None and image is not None:
            self._frames.want(self._cases[self._progress.case_id], frame, image.frames)

    def _on_image_failed(self, case_id: str, reason: str) -> None:
        if self._progress is None or case_id != self._progress.case_id:
            return
        self._report(f"{case_id} cannot be shown and is left out: {reason}")
        self._go_on()

    def _close_case(self, reason: ReadingEnd) -> None:
        if self._progress is None or self._reading_id is None:
            return
        reading_id, case_id = self._reading_id, str(self._progress.case_id)
        self._reading_id = None
        closed = CaseClosed(t_s=clock_s(), reading_id=reading_id, case_id=case_id, reason=reason)
        self._frames.forget()
        self.viewports.clear()
        self._tell(self.case_closed, closed)
        try:
            self._study.finish_reading(reading_id, reason)
        except FocusStationError as error:
            self._report(str(error))

    def _go_on(self) -> None:
        if self._progress is None:
            return
        self._progress = self._progress.advanced()
        if self._progress.is_finished:
            self._end(self._progress, is_finished=True)
        elif self._question:
            self._is_held = True
            self.question_asked.emit(self._question)
        else:
            self._rest_or_open()

    def _rest_or_open(self) -> None:
        if self._progress is None:
            return
        every = self.protocol.breaks.every_cases
        if every and self._progress.position % every == 0:
            self._is_resting = True
            self.break_due.emit(self.protocol.breaks.minutes)
        else:
            self._open_next_case()

    def _open_next_case(self) -> None:
        self._is_waiting = self._waits is not None and self._waits()
        if not self._is_waiting:
            self._open_case()

    def _end(self, progress: ReadingProgress, *, is_finished: bool) -> None:
        self._progress = None
        self._is_asking = self._is_resting = self._is_held = self._is_waiting = False
        self._images.forget()
        plan = progress.plan
        self.reading_ended.emit(
            SessionSummary(plan.session_id, self._read_count, len(plan.case_ids), is_finished)
        )

    def _report(self, problem: str) -> None:
        self.marker_made.emit(FaultFound(t_s=clock_s(), source="station", detail=problem))
        self.problem_found.emit(problem)

    def _tell(self, signal: SignalInstance, marker: Marker) -> None:
        self.marker_made.emit(marker)
        signal.emit(marker)
