from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget

from app.worklist.controller import WorklistController
from app.worklist.widgets.worklist_page import WorklistPage
from gazecore.study.key_sheet import sheet_sections

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gazecore.study import Study


def text_of(page: WorklistPage, name: str) -> str:
    found = page.findChild(QLabel, name)
    assert isinstance(found, QLabel)
    return found.text()


def test_a_reader_signs_in_and_starts_by_keyboard(qtbot: QtBot, small_study: Study) -> None:
    controller = WorklistController(small_study)
    page = WorklistPage(controller, [[("1", "doubtful")], [("F", "fit")]])
    qtbot.addWidget(page)
    with qtbot.waitExposed(page):
        page.show()
    assert text_of(page, "study_counts").startswith("3 cases")
    assert not page.start_button.isVisible()
    edit = page.reader_box.lineEdit()
    assert edit is not None
    edit.clear()
    QTest.keyClicks(edit, "reader-9")
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert text_of(page, "signed_in_reader") == "reader-9"
    assert page.start_button.isVisible()
    assert page.start_button.hasFocus()
    with qtbot.waitSignal(controller.reading_requested) as requested:
        QTest.keyClick(page.start_button, Qt.Key.Key_Space)
    assert requested.args == ["reader-9"]


def test_progress_and_resuming(qtbot: QtBot, small_study: Study) -> None:
    session = small_study.start_session("reader-1")
    reading = small_study.start_reading(session.session_id, small_study.case_order("reader-1")[0])
    small_study.save_answer(reading.reading_id, "grade", "4")
    small_study.finish_reading(reading.reading_id, "answered")
    controller = WorklistController(small_study)
    page = WorklistPage(controller)
    qtbot.addWidget(page)
    controller.sign_in("reader-1")
    assert text_of(page, "read_count") == "1 of 3 read"
    assert page.start_button.text() == "Resume reading"
    assert page.start_button.isEnabled()
    page.show_busy("Starting …")
    assert not page.start_button.isEnabled()
    page.show_busy("")
    assert page.start_button.isEnabled()


def test_problems_are_shown_and_go_away(qtbot: QtBot, small_study: Study) -> None:
    controller = WorklistController(small_study)
    page = WorklistPage(controller)
    qtbot.addWidget(page)
    controller.request_reading()
    assert text_of(page, "worklist_problem") == "Sign in first"
    controller.sign_in("reader-1")
    assert text_of(page, "worklist_problem") == ""


def test_all_keys_are_shown_and_printed_from_here(qtbot: QtBot, small_study: Study) -> None:
    sections = sheet_sections(small_study.protocol)
    page = WorklistPage(WorklistController(small_study), (), sections)
    qtbot.addWidget(page)
    with qtbot.waitExposed(page):
        page.show()
    page.key_sheet.open()
    assert page.key_sheet.isVisible()
    with qtbot.waitSignal(page.print_keys_requested):
        page.key_sheet.print_requested.emit()
    QTest.keyClick(page.key_sheet, Qt.Key.Key_F1)
    assert page.key_sheet.isHidden()
    assert page.focusWidget() in (page.reader_box, page.reader_box.lineEdit())


def test_a_low_screen_squeezes_no_key(qtbot: QtBot, small_study: Study) -> None:
    controller = WorklistController(small_study)
    rows = [(str(number), "a key") for number in range(20)]
    page = WorklistPage(controller, [rows])
    qtbot.addWidget(page)
    page.resize(960, 584)
    with qtbot.waitExposed(page):
        page.show()
    card = page.findChild(QWidget, "key_sheet")
    assert isinstance(card, QWidget)
    assert card.height() >= card.minimumSizeHint().height() > page.height() / 2
