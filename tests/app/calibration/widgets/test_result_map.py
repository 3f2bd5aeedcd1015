"""The map draws targets, gaze and what was lost, each in its colour."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QColor

from app.calibration.points import TargetPoint
from app.calibration.viewmodel import CalibratedPoint, CalibrationState, GazeOffset
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


def test_poor_points_are_amber(drawn: ResultMap) -> None:
    point = TargetPoint(0.5, 0.5)
    drawn.show_state(CalibrationState(points=(CalibratedPoint(point, 30, 0.2),)))
    assert COLOURS["amber"] not in _colours(drawn)
    drawn.show_state(CalibrationState(points=(CalibratedPoint(point, 0, None),)))
    assert COLOURS["amber"] in _colours(drawn)
