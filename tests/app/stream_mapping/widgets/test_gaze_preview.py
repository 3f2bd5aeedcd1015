from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QColor

from app.shared.theme import COLOURS
from app.stream_mapping.widgets.gaze_preview import GazePreview
from gazecore.streams.corners import CORNERS, CornerVerdict

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def colour_at(preview: GazePreview, x_norm: float, y_norm: float) -> QColor:
    screen = preview.screen_rect()
    x_px = round(screen.left() + x_norm * screen.width())
    y_px = round(screen.top() + y_norm * screen.height())
    return preview.grab().toImage().pixelColor(x_px, y_px)


def test_the_dot_is_where_gaze_is_also_beside_the_screen(qtbot: QtBot) -> None:
    preview = GazePreview(16 / 9)
    qtbot.addWidget(preview)
    preview.resize(800, 500)
    for xy in ((0.25, 0.75), (1.05, 0.5), (0.5, -0.05)):
        preview.show_gaze(xy)
        assert colour_at(preview, *xy) == QColor(COLOURS["accent"])
    preview.show_gaze(None)
    assert preview.gaze is None
    assert colour_at(preview, 0.25, 0.75) == QColor(COLOURS["ground"])


def test_the_screen_keeps_its_shape(qtbot: QtBot) -> None:
    preview = GazePreview(16 / 9)
    qtbot.addWidget(preview)
    preview.resize(400, 1000)
    preview.set_aspect(5 / 4)
    screen = preview.screen_rect()
    assert abs(screen.width() / screen.height() - 5 / 4) < 1e-9
    assert preview.rect().contains(screen.toRect())


def test_corners_that_were_missed_are_joined_with_where_gaze_lay(qtbot: QtBot) -> None:
    preview = GazePreview()
    qtbot.addWidget(preview)
    preview.resize(800, 500)
    upside_down = tuple((x, 1 - y) for x, y in CORNERS)
    preview.show_verdict(CornerVerdict((False,) * 4, upside_down, "y"))
    halfway = colour_at(preview, 0.08, 0.5)
    assert halfway.red() > halfway.blue()
    preview.show_verdict(None)
    assert colour_at(preview, 0.08, 0.5) == QColor(COLOURS["ground"])
