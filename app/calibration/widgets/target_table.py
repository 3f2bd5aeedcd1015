"""The validation's figures per target in degrees, one row a target."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from app.calibration.viewmodel import degrees, percent

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from gazecore.messages import TargetError, ValidationDone

COLUMNS = ("Target", "Left eye", "Right eye", "Both", "Precision RMS", "Precision STD", "Data loss")


class TargetTable(QTableWidget):
    """Accuracy of each eye and of both, precision and data loss of both."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, len(COLUMNS), parent)
        self.setObjectName("target_table")
        self.setHorizontalHeaderLabels(list(COLUMNS))
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.horizontalHeader().setHighlightSections(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(32)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setShowGrid(False)

    def show_validation(self, validation: ValidationDone | None) -> None:
        """Fill the table, or empty it."""
        rows = rows_of(validation) if validation is not None else []
        self.setRowCount(len(rows))
        for row, texts in enumerate(rows):
            for column, text in enumerate(texts):
                item = QTableWidgetItem(text)
                item.setTextAlignment(Qt.AlignmentFlag.AlignCenter)
                self.setItem(row, column, item)


def rows_of(validation: ValidationDone) -> list[tuple[str, ...]]:
    """The table's texts: one row a target, the medians last."""
    by_place: dict[tuple[float, float], dict[str, TargetError]] = {}
    for error in validation.targets:
        by_place.setdefault((error.x_norm, error.y_norm), {})[error.eye] = error
    rows = [
        (
            f"{x:.0%} / {y:.0%}".replace("%", " %"),
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
