"""The streams page: streams at the left, the chosen one's mapping and live gaze at the right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from app.shared.blocks import button, card, label
from app.stream_mapping.viewmodel import corner_at
from app.stream_mapping.widgets.corner_screen import CornerScreen
from app.stream_mapping.widgets.gaze_preview import GazePreview
from app.stream_mapping.widgets.mapping_form import MappingForm
from app.stream_mapping.widgets.stream_list import StreamList

if TYPE_CHECKING:
    from PySide6.QtGui import QHideEvent, QShowEvent

    from app.stream_mapping.controller import StreamMappingController
    from app.stream_mapping.viewmodel import MappingState

LIST_WIDTH_PX = 560
NOTHING_FOUND = (
    "No gaze stream is on this machine. Start the program that sends your tracker's gaze over Lab "
    "Streaming Layer; a tracker on another machine is found when the study names that machine "
    "(tracking.remote_hosts)."
)
HOW_TO = "Choose a stream with the arrow keys and Enter."
LOOK_TEXT, LOOKING_TEXT = "Look again   F5", "Looking …"


class StreamMappingPage(QWidget):
    """Shows the controller's state and forwards what is pressed.

    Keys: arrows and Enter choose a stream, F5 looks again, F6 shows the corners, F7 takes the
    remedy, F8 uses the stream, Esc leaves without saving.
    """

    def __init__(self, controller: StreamMappingController, aspect: float = 16 / 9) -> None:
        super().__init__()
        self.setObjectName("streams_page")
        self._controller = controller
        self.list = StreamList()
        self.form = MappingForm()
        self.preview = GazePreview(aspect)
        self._corners = CornerScreen()
        self._title = label("", "heading", "stream_title")
        self._said = label(HOW_TO, "muted", "stream_said")
        self._problem = label("", "alarm", "stream_problem")
        self._verdict = label("", "heading", "stream_verdict")
        for text in (self._said, self._problem, self._verdict):
            text.setWordWrap(True)
        self._make_buttons()
        self._lay_out()
        self._connect()
        self.show_state(controller.state)

    def showEvent(self, event: QShowEvent) -> None:
        """Look for streams."""
        super().showEvent(event)
        if not self._controller.state.rows:
            self._controller.look()
        self.list.setFocus()

    def hideEvent(self, event: QHideEvent) -> None:
        """Let go of the stream that was looked at, unless its corners are shown."""
        super().hideEvent(event)
        if not self._controller.state.is_at_corners:
            self._controller.rest()

    def show_state(self, state: MappingState) -> None:
        """Show all of it."""
        self._stack.setCurrentIndex(1 if state.is_at_corners else 0)
        self._corners.show_target(None if state.corner is None else corner_at(state.corner))
        self.list.show_rows(state.rows)
        self.form.show_state(state)
        self.preview.show_verdict(state.verdict)
        self.preview.setVisible(bool(state.origin))
        self._look.setText(LOOKING_TEXT if state.is_looking else LOOK_TEXT)
        self._look.setEnabled(not state.is_looking)
        self._own.setVisible(self._controller.uses_other)
        self._title.setText(state.chosen)
        self._said.setText(_said(state))
        self._said.setVisible(not state.message)
        self._problem.setText(state.message)
        self._problem.setVisible(bool(state.message))
        self._show_verdict(state)

    def _show_verdict(self, state: MappingState) -> None:
        verdict = state.verdict
        self._verdict.setText(verdict.sentence if verdict else "")
        remedy = verdict.remedy_text if verdict and verdict.remedy else ""
        self._remedy.setVisible(bool(remedy))
        self._remedy.setText(f"{remedy}   F7")
        self._look_at.setEnabled(state.can_look_at_corners)
        self._use.setEnabled(state.can_use)
        self._verdict.setVisible(verdict is not None)

    def _make_buttons(self) -> None:
        act = self._controller
        self._look = button(LOOK_TEXT, "look_for_streams_button", act.look, role="quiet")
        self._look_at = button(
            "Look at the four corners   F6", "look_at_corners_button", act.look_at_corners
        )
        self._remedy = button("", "take_remedy_button", act.take_remedy, role="primary")
        self._use = button("Use this stream   F8", "use_stream_button", act.use, role="primary")
        self._own = button(
            "Use FocusStation's own tracker", "own_tracker_button", act.use_own, role="quiet"
        )
        self._leave = button("Leave   Esc", "leave_streams_button", act.leave, role="quiet")
        for keys, press in (
            ("F5", self._look),
            ("F6", self._look_at),
            ("F7", self._remedy),
            ("F8", self._use),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.activated.connect(press.click)
        escape = QShortcut(QKeySequence("Esc"), self)
        escape.activated.connect(act.leave)

    def _connect(self) -> None:
        self.list.chosen.connect(self._controller.choose)
        self.form.edited.connect(lambda changes: self._controller.edit(**changes))
        self.form.sides_chosen.connect(self._controller.read_as)
        self._controller.state_changed.connect(self.show_state)
        self._controller.gaze_moved.connect(self.preview.show_gaze)

    def _lay_out(self) -> None:
        page = QWidget()
        columns = QHBoxLayout()
        columns.setSpacing(28)
        columns.addWidget(self._left())
        columns.addWidget(self._right(), 1)
        outer = QVBoxLayout(page)
        outer.setContentsMargins(40, 30, 40, 30)
        outer.setSpacing(20)
        outer.addWidget(label("Streams", "title"))
        outer.addLayout(columns, 1)
        self._stack = QStackedLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._stack.addWidget(page)
        self._stack.addWidget(self._corners)

    def _left(self) -> QWidget:
        holder = QWidget()
        holder.setFixedWidth(LIST_WIDTH_PX)
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        head = QHBoxLayout()
        head.addWidget(label("ON LAB STREAMING LAYER", "eyebrow"), 1)
        head.addWidget(self._look)
        column.addLayout(head)
        column.addWidget(self.list, 1)
        column.addWidget(self._own, 0, Qt.AlignmentFlag.AlignLeft)
        return holder

    def _right(self) -> QWidget:
        frame, column = card(spacing=14, margin=26)
        frame.setObjectName("mapping_card")
        column.addWidget(self._title)
        column.addWidget(self._said)
        column.addWidget(self._problem)
        column.addWidget(self.form)
        column.addWidget(self.preview, 3)
        column.addWidget(self._verdict)
        column.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self._leave)
        row.addStretch(1)
        row.addWidget(self._look_at)
        row.addWidget(self._remedy)
        row.addWidget(self._use)
        column.addLayout(row)
        self._said.setAlignment(Qt.AlignmentFlag.AlignTop)
        return frame


def _said(state: MappingState) -> str:
    """What to do next, in a sentence."""
    if not state.chosen:
        return HOW_TO if state.rows or state.is_looking else NOTHING_FOUND
    if state.origin == "ours":
        return "FocusStation's own channels: nothing to map."
    if state.origin == "known" and state.profile is not None:
        return (
            f"Known: {state.profile.title}. It can be used as it is; "
            "the corners show whether it is right here."
        )
    if state.origin == "hand":
        return (
            "A guess from the labels and the values. Correct it until the dot follows your gaze, "
            "then prove it at the four corners."
        )
    return "Waiting for its first samples …"
