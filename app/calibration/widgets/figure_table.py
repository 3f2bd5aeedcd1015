"""A table of figures as tall as its rows; it is looked at, not used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from app.shared.theme import COLOURS

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from PySide6.QtWidgets import QWidget

ROW_HEIGHT_PX = 32
LOW_ROW_HEIGHT_PX = 25
MANY_ROWS = 8


class FigureTable(QTableWidget):
    """Rows of texts; with many of them they are lower."""

    def __init__(self, name: str, columns: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(0, len(columns), parent)
        self.setObjectName(name)
        self.setHorizontalHeaderLabels(list(columns))
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.horizontalHeader().setHighlightSections(False)
        self.verticalHeader().hide()
        self.verticalHeader().setMinimumSectionSize(LOW_ROW_HEIGHT_PX)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setShowGrid(False)

    def show_rows(
        self, rows: Sequence[Sequence[str]], amber: Collection[int] = frozenset()
    ) -> None:
        """Fill the table; rows numbered in `amber` have that colour."""
        row_px = LOW_ROW_HEIGHT_PX if len(rows) > MANY_ROWS else ROW_HEIGHT_PX
        self.verticalHeader().setDefaultSectionSize(row_px)
        self.setRowCount(len(rows))
        for row, texts in enumerate(rows):
            for column, text in enumerate(texts):
                item = QTableWidgetItem(text)
                item.setTextAlignment(Qt.AlignmentFlag.AlignCenter)
                if row in amber:
                    item.setForeground(QColor(COLOURS["amber"]))
                self.setItem(row, column, item)
        header_px = self.horizontalHeader().sizeHint().height()
        self.setFixedHeight(header_px + row_px * len(rows) + 4)


def place(x_norm: float, y_norm: float) -> str:
    """Where a target lies, as shown."""
    return f"{100 * x_norm:.0f} / {100 * y_norm:.0f} %"
