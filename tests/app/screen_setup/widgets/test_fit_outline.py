from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from app.screen_setup.widgets.fit_outline import MARGIN_PX, FitOutline

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from app.screen_setup.controller import ScreenSetupController


@pytest.fixture
def outline(qtbot: QtBot, setup: ScreenSetupController) -> Iterator[FitOutline]:
    made = FitOutline(setup)
    qtbot.addWidget(made)
    made.resize(900, 700)
    made.show()
    yield made
    made.hide()


def test_it_is_drawn_as_large_as_the_state_says(
    outline: FitOutline, setup: ScreenSetupController
) -> None:
    rect = outline.outline_px()
    assert (rect.width(), rect.height()) == setup.state.check.outline_px
    image = outline.grab().toImage()
    middle = image.pixelColor(rect.center().toPoint())
    outside = image.pixelColor(850, 650)
    assert middle != outside
    assert max(middle.red(), middle.green(), middle.blue()) < 60  # dim: nothing flashes
    setup.use_method("ruler")
    assert outline.outline_px().width() > rect.width()
    assert outline.grab().toImage() != image


def test_dragging_changes_both_axes(outline: FitOutline, setup: ScreenSetupController) -> None:
    width, height = setup.state.check.outline_px
    corner = QPoint(round(MARGIN_PX + width), round(MARGIN_PX + height))
    QTest.mouseMove(outline, corner)
    QTest.mousePress(outline, Qt.MouseButton.LeftButton, pos=corner)
    QTest.mouseMove(outline, corner + QPoint(30, 12))
    QTest.mouseRelease(outline, Qt.MouseButton.LeftButton, pos=corner + QPoint(30, 12))
    QTest.mouseMove(outline, corner + QPoint(90, 90))
    assert setup.state.check.outline_px == (width + 30, height + 12)
    assert setup.state.check.is_done
