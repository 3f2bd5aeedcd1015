"""The validation's figures per target in degrees, one row a target."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from app.calibration.viewmodel import degrees, percent
from app.shared.theme import COLOURS

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from PySide6.QtWidgets import QWidget

    from gazecore.messages import TargetError, ValidationDone

COLUMNS = ("Target", "Left eye", "Right eye", "Both", "Precision RMS", "Precision STD", "Data loss")
ROW_HEIGHT_PX = 32


class FigureTable(QTableWidget):
    """A table of figures as tall as its rows; it is looked at, not used."""

    def __init__(self, name: str, columns: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(0, len(columns), parent)
        self.setObjectName(name)
        self.setHorizontalHeaderLabels(list(columns))
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.horizontalHeader().setHighlightSections(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT_PX)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setShowGrid(False)

    def show_rows(
        self, rows: Sequence[Sequence[str]], amber: Collection[int] = frozenset()
    ) -> None:
        """Fill the table; rows numbered in `amber` have that colour."""
        self.setRowCount(len(rows))
        for row, texts in enumerate(rows):
            for column, text in enumerate(texts):
                item = QTableWidgetItem(text)
                item.setTextAlignment(Qt.AlignmentFlag.AlignCenter)
                if row in amber:
                    item.setForeground(QColor(COLOURS["amber"]))
                self.setItem(row, column, item)
        header_px = self.horizontalHeader().sizeHint().height()
        self.setFixedHeight(header_px + ROW_HEIGHT_PX * len(rows) + 4)


class TargetTable(FigureTable):
    """Accuracy of each eye and of both, precision and data loss of both."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("target_table", COLUMNS, parent)

    def show_validation(self, validation: ValidationDone | None) -> None:
        """Fill the table, or empty it."""
        self.show_rows(rows_of(validation) if validation is not None else [])


def place(x_norm: float, y_norm: float) -> str:
    """Where a target lies, as shown."""
    return f"{100 * x_norm:.0f} / {100 * y_norm:.0f} %"


def rows_of(validation: ValidationDone) -> list[tuple[str, ...]]:
    """The table's texts: one row a target, the medians last."""
    by_place: dict[tuple[float, float], dict[str, TargetError]] = {}
    for error in validation.targets:
        by_place.setdefault((error.x_norm, error.y_norm), {})[error.eye] = error
    rows = [
        (
            place(x, y),
            degrees(eyes["left"].accuracy_deg),
            degrees(eyes["right"].accuracy_deg),
            degrees(eyes["both"].accuracy_deg),
            degrees(eyes["both"].precision_rms_deg),
            degrees(eyes["both"].precision_std_deg),
            percent(eyes["both"].data_loss),
        )
        for (x, y), eyes in by_place.items()
    ]
    medians = (
        "Median",
        "",
        "",
        degrees(validation.accuracy_deg),
        degrees(validation.precision_rms_deg),
        degrees(validation.precision_std_deg),
        percent(validation.data_loss),
    )
    return [*rows, medians]
