"""The table of calibration points marks the poor ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.calibration.points import TargetPoint
from app.calibration.viewmodel import CalibratedPoint
from app.calibration.widgets.point_table import PointTable
from app.shared.theme import COLOURS

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def test_points_are_listed_and_poor_ones_amber(qtbot: QtBot) -> None:
    table = PointTable()
    qtbot.addWidget(table)
    table.show_points(
        [
            CalibratedPoint(TargetPoint(0.5, 0.5), 41, 0.31),
            CalibratedPoint(TargetPoint(0.1, 0.9), 0, None),
        ]
    )
    rows = [[table.item(row, column).text() for column in range(3)] for row in range(2)]  # type: ignore[union-attr]
    assert rows == [["50 / 50 %", "41", "0.31°"], ["10 / 90 %", "0", "–"]]
    colours = [table.item(row, 0).foreground().color().name() for row in range(2)]  # type: ignore[union-attr]
    assert colours[1] == COLOURS["amber"]
    assert colours[0] != COLOURS["amber"]
