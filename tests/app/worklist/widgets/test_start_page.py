from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton

from app.worklist.widgets.start_page import StartPage

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def press(qtbot: QtBot, page: StartPage, name: str) -> None:
    found = page.findChild(QPushButton, name)
    assert isinstance(found, QPushButton)
    QTest.mouseClick(found, Qt.MouseButton.LeftButton)


def test_three_ways_into_a_study(qtbot: QtBot) -> None:
    page = StartPage()
    qtbot.addWidget(page)
    page.folder_edit.setText(" /studies/knee ")
    with qtbot.waitSignal(page.open_requested) as opened:
        press(qtbot, page, "open_study_button")
    assert opened.args == [Path("/studies/knee")]

    page.name_edit.setText("膝关节")
    page.new_folder_edit.setText("/studies/新")
    with qtbot.waitSignal(page.create_requested) as created:
        press(qtbot, page, "create_study_button")
    assert created.args == [Path("/studies/新"), "膝关节"]

    page.demo_folder_edit.setText("/tmp/demo")
    with qtbot.waitSignal(page.demo_requested) as demo:
        press(qtbot, page, "try_demo_button")
    assert demo.args == [Path("/tmp/demo")]


def test_an_empty_form_asks_for_nothing(qtbot: QtBot) -> None:
    page = StartPage()
    qtbot.addWidget(page)
    with qtbot.assertNotEmitted(page.open_requested):
        press(qtbot, page, "open_study_button")
    with qtbot.assertNotEmitted(page.create_requested):
        press(qtbot, page, "create_study_button")
    problem = page.findChild(QLabel, "start_problem")
    assert isinstance(problem, QLabel)
    assert "name and a folder" in problem.text()
    page.show_note("Making …")
    assert problem.text() == ""
