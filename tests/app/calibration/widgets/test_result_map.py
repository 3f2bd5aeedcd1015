"""The map draws targets, gaze and what was lost, each in its colour."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest

from app.calibration.calibrated_point import CalibratedPoint
from app.calibration.points import TargetPoint
from app.calibration.viewmodel import CalibrationState, GazeOffset
from app.calibration.widgets.result_map import ResultMap
from app.shared.theme import COLOURS

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def _colours(drawn: ResultMap) -> set[str]:
    image = drawn.grab().toImage()
    return {
        QColor(image.pixel(x, y)).name()
        for x in range(image.width())
        for y in range(image.height())
    }


@pytest.fixture
def drawn(qtbot: QtBot) -> ResultMap:
    made = ResultMap(16 / 9)
    qtbot.addWidget(made)
    made.resize(160, 90)
    return made


def test_gaze_is_drawn_and_a_lost_target_is_alarming(drawn: ResultMap) -> None:
    target = TargetPoint(0.5, 0.5)
    seen = CalibrationState(offsets=(GazeOffset(target, TargetPoint(0.55, 0.5)),))
    drawn.show_state(seen)
    assert COLOURS["accent"] in _colours(drawn)
    assert COLOURS["alarm"] not in _colours(drawn)
    drawn.show_state(CalibrationState(offsets=(GazeOffset(target, None),)))
    assert COLOURS["accent"] not in _colours(drawn)
    assert COLOURS["alarm"] in _colours(drawn)


def test_marked_points_are_amber(drawn: ResultMap) -> None:
    point = TargetPoint(0.5, 0.5)
    drawn.show_state(CalibrationState().calibrated((CalibratedPoint(point, 30, 0.2),)))
    assert COLOURS["amber"] not in _colours(drawn)
    drawn.show_state(CalibrationState().calibrated((CalibratedPoint(point, 0, None),)))
    assert COLOURS["amber"] in _colours(drawn)


def test_a_click_near_a_point_names_it(qtbot: QtBot, drawn: ResultMap) -> None:
    points = [CalibratedPoint(TargetPoint(x, 0.5), 30, 0.2) for x in (0.2, 0.8)]
    drawn.show_state(CalibrationState().calibrated(points))
    with qtbot.waitSignal(drawn.point_clicked) as clicked:
        QTest.mouseClick(drawn, Qt.MouseButton.LeftButton, pos=QPoint(125, 47))
    assert clicked.args == [1]
    with qtbot.assertNotEmitted(drawn.point_clicked):
        QTest.mouseClick(drawn, Qt.MouseButton.LeftButton, pos=QPoint(80, 5))
        drawn.show_state(CalibrationState(points=tuple(points)))
        QTest.mouseClick(drawn, Qt.MouseButton.LeftButton, pos=QPoint(125, 47))
