"""The table of calibration points marks the poor ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.calibration.calibrated_point import CalibratedPoint
from app.calibration.points import TargetPoint
from app.calibration.widgets.point_table import PointTable
from app.shared.theme import COLOURS
from gazecore.messages import EyeAtPoint

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


GOOD = EyeAtPoint(samples_used=20, samples=24, offset_deg=0.25)
BLIND = EyeAtPoint(samples_used=0, samples=24)


def test_points_are_listed_and_poor_ones_amber(qtbot: QtBot) -> None:
    table = PointTable()
    qtbot.addWidget(table)
    table.show_points(
        [
            CalibratedPoint(TargetPoint(0.5, 0.5), 41, 0.31, GOOD, BLIND),
            CalibratedPoint(TargetPoint(0.1, 0.9), 0, None),
        ],
        {1},
    )
    rows = [[table.item(row, column).text() for column in range(6)] for row in range(2)]  # type: ignore[union-attr]
    assert rows == [
        ["1", "50 / 50 %", "41", "0.31°", "20/24 · 0.25°", "not used"],
        ["2", "10 / 90 %", "0", "–", "–", "–"],
    ]
    colours = [table.item(row, 0).foreground().color().name() for row in range(2)]  # type: ignore[union-attr]
    assert colours[1] == COLOURS["amber"]
    assert colours[0] != COLOURS["amber"]
