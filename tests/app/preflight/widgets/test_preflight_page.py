from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from app.preflight.widgets.preflight_page import PreflightPage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from app.preflight.controller import PreflightController, PreflightPlan

WAIT_MS = 20_000


@pytest.fixture
def page(qtbot: QtBot, controller: PreflightController) -> Iterator[PreflightPage]:
    made = PreflightPage(controller)
    qtbot.addWidget(made)
    made.resize(1000, 700)
    made.show()
    yield made
    made.hide()


def text_of(page: PreflightPage, name: str) -> str:
    found = page.findChild(QLabel, name)
    assert isinstance(found, QLabel)
    return found.text()


def test_any_key_goes_on_at_once(
    qtbot: QtBot, page: PreflightPage, controller: PreflightController, plan: PreflightPlan
) -> None:
    screen = replace(plan.screen, is_sized=False)
    controller.look(replace(plan, screen=screen))
    assert "Looking" in text_of(page, "preflight_title")
    qtbot.waitUntil(lambda: controller.state.phase == "done", timeout=WAIT_MS)
    assert "card" in text_of(page, "preflight_screen_to_do")
    assert "Hz" in text_of(page, "preflight_tracker")
    QTest.keyClick(page, Qt.Key.Key_Shift)
    assert controller.state.phase == "done"
    with qtbot.waitSignal(controller.passed, timeout=1000):
        QTest.keyClick(page, Qt.Key.Key_Space)
    assert "recorder" in text_of(page, "preflight_hint")


def test_keys_where_something_is_in_the_way(
    qtbot: QtBot, page: PreflightPage, controller: PreflightController, plan: PreflightPlan
) -> None:
    controller.look(replace(plan, folder=plan.folder / "nowhere"))
    qtbot.waitUntil(lambda: controller.state.phase == "done", timeout=WAIT_MS)
    assert text_of(page, "preflight_title") == "Not ready"
    assert text_of(page, "preflight_recording_to_do")
    QTest.keyClick(page, Qt.Key.Key_Space)
    assert controller.state.phase == "done"
    QTest.keyClick(page, Qt.Key.Key_R)
    assert not controller.state.results
    with qtbot.waitSignal(controller.left, timeout=1000):
        QTest.keyClick(page, Qt.Key.Key_Escape)
