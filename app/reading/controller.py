"""Leads a reader through a sitting: what each key does, which case is next, what comes between."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.reading.open_case import OpenCase
from app.reading.viewmodel import (
    Answer,
    ReadingProgress,
    SessionPlan,
    SessionSummary,
    answer_for_key,
    is_complete,
)
from gazecore.lsl import clock_s
from gazecore.messages import FaultFound, KeyPressed
from gazecore.study.tool_keys import TOOLS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from app.reading.viewport_controller import ViewportController
    from app.reading.viewports import Viewports
    from gazecore.dicom.decoder import Decoder
    from gazecore.display.screen_light import ScreenLight
    from gazecore.study import Protocol, Study

GO_ON_KEYS = ("Space", "Return", "Enter")
STOP_KEY = "Esc"


class Pause(Enum):
    """What stands between two cases."""

    NONE = auto()
    QUESTION = auto()
    BREAK = auto()
    WAITING = auto()


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
        self._study = study
        self._case = OpenCase(study, decoder, self)
        self._tool_keys: dict[str, str] = {}
        self._progress: ReadingProgress | None = None
        self._read_count = 0
        self._is_asking = False
        self._pause = Pause.NONE
        self._question = ""
        self._waits: Callable[[], bool] | None = None
        self._case.marker_made.connect(self.marker_made)
        self._case.opened.connect(self.case_opened)
        self._case.closed.connect(self.case_closed)
        self._case.left_out.connect(self._go_on)
        self._case.problem_found.connect(self.problem_found)

    @property
    def viewports(self) -> Viewports:
        """What shows the case."""
        return self._case.viewports

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
        return self._case.reading_id

    @property
    def progress(self) -> ReadingProgress | None:
        """Where the reader is; None outside a sitting."""
        return self._progress

    def prepare(self, plan: SessionPlan) -> None:
        """Decode the first case while the reader is still at the calibration."""
        self._case.learn_cases()
        if plan.case_ids:
            self._case.prefetch(plan.case_ids[0])

    def begin(self, plan: SessionPlan) -> None:
        """Start the sitting with its first case."""
        self._read_count = 0
        self._case.learn_cases()
        self._progress = ReadingProgress(plan)
        self._is_asking, self._pause, self._question = False, Pause.NONE, ""
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
            self._answer_stop_question(key)
            return True
        if key == STOP_KEY:
            self._ask_stop(True)
            return True
        if self._pause in (Pause.QUESTION, Pause.BREAK):
            return self._end_pause(key)
        return self._use_key(key)

    def repeat_key(self, key: str) -> bool:
        """Take a key that is held down: only tools that go on by steps do; never an answer."""
        tool = TOOLS.get(self._tool_keys.get(key, ""))
        if self.reading_id is None or self._is_asking or tool is None or not tool.repeats:
            return False
        self.marker_made.emit(KeyPressed(t_s=clock_s(), key=key, repeated=True))
        self.viewports.use(tool.name)
        return True

    def choose(self, answer: Answer) -> None:
        """Store an answer; the last field of the form closes the case and opens the next."""
        if self._progress is None or (given := self._case.save(answer)) is None:
            return
        self._progress = self._progress.answered(answer.field, answer.value)
        self.marker_made.emit(given)
        self.answer_given.emit(given)
        self.progress_changed.emit(self._progress)
        if is_complete(self.protocol, self._progress.answers):
            self._read_count += 1
            self._case.close("answered")
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
        if self._pause is Pause.WAITING:
            self._pause = Pause.NONE
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
            self._case.close("stopped")
            self._end(self._progress, is_finished=False)

    def _use_key(self, key: str) -> bool:
        answers: Mapping[str, str] = self._progress.answers if self._progress else {}
        answer = answer_for_key(self.protocol, answers, key)
        tool = self._tool_keys.get(key)
        if answer is not None:
            self.choose(answer)
        elif tool == "window_entry":
            self.window_entry_requested.emit()
        elif tool == "key_sheet":
            if self.reading_id is not None:
                self.key_sheet_requested.emit()
        elif tool is not None:
            self.viewports.use(tool)
        return answer is not None or tool is not None

    def _ask_stop(self, is_asking: bool) -> None:
        self._is_asking = is_asking
        self.stop_asked.emit(is_asking)

    def _answer_stop_question(self, key: str) -> None:
        self._ask_stop(False)
        if key == STOP_KEY:
            self.stop()

    def _end_pause(self, key: str) -> bool:
        """Take a key between two cases: one to go on with, or nothing."""
        if key not in GO_ON_KEYS:
            return False
        ended, self._pause = self._pause, Pause.NONE
        if ended is Pause.BREAK:
            self.break_due.emit(-1.0)
            self._open_next_case()
            return True
        self._question = ""
        self.question_asked.emit("")
        if key == "Space":
            self._rest_or_open()
        else:
            self.stop()
        return True

    def _open_case(self) -> None:
        if self._progress is not None and self._progress.case_id is not None:
            self.progress_changed.emit(self._progress)
            self._case.want(self._progress)

    def _go_on(self) -> None:
        if self._progress is None:
            return
        self._progress = self._progress.advanced()
        if self._progress.is_finished:
            self._end(self._progress, is_finished=True)
        elif self._question:
            self._pause = Pause.QUESTION
            self.question_asked.emit(self._question)
        else:
            self._rest_or_open()

    def _rest_or_open(self) -> None:
        if self._progress is None:
            return
        every = self.protocol.breaks.every_cases
        if every and self._progress.position % every == 0:
            self._pause = Pause.BREAK
            self.break_due.emit(self.protocol.breaks.minutes)
        else:
            self._open_next_case()

    def _open_next_case(self) -> None:
        if self._waits is not None and self._waits():
            self._pause = Pause.WAITING
        else:
            self._open_case()

    def _end(self, progress: ReadingProgress, *, is_finished: bool) -> None:
        self._progress = None
        self._is_asking, self._pause = False, Pause.NONE
        self._case.forget()
        plan = progress.plan
        self.reading_ended.emit(
            SessionSummary(plan.session_id, self._read_count, len(plan.case_ids), is_finished)
        )
