"""Targets are painted at their place on the tracked screen, wherever the widget lies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pytest
from PySide6.QtGui import QImage

from app.calibration.points import TargetPoint
from app.calibration.widgets.target_screen import TargetScreen

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def _gray(widget: TargetScreen) -> npt.NDArray[np.uint8]:
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    return np.array(rows[:, : image.width()])


def _centroid_px(widget: TargetScreen) -> tuple[float, float]:
    bright = _gray(widget).astype(float) - widget.background.lightness()
    bright[bright < 40] = 0
    y, x = np.indices(bright.shape) + 0.5
    return float((x * bright).sum() / bright.sum()), float((y * bright).sum() / bright.sum())


@pytest.mark.parametrize("origin", [(0, 0), (37, 21)])
@pytest.mark.parametrize("place", [(0.5, 0.5), (0.3, 0.4)])
def test_the_target_lies_where_the_tracker_is_told(
    qtbot: QtBot, origin: tuple[int, int], place: tuple[float, float]
) -> None:
    screen = TargetScreen()
    qtbot.addWidget(screen)
    screen.setGeometry(*origin, 700, 600)
    screen.show()
    qtbot.waitExposed(screen)
    screen.show_target(TargetPoint(*place))
    panel = screen.screen().geometry()
    qtbot.wait(30)
    x_px, y_px = _centroid_px(screen)
    assert x_px == pytest.approx(place[0] * panel.width() - screen.geometry().x(), abs=0.5)
    assert y_px == pytest.approx(place[1] * panel.height() - screen.geometry().y(), abs=0.5)
    screen.close()


def test_without_a_target_the_screen_is_evenly_dark(qtbot: QtBot) -> None:
    screen = TargetScreen()
    qtbot.addWidget(screen)
    screen.resize(200, 100)
    screen.show_target(TargetPoint(0.05, 0.05))
    screen.show_target(None)
    assert screen.centre_px() is None
    assert np.unique(_gray(screen)).tolist() == [screen.background.lightness()]


def test_the_target_shrinks(qtbot: QtBot) -> None:
    screen = TargetScreen()
    qtbot.addWidget(screen)
    screen.resize(800, 600)
    screen.show_target(TargetPoint(0.5, 0.5))
    before = int((_gray(screen) > 120).sum())
    qtbot.waitUntil(lambda: 0 < int((_gray(screen) > 120).sum()) < before / 4, timeout=5000)


@pytest.mark.parametrize("level", [20.0, 60.0, 180.0])
def test_the_background_is_the_grey_that_was_asked_for(qtbot: QtBot, level: float) -> None:
    screen = TargetScreen(level)
    qtbot.addWidget(screen)
    screen.resize(400, 300)
    assert np.unique(_gray(screen)).tolist() == [level]
    screen.show_target(TargetPoint(0.05, 0.05))
    assert int(np.ptp(_gray(screen).astype(int))) >= 100
