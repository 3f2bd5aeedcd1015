"""A second outlet claims the gaze stream while a reader reads: a key decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from app.acquisition.viewmodel import OutletClaim, OutletQuestion, RecorderStatus
from app.outlet_question import OutletAsker

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

ASKED = RecorderStatus(
    "recording",
    questions=(
        OutletQuestion(
            "gaze",
            (OutletClaim("a", "lab-1", "x", is_recorded=True), OutletClaim("b", "lab-2", "x")),
        ),
    ),
)


@pytest.fixture
def page(qtbot: QtBot) -> QWidget:
    page = QWidget()
    QVBoxLayout(page).addWidget(QLineEdit())
    qtbot.addWidget(page)
    with qtbot.waitExposed(page):
        page.show()
    return page


def test_a_key_on_the_page_chooses_the_outlet(page: QWidget) -> None:
    chosen: list[OutletClaim] = []
    asker = OutletAsker(page, chosen.append, page)
    QTest.keyClick(page, Qt.Key.Key_1, Qt.KeyboardModifier.AltModifier)
    assert (chosen, asker.sentence, asker.is_recorded) == ([], "", True)
    asker.note(ASKED)
    assert asker.sentence.endswith("Alt+1 lab-1 (recorded now) · Alt+2 lab-2")
    QTest.keyClick(page, Qt.Key.Key_3, Qt.KeyboardModifier.AltModifier)
    assert chosen == []
    QTest.keyClick(page, Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    assert [claim.uid for claim in chosen] == ["b"]
    assert asker.sentence == ""
    QTest.keyClick(page, Qt.Key.Key_1, Qt.KeyboardModifier.AltModifier)
    assert len(chosen) == 1


def test_a_question_that_settles_itself_is_gone(page: QWidget) -> None:
    asker = OutletAsker(page, lambda _claim: None, page)
    asker.note(ASKED)
    asker.note(RecorderStatus("recording"))
    assert asker.sentence == ""
    asker.note(ASKED)
    asker.note(None)
    assert asker.sentence == ""
