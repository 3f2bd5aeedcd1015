from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QColor

from app.shared.theme import COLOURS
from app.stream_mapping.widgets.corner_screen import CornerScreen
from gazecore.streams.corners import CORNERS

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.mark.parametrize("corner", CORNERS)
def test_the_ring_stands_at_its_place_on_the_screen(
    qtbot: QtBot, corner: tuple[float, float]
) -> None:
    corners = CornerScreen()
    qtbot.addWidget(corners)
    assert corners.centre_px() is None
    screen = corners.screen().geometry()
    corners.setGeometry(screen)
    corners.show()
    corners.show_target(corner)
    at = corners.centre_px()
    assert at is not None
    centre = corners.mapToGlobal(at)
    assert abs(centre.x() - (screen.x() + corner[0] * screen.width())) < 1
    assert abs(centre.y() - (screen.y() + corner[1] * screen.height())) < 1
    dot = corners.grab().toImage().pixelColor(at.toPoint())
    assert dot == QColor(COLOURS["strong"])
