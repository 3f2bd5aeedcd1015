"""The page of an open study: the reader at the left, the cases at the right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from app.shared.blocks import button, card, label, named, scrolling
from app.shared.key_sheet_view import KeySheetView
from app.worklist.widgets.case_table import CaseTable
from app.worklist.widgets.notice_card import NoticeCard

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.worklist.controller import WorklistController
    from app.worklist.viewmodel import Worklist
    from gazecore.study.key_sheet import SheetSection

SIDE_WIDTH_PX = 400
SCROLL_BAR_PX = 12
"""Beside the side, for what is taller than a small screen."""
NO_CASES = "No cases yet: import images with 'focusstation study import STUDY IMAGES'"


class WorklistPage(QWidget):
    """Shows a `WorklistController` and forwards what the reader wants.

    Parameters
    ----------
    keys : sequence of columns of (key, meaning)
        The main keys of reading, shown below the reader.
    sheet : sequence of (title, column)
        All of them, shown over the page at F1.

    Signals
    -------
    streams_requested
        Somebody wants to see the other gaze streams.
    print_keys_requested
        Somebody wants the sheet of keys on paper.
    """

    streams_requested = Signal()
    print_keys_requested = Signal()

    def __init__(
        self,
        controller: WorklistController,
        keys: Sequence[Sequence[tuple[str, str]]] = (),
        sheet: Sequence[SheetSection] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._keys = tuple(keys)
        self.setObjectName("worklist_page")
        self._controller = controller
        self._title = label("", "title", "study_name")
        self._counts = label("", "muted", "study_counts")
        self._reader = label("", "heading", "signed_in_reader")
        self._figure = label("", "figure", "read_count")
        self._problem = label("", "alarm", "worklist_problem")
        self._busy = label("", "muted", "worklist_busy")
        self._bar = named(QProgressBar(), "read_bar")
        self.reader_box = named(QComboBox(), "reader_box")
        self.table = CaseTable()
        self.notice = NoticeCard("RECORDING CUT OFF")
        self.tracker_notice = NoticeCard("TRACKER")
        self.tracker_notice.setObjectName("tracker_notice_card")
        self.streams_button = button(
            "", "other_streams_button", self.streams_requested.emit, role="quiet"
        )
        self.streams_button.hide()
        self.sign_in_button = button("Sign in", "sign_in_button", self._sign_in, role="primary")
        self.sign_out_button = button(
            "Sign out", "sign_out_button", controller.sign_out, role="quiet"
        )
        self.start_button = button(
            "Start reading",
            "start_reading_button",
            controller.request_reading,
            role="primary",
            icon_name="play",
        )
        self.key_sheet = KeySheetView(sheet, self, can_print=True)
        self.key_sheet.print_requested.connect(self.print_keys_requested)
        self.key_sheet.closed.connect(self._focus_start)
        QShortcut(QKeySequence("F1"), self, self.key_sheet.toggle)
        self._lay_out()
        controller.worklist_changed.connect(self.show_worklist)
        controller.problem_found.connect(self.show_problem)
        self.show_worklist(controller.worklist())

    def show_problem(self, problem: str) -> None:
        """Show one line of trouble below the reader."""
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))

    def show_other_streams(self, names: Sequence[str]) -> None:
        """Offer the streams page: other programs send gaze, too."""
        here = "stream is" if len(names) == 1 else "streams are"
        self.streams_button.setText(f"{len(names)} other gaze {here} here: see Streams")
        self.streams_button.setToolTip("\n".join(names))
        self.streams_button.setVisible(bool(names))

    def show_busy(self, text: str) -> None:
        """Show what is being waited for; the start button rests meanwhile."""
        self._busy.setText(text)
        self._busy.setVisible(bool(text))
        self.start_button.setEnabled(not text and bool(self._controller.worklist().unread))

    def show_worklist(self, worklist: Worklist) -> None:
        """Show the cases and who reads them."""
        is_signed_in = worklist.reader_id is not None
        total = len(worklist.rows)
        self._title.setText(worklist.study_name)
        self._counts.setText(
            f"{_counted(total, 'case')}   ·   {_counted(len(worklist.readers), 'reader')}"
        )
        self.table.cases.show_rows(worklist.rows)
        self._show_readers(worklist)
        self._signed_out.setVisible(not is_signed_in)
        self._signed_in.setVisible(is_signed_in)
        self._reader.setText(worklist.reader_id or "")
        self._figure.setText(f"{worklist.read_count} of {total} read")
        self._bar.setRange(0, max(1, total))
        self._bar.setValue(worklist.read_count)
        self.start_button.setText("Resume reading" if worklist.is_begun else "Start reading")
        self.start_button.setEnabled(bool(worklist.unread))
        self.show_problem("" if total else NO_CASES)
        self._focus_start()

    def _focus_start(self) -> None:
        is_signed_in = self._controller.worklist().reader_id is not None
        (self.start_button if is_signed_in else self.reader_box).setFocus()

    def _sign_in(self) -> None:
        self._controller.sign_in(self.reader_box.currentText())

    def _show_readers(self, worklist: Worklist) -> None:
        typed = self.reader_box.currentText()
        self.reader_box.clear()
        self.reader_box.addItems(worklist.readers)
        self.reader_box.setCurrentText(worklist.reader_id or typed)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(40, 36, 40, 36)
        row.setSpacing(32 - SCROLL_BAR_PX)
        side = QVBoxLayout()
        side.setSpacing(18)
        side.addWidget(self._title)
        side.addWidget(self._counts)
        side.addSpacing(10)
        side.addWidget(self._reader_card())
        side.addWidget(self._problem)
        side.addWidget(self.streams_button, 0, Qt.AlignmentFlag.AlignLeft)
        side.addWidget(self.notice)
        side.addWidget(self.tracker_notice)
        if self._keys:
            side.addWidget(self._key_card())
        side.addStretch(1)
        self._title.setWordWrap(True)
        self._problem.setWordWrap(True)
        holder = QWidget()
        holder.setLayout(side)
        side.setContentsMargins(0, 0, SCROLL_BAR_PX, 0)
        shown = named(scrolling(holder), "worklist_side")
        shown.setFixedWidth(SIDE_WIDTH_PX + SCROLL_BAR_PX)
        row.addWidget(shown)
        row.addWidget(self.table, 1)

    def _key_card(self) -> QWidget:
        frame, column = card(spacing=12)
        frame.setObjectName("key_sheet")
        head = QHBoxLayout()
        head.addWidget(label("KEYS WHILE READING", "eyebrow"), 1)
        head.addWidget(button("All keys  F1", "all_keys_button", self.key_sheet.open, role="quiet"))
        column.addLayout(head)
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(7)
        for place, keys in enumerate(self._keys):
            grid.setColumnStretch(2 * place + 1, 1)
            for row, (key, meaning) in enumerate(keys):
                grid.addWidget(label(key, "key"), row, 2 * place, Qt.AlignmentFlag.AlignLeft)
                grid.addWidget(label(meaning, "muted"), row, 2 * place + 1)
        column.addLayout(grid)
        return frame

    def _reader_card(self) -> QWidget:
        frame, column = card(spacing=16)
        self._bar.setTextVisible(False)
        edit = named(QLineEdit(), "reader_edit")
        edit.setPlaceholderText("Reader's pseudonym, e.g. reader-1")
        edit.returnPressed.connect(self._sign_in)
        self.reader_box.setEditable(True)
        self.reader_box.setLineEdit(edit)
        self._signed_out, out = _column()
        out.addWidget(label("READER", "eyebrow"))
        out.addWidget(self.reader_box)
        out.addWidget(self.sign_in_button)
        self._signed_in, inside = _column()
        head = QHBoxLayout()
        head.addWidget(self._reader, 1)
        head.addWidget(self.sign_out_button, 0, Qt.AlignmentFlag.AlignRight)
        inside.addWidget(label("READER", "eyebrow"))
        inside.addLayout(head)
        inside.addWidget(self._figure)
        inside.addWidget(self._bar)
        inside.addSpacing(6)
        inside.addWidget(self.start_button)
        inside.addWidget(self._busy)
        self._busy.hide()
        column.addWidget(self._signed_out)
        column.addWidget(self._signed_in)
        return frame


def _column() -> tuple[QWidget, QVBoxLayout]:
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(12)
    return holder, column


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
