from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton

from app.stream_mapping.controller import CornerPace, StreamMappingController
from app.stream_mapping.widgets.mapping_page import StreamMappingPage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from gazecore.study import Study
    from tests.app.stream_mapping.conftest import Lab

WAIT_MS = 15_000
PACE = CornerPace(settle_s=0.25, measure_s=0.25, arrive_s=0.2)


@pytest.fixture
def page(qtbot: QtBot, study: Study, lab: Lab) -> Iterator[StreamMappingPage]:
    controller = StreamMappingController(study, lab.publish, lambda: (1920.0, 1080.0), pace=PACE)
    made = StreamMappingPage(controller)
    qtbot.addWidget(made)
    made.resize(1600, 900)
    made.show()
    made.activateWindow()
    yield made
    made.hide()
    controller.close()


def text_of(page: StreamMappingPage, name: str) -> str:
    found = page.findChild(QLabel, name)
    assert isinstance(found, QLabel)
    return found.text()


def button_of(page: StreamMappingPage, name: str) -> QPushButton:
    found = page.findChild(QPushButton, name)
    assert isinstance(found, QPushButton)
    return found


def test_the_whole_way_goes_by_keyboard(
    qtbot: QtBot, page: StreamMappingPage, lab: Lab, study: Study
) -> None:
    controller = page._controller
    qtbot.waitUntil(lambda: page.list.rowCount() == 1, timeout=WAIT_MS)
    QTest.keyClick(page.list, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: controller.state.origin == "hand", timeout=WAIT_MS)
    assert text_of(page, "stream_title") == lab.name
    assert "guess" in text_of(page, "stream_said")
    assert not page.form.isHidden()
    qtbot.waitUntil(lambda: page.preview.gaze is not None, timeout=WAIT_MS)
    assert not button_of(page, "use_stream_button").isEnabled()
    QTest.keyClick(page, Qt.Key.Key_F6)
    assert controller.state.is_at_corners
    qtbot.waitUntil(lambda: controller.state.verdict is not None, timeout=WAIT_MS)
    assert text_of(page, "stream_verdict") == "Y looks upside down: flip y?"
    assert button_of(page, "take_remedy_button").text() == "Flip y   F7"
    QTest.keyClick(page, Qt.Key.Key_F7)
    assert button_of(page, "use_stream_button").isEnabled()
    with qtbot.waitSignal(controller.stream_chosen, timeout=WAIT_MS):
        QTest.keyClick(page, Qt.Key.Key_F8)
    assert len(study.stream_profiles()) == 1


def test_escape_leaves_without_saving(qtbot: QtBot, page: StreamMappingPage, study: Study) -> None:
    controller = page._controller
    qtbot.waitUntil(lambda: page.list.rowCount() == 1, timeout=WAIT_MS)
    QTest.keyClick(page.list, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: controller.state.origin == "hand", timeout=WAIT_MS)
    with qtbot.waitSignal(controller.left, timeout=WAIT_MS):
        QTest.keyClick(page, Qt.Key.Key_Escape)
    assert study.stream_profiles() == ()
    assert page.form.isHidden()
