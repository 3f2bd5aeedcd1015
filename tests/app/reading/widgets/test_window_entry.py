from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app.reading.frame import FrameRenderer
from app.reading.shown_case import ShownCase
from app.reading.viewport_controller import ViewportController
from app.reading.widgets.window_entry import WindowEntry
from gazecore.dicom import open_image
from tests.app.conftest import gray_image, write_png

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot


@pytest.fixture
def entry(qtbot: QtBot, tmp_path: Path) -> tuple[WindowEntry, ViewportController, list[bool]]:
    controller = ViewportController()
    holder = QWidget()
    made = WindowEntry(controller, holder)
    qtbot.addWidget(holder)
    holder.resize(400, 300)
    with qtbot.waitExposed(holder):
        holder.show()
    controller.begin_session(frozenset())
    image = open_image(write_png(tmp_path / "a.png", gray_image(1)))
    controller.open(ShownCase(FrameRenderer(image), "reading-000001", "case-0001"))
    closed: list[bool] = []
    made.closed.connect(lambda: closed.append(True))
    return made, controller, closed


def test_enter_applies_two_numbers(
    entry: tuple[WindowEntry, ViewportController, list[bool]],
) -> None:
    line, controller, closed = entry
    line.ask()
    assert line.isVisible()
    QTest.keyClicks(line, "70 33")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert controller.state is not None
    assert (controller.state.window.center, controller.state.window.width) == (70.0, 33.0)
    assert line.isHidden()
    assert closed == [True]


def test_what_is_no_window_stays_to_be_mended(
    entry: tuple[WindowEntry, ViewportController, list[bool]],
) -> None:
    line, controller, closed = entry
    before = controller.state
    line.ask()
    QTest.keyClicks(line, "dark")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert line.isVisible()
    assert line.selectedText() == "dark"
    QTest.keyClick(line, Qt.Key.Key_Escape)
    assert line.isHidden()
    assert (controller.state, closed) == (before, [True])


def test_it_goes_with_the_case(
    entry: tuple[WindowEntry, ViewportController, list[bool]],
) -> None:
    line, controller, closed = entry
    line.ask()
    controller.clear()
    assert line.isHidden()
    line.ask()
    assert line.isHidden()
    assert closed == [True]
