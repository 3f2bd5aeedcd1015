"""The streams on the bus: name, measured beside declared rate, what can be made of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from app.shared.theme import COLOURS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QKeyEvent
    from PySide6.QtWidgets import QWidget

    from app.stream_mapping.viewmodel import Level, StreamRow

COLUMNS = ("Stream", "Rate", "What it is")
ROW_HEIGHT_PX = 38
LEVEL_COLOURS: dict[Level, str] = {"good": "accent", "warn": "amber", "bad": "alarm"}


class StreamList(QTableWidget):
    """One row a stream; Up and Down go through them, Enter or a click chooses.

    Signals
    -------
    chosen : str
        The name of a stream.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, len(COLUMNS), parent)
        self.setObjectName("stream_list")
        self._rows: tuple[StreamRow, ...] = ()
        self.setHorizontalHeaderLabels(list(COLUMNS))
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in (1, 2):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT_PX)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.cellClicked.connect(lambda row, _column: self._choose(row))

    def show_rows(self, rows: Sequence[StreamRow]) -> None:
        """Show these streams; the selected one stays selected by its name."""
        if tuple(rows) == self._rows:
            return
        selected = self._name(self.currentRow())
        self._rows = tuple(rows)
        self.setRowCount(len(rows))
        for number, row in enumerate(rows):
            for column, text in enumerate((row.name, row.rate, row.standing)):
                item = QTableWidgetItem(text)
                item.setToolTip(row.detail)
                if column == 2:
                    item.setForeground(QColor(COLOURS[LEVEL_COLOURS[row.level]]))
                self.setItem(number, column, item)
        names = [row.name for row in rows]
        if rows:
            self.selectRow(names.index(selected) if selected in names else 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose by Enter."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose(self.currentRow())
        else:
            super().keyPressEvent(event)

    def _choose(self, row: int) -> None:
        if self._name(row):
            self.chosen.emit(self._name(row))

    def _name(self, row: int) -> str:
        return self._rows[row].name if 0 <= row < len(self._rows) else ""
