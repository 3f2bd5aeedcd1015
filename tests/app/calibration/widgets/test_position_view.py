"""Eyes in the box, one line of advice; nothing where nothing is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QColor
from PySide6.QtWidgets import QLabel

from app.calibration.eyes import EyesSeen
from app.calibration.position import EyePlace, HeadPosition
from app.calibration.widgets.position_view import GOOD, HeadBox, PositionView
from app.shared.theme import COLOURS

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

LEFT, RIGHT = EyePlace(0.4, 0.5, 0.5), EyePlace(0.6, 0.5, 0.5)


def _label(view: PositionView, name: str) -> QLabel:
    found = view.findChild(QLabel, name)
    assert isinstance(found, QLabel)
    return found


def test_advice_or_praise(qtbot: QtBot) -> None:
    view = PositionView()
    qtbot.addWidget(view)
    view.show_position(HeadPosition("guide", LEFT, RIGHT))
    assert _label(view, "position_advice").text() == GOOD
    view.show_position(HeadPosition("guide", LEFT, RIGHT, "Move a little closer"))
    assert _label(view, "position_advice").text() == "Move a little closer"
    view.show_eyes(EyesSeen(is_live=True, left=True, right=True, distance_mm=640))
    assert _label(view, "calibration_eyes").text() == "Both eyes are seen, 64 cm from the tracker"


def test_a_tracker_that_tells_no_place_has_no_box(qtbot: QtBot) -> None:
    view = PositionView()
    qtbot.addWidget(view)
    view.show_position(HeadPosition())
    box = view.findChild(HeadBox)
    assert isinstance(box, HeadBox)
    assert box.isHidden()
    assert _label(view, "position_advice").isHidden()


def test_eyes_are_drawn_where_they_are(qtbot: QtBot) -> None:
    box = HeadBox()
    qtbot.addWidget(box)
    box.show_position(HeadPosition("guide", EyePlace(0.1, 0.5, 0.5), None))
    image = box.grab().toImage()
    accent = QColor(COLOURS["accent"])
    columns = [
        x
        for x in range(image.width())
        for y in range(image.height())
        if image.pixelColor(x, y) == accent
    ]
    assert columns
    assert max(columns) < image.width() / 3
