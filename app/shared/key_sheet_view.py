"""The sheet of keys over a page: dark, opaque, gone with the next key or click."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.shared.blocks import button, card, label, scrolling
from app.shared.theme import COLOURS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gazecore.study.key_sheet import SheetSection

WIDE_ROWS = 26
"""A column of the sheet takes sections up to about so many rows."""


class KeySheetView(QWidget):
    """Covers another widget with the keys of a study.

    Signals
    -------
    painted
        It is on its way to the screen.
    closed
    print_requested
    """

    painted = Signal()
    closed = Signal()
    print_requested = Signal()

    def __init__(
        self, sections: Sequence[SheetSection], covered: QWidget, *, can_print: bool = False
    ) -> None:
        super().__init__(covered)
        self.setObjectName("key_sheet_view")
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._covered = covered
        self._lay_out(sections, can_print=can_print)
        covered.installEventFilter(self)
        self.hide()

    def open(self) -> None:
        """Cover the page."""
        self.setGeometry(self._covered.rect())
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def toggle(self) -> None:
        """Cover the page, or show it again: for a shortcut, which takes the key from here."""
        if self.isHidden():
            self.open()
        else:
            self.leave()

    def leave(self) -> None:
        """Show the page again."""
        if not self.isHidden():
            self.hide()
            self.closed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground, and say so."""
        del event
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(COLOURS["room"]))
        painter.end()
        self.painted.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave; the key means nothing else, and one that is held down means nothing."""
        if not event.isAutoRepeat() and event.key() not in _MODIFIER_KEYS:
            self.leave()
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Leave."""
        self.leave()
        event.accept()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay as large as the page."""
        if event.type() == QEvent.Type.Resize:
            self.setGeometry(self._covered.rect())
        return super().eventFilter(watched, event)

    def _lay_out(self, sections: Sequence[SheetSection], *, can_print: bool) -> None:
        frame, column = card(spacing=14, margin=22)
        column.addWidget(label("Keys and mouse while reading", "title"))
        row = QHBoxLayout()
        row.setSpacing(32)
        for part in columns_of(sections):
            row.addLayout(_column(part))
        column.addLayout(row)
        foot = QHBoxLayout()
        foot.addWidget(label("Any key goes back", "muted"), 1)
        if can_print:
            foot.addWidget(button("Print …", "print_keys_button", self.print_requested.emit))
        column.addLayout(foot)
        centred = QWidget()
        around = QGridLayout(centred)
        around.addWidget(frame, 0, 0, Qt.AlignmentFlag.AlignCenter)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        area = scrolling(centred)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        outer.addWidget(area)


_MODIFIER_KEYS = (Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_Meta)


def columns_of(sections: Sequence[SheetSection]) -> list[list[SheetSection]]:
    """Sections side by side: each goes below the one before while the column is not too long."""
    columns: list[list[SheetSection]] = []
    for section in sections:
        rows = sum(len(entries) + 2 for _, entries in (columns[-1] if columns else []))
        if columns and rows + len(section[1]) <= WIDE_ROWS:
            columns[-1].append(section)
        else:
            columns.append([section])
    return columns


def _column(sections: Sequence[SheetSection]) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(10)
    for title, entries in sections:
        column.addWidget(label(title.upper(), "eyebrow"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        for row, (key, meaning) in enumerate(entries):
            grid.addWidget(label(key, "key"), row, 0, Qt.AlignmentFlag.AlignLeft)
            grid.addWidget(label(meaning, "muted"), row, 1)
        column.addLayout(grid)
        column.addSpacing(8)
    column.addStretch(1)
    return column
