"""Tables are as tall as their rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.calibration.widgets.figure_table import (
    LOW_ROW_HEIGHT_PX,
    ROW_HEIGHT_PX,
    FigureTable,
    place,
)

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def test_few_rows_are_tall_and_many_are_low(qtbot: QtBot) -> None:
    table = FigureTable("figures", ("a", "b"))
    qtbot.addWidget(table)
    table.show_rows([("1", "2")] * 4)
    assert table.rowHeight(0) == ROW_HEIGHT_PX
    four_px = table.height()
    table.show_rows([("1", "2")] * 13)
    assert table.rowHeight(0) == LOW_ROW_HEIGHT_PX
    assert table.height() == four_px + 13 * LOW_ROW_HEIGHT_PX - 4 * ROW_HEIGHT_PX


def test_places_in_percent() -> None:
    assert place(0.25, 0.1) == "25 / 10 %"
