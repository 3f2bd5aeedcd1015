"""The trace draws what was seen and leaves holes where nothing was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QColor

from app.operator.widgets.trace import KEEP, ValidTrace
from app.shared.theme import COLOURS

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def _distance(a: QColor, b: QColor) -> int:
    return abs(a.red() - b.red()) + abs(a.green() - b.green()) + abs(a.blue() - b.blue())


def _accent_columns(trace: ValidTrace) -> list[int]:
    image = trace.grab().toImage()
    accent = QColor(COLOURS["accent"])
    return [
        x
        for x in range(image.width())
        if any(_distance(QColor(image.pixel(x, y)), accent) < 150 for y in range(image.height()))
    ]


def test_the_newest_share_is_at_the_right_and_holes_stay_empty(qtbot: QtBot) -> None:
    trace = ValidTrace()
    qtbot.addWidget(trace)
    assert _accent_columns(trace) == []
    for index in range(KEEP):
        trace.add(None if KEEP // 3 <= index < 2 * KEEP // 3 else 0.5)
    columns = _accent_columns(trace)
    width = trace.width()
    assert max(columns) >= width - 4
    assert not [x for x in columns if width / 3 + 3 < x < 2 * width / 3 - 3]
