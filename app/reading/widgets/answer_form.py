"""The strip below the image: place in the session, the question with its keys, tool read-out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from app.reading.viewmodel import Answer, ReadingProgress
from app.reading.window_tools import window_numbers
from app.shared.blocks import RecordingLight, label, named

if TYPE_CHECKING:
    from app.reading.controller import ReadingController
    from gazecore.study import AnswerField, Choice

STRIP_HEIGHT_PX = 44
QUESTION_WIDTH_PX = 80
"""What is left of a question where the answers need the room."""

ASK_STOP = "End this session?   Esc again: end   ·   any other key: go on"
QUESTION = "{question}   Enter: end and calibrate again   ·   Space: go on"
BREAK = "Time for a break of {minutes:g} min.   Space: go on   ·   Esc: end the session"


class AnswerForm(QFrame):
    """One line, dim, without a clock: what is asked and which key answers it."""

    def __init__(self, controller: ReadingController, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("answer_form")
        self.setProperty("role", "strip")
        self.setFixedHeight(STRIP_HEIGHT_PX)
        self._controller = controller
        self._field: AnswerField | None = None
        self.recording_light = RecordingLight()
        self._position = label("", name="session_position")
        self._question = label("", "question", "answer_question")
        self._notice = label("", "question", "reading_notice")
        self._read_out = label("", name="viewport_read_out")
        self._choices = named(QWidget(), "answer_choices")
        self._choices_row = QHBoxLayout(self._choices)
        self._buttons: list[QPushButton] = []
        self._alarm = label("", "alarm", "reading_alarm")
        self._lay_out()
        controller.progress_changed.connect(self._on_progress_changed)
        controller.stop_asked.connect(self._on_stop_asked)
        controller.break_due.connect(self._on_break_due)
        controller.question_asked.connect(self._on_question_asked)
        controller.problem_found.connect(self._on_problem_found)
        controller.case_opened.connect(lambda _opened: self._show_notice(""))
        controller.viewports.viewport_changed.connect(lambda _change: self._show_read_out())
        controller.viewports.active_changed.connect(lambda _index: self._show_read_out())
        controller.viewports.case_cleared.connect(self._read_out.clear)

    def show_recording(self, *, is_recording: bool, alarm: str = "") -> None:
        """Show whether gaze is recorded, and what is wrong in place of the read-out.

        What is said while gaze is recorded all the same is said without alarm.
        """
        self.recording_light.show_recording(is_recording)
        self._alarm.setProperty("role", "notice" if is_recording else "alarm")
        self._alarm.style().polish(self._alarm)
        self._alarm.setText(alarm)
        self._alarm.setVisible(bool(alarm))
        self._read_out.setVisible(not alarm)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 0, 20, 0)
        row.setSpacing(14)
        self._question.setMinimumWidth(QUESTION_WIDTH_PX)
        self._read_out.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._choices_row.setContentsMargins(0, 0, 0, 0)
        self._choices_row.setSpacing(8)
        row.addWidget(self._position, 1)
        row.addWidget(self._question)
        row.addWidget(self._choices)
        row.addWidget(self._notice)
        row.addWidget(self._read_out, 1)
        row.addWidget(self._alarm)
        row.addWidget(self.recording_light)

    def _on_progress_changed(self, progress: ReadingProgress) -> None:
        self._position.setText(f"{progress.position + 1} / {len(progress.plan.case_ids)}")
        form = self._controller.protocol.form
        asked = next((entry for entry in form if entry.name not in progress.answers), form[-1])
        if asked != self._field:
            self._field = asked
            self._question.setText(asked.label or asked.name)
            self._show_choices(asked)

    def _show_choices(self, asked: AnswerField) -> None:
        for shown in self._buttons:
            self._choices_row.removeWidget(shown)
            shown.deleteLater()
        self._buttons = [self._choice_button(asked, choice) for choice in asked.choices]
        for made in self._buttons:
            self._choices_row.addWidget(made)

    def _choice_button(self, asked: AnswerField, choice: Choice) -> QPushButton:
        key = choice.keys[0].replace("Return", "Enter") if choice.keys else ""
        text = f"{key}   {choice.label or choice.value}" if key else choice.label or choice.value
        made = QPushButton(text)
        made.setObjectName(f"answer_{asked.name}_{choice.value}")
        made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        made.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)  # never cut
        answer = Answer(asked.name, choice.value, choice.label)
        made.clicked.connect(lambda _checked=False: self._controller.choose(answer))
        return made

    def _on_stop_asked(self, is_asked: bool) -> None:
        self._show_notice(ASK_STOP if is_asked else "")

    def _on_break_due(self, minutes: float) -> None:
        self._show_notice(BREAK.format(minutes=minutes) if minutes >= 0 else "")

    def _on_question_asked(self, question: str) -> None:
        self._show_notice(QUESTION.format(question=question) if question else "")

    def _on_problem_found(self, problem: str) -> None:
        self._show_notice(problem)

    def _show_notice(self, text: str) -> None:
        self._notice.setText(text)
        self._notice.setVisible(bool(text))
        self._question.setVisible(not text)
        self._choices.setVisible(not text)

    def _show_read_out(self) -> None:
        """Window and zoom of the active viewport, where they do not stand over the image."""
        state = self._controller.viewport.state
        if state is None or "corners" in self._controller.protocol.overlays:
            return
        window = state.window
        numbers = window_numbers(window.center, window.width)
        reach = "VOI LUT" if window.voi_index is not None else numbers
        self._read_out.setText(f"{reach}    {100 * state.zoom:.0f} %")
