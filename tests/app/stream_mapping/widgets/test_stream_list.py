from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.stream_mapping.viewmodel import StreamRow
from app.stream_mapping.widgets.stream_list import StreamList

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

ROWS = (
    StreamRow("Tobii", "1", "120 of 600 Hz", "known", "good"),
    StreamRow("lab", "2", "60 Hz", "needs a mapping", "warn", "why"),
)


def test_streams_are_chosen_by_arrow_and_enter_or_by_a_click(qtbot: QtBot) -> None:
    streams = StreamList()
    qtbot.addWidget(streams)
    chosen: list[str] = []
    streams.chosen.connect(chosen.append)
    QTest.keyClick(streams, Qt.Key.Key_Return)
    streams.show_rows(ROWS)
    QTest.keyClick(streams, Qt.Key.Key_Return)
    QTest.keyClick(streams, Qt.Key.Key_Down)
    QTest.keyClick(streams, Qt.Key.Key_Enter)
    streams.cellClicked.emit(0, 1)
    assert chosen == ["Tobii", "lab", "Tobii"]


def test_a_new_list_keeps_the_selected_stream(qtbot: QtBot) -> None:
    streams = StreamList()
    qtbot.addWidget(streams)
    streams.show_rows(ROWS)
    streams.selectRow(1)
    streams.show_rows((ROWS[1], ROWS[0]))
    assert streams.currentRow() == 0
    item = streams.item(0, 2)
    assert item is not None
    assert (item.text(), item.toolTip()) == ("needs a mapping", "why")
    streams.show_rows(())
    assert streams.rowCount() == 0
