"""The page after the last case: what was read, and the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.shared.blocks import button, card, label
from app.shared.icons import icon

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from app.reading.viewmodel import SessionSummary


class EndPage(QWidget):
    """Says how the sitting ended; Enter goes back to the worklist.

    Signals
    -------
    done
    """

    done = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("end_page")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._title = label("", "title", "end_title")
        self._text = label("", "muted", "end_text")
        self._recording = label("", "muted", "end_recording")
        self._text.setWordWrap(True)
        self._recording.setWordWrap(True)
        self._lay_out()

    def show_summary(self, summary: SessionSummary) -> None:
        """Show how the sitting ended; the recording is still being closed."""
        self._title.setText("All cases read" if summary.is_finished else "Session ended")
        left = summary.case_count - summary.read_count
        rest = f"{left} left for next time." if left else "Thank you."
        self._text.setText(f"{summary.read_count} of {summary.case_count} cases read.  {rest}")
        self._recording.setText("Closing the recording …")

    def show_recording(self, text: str) -> None:
        """Show what became of the recording."""
        self._recording.setText(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go back with Enter, Space or Esc."""
        if event.key() in (
            Qt.Key.Key_Return,
            Qt.Key.Key_Enter,
            Qt.Key.Key_Space,
            Qt.Key.Key_Escape,
        ):
            self.done.emit()
        else:
            super().keyPressEvent(event)

    def _lay_out(self) -> None:
        frame, column = card(spacing=14, margin=44)
        frame.setFixedWidth(520)
        mark = QLabel()
        mark.setPixmap(icon("check", "accent", 40).pixmap(40, 40))
        column.addWidget(mark)
        column.addWidget(self._title)
        column.addWidget(self._text)
        column.addWidget(self._recording)
        column.addSpacing(16)
        row = QHBoxLayout()
        row.addWidget(
            button("Back to the worklist", "end_done_button", self.done.emit, role="primary")
        )
        row.addStretch(1)
        column.addLayout(row)
        page = QVBoxLayout(self)
        page.addStretch(2)
        page.addWidget(frame, 0, Qt.AlignmentFlag.AlignHCenter)
        page.addStretch(3)
