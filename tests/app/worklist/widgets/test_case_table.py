from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from app.worklist.viewmodel import WorklistRow
from app.worklist.widgets.case_table import COLUMNS, CaseTable

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def test_rows_are_shown_as_they_are(qtbot: QtBot) -> None:
    table = CaseTable()
    qtbot.addWidget(table)
    rows = (
        WorklistRow(1, "case-0003", "read", "2"),
        WorklistRow(2, "case-0001", "unread", is_simulated=True),
    )
    table.cases.show_rows(rows)
    model = table.model()
    assert (model.rowCount(), model.columnCount()) == (2, len(COLUMNS))
    texts = [[model.index(r, c).data() for c in range(len(COLUMNS))] for r in range(2)]
    assert texts == [
        ["1", "case-0003", "Read", "2", ""],
        ["2", "case-0001", "To read", "", "simulated"],
    ]
    assert model.headerData(1, Qt.Orientation.Horizontal) == "Case"
    table.cases.show_rows(())
    assert model.rowCount() == 0
