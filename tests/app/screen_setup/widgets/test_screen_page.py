from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QSpinBox, QWidget

from app.screen_setup.latency import LatencyController
from app.screen_setup.widgets.screen_page import ScreenPage
from tests.app.screen_setup.conftest import SCREEN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from app.screen_setup.controller import ScreenSetupController
    from gazecore.study import Study


@pytest.fixture
def page(qtbot: QtBot, setup: ScreenSetupController) -> Iterator[ScreenPage]:
    latency = LatencyController(lambda _marker: None)
    made = ScreenPage(setup, latency)
    qtbot.addWidget(made)
    made.resize(1400, 900)
    made.show()
    yield made
    latency.close()
    made.hide()


def text_of(page: QWidget, name: str) -> str:
    found = page.findChild(QLabel, name)
    assert isinstance(found, QLabel)
    return found.text()


def test_the_keyboard_alone_fits_and_saves(
    page: ScreenPage, setup: ScreenSetupController, study: Study
) -> None:
    width, height = setup.state.check.outline_px
    assert "not fitted" in text_of(page, "screen_fitted")
    QTest.keyClick(page, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(page, Qt.Key.Key_Left)
    QTest.keyClick(page, Qt.Key.Key_Down)
    QTest.keyClick(page, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    assert setup.state.check.outline_px == (width + 9, height - 9)
    assert "not fitted" not in text_of(page, "screen_fitted")
    QTest.keyClick(page, Qt.Key.Key_Return)
    assert study.screen_record(SCREEN) is not None
    assert text_of(page, "screen_message") == "Saved."


def test_space_says_that_it_fits(page: ScreenPage, setup: ScreenSetupController) -> None:
    QTest.keyClick(page, Qt.Key.Key_Space)
    assert setup.state.check.is_done
    assert "DP-1" in text_of(page, "screen_name")


def test_who_is_off_is_marked(page: ScreenPage) -> None:
    roles = [
        str(label.property("role"))
        for k in range(3)
        if isinstance(label := page.findChild(QLabel, f"screen_other_{k}"), QLabel)
    ]
    assert roles == ["muted", "notice", "muted"]  # the protocol's 598 mm against 480


def test_a_typed_distance_is_taken(page: ScreenPage, setup: ScreenSetupController) -> None:
    spin = page.findChild(QSpinBox, "screen_distance")
    assert isinstance(spin, QSpinBox)
    spin.setValue(720)
    spin.editingFinished.emit()
    assert setup.state.distance_mm == 720.0
    assert setup.state.distance_source == "typed"


def test_buttons_choose_what_is_held_to_the_screen(
    page: ScreenPage, setup: ScreenSetupController
) -> None:
    for name, method in (("use_ruler_button", "ruler"), ("use_card_button", "card")):
        found = page.findChild(QWidget, name)
        assert isinstance(found, QWidget)
        QTest.mouseClick(found, Qt.MouseButton.LeftButton)
        assert setup.state.check.method == method


def test_the_page_fits_a_low_screen(page: ScreenPage) -> None:
    """A page taller than the screen would make every page, and the image, as tall."""
    assert page.minimumSizeHint().height() <= 640
