from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from app.worklist.widgets.notice_card import NoticeCard

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def text_of(card: NoticeCard) -> str:
    found = card.findChild(QLabel, "notice_text")
    assert isinstance(found, QLabel)
    return found.text()


def test_a_notice_stays_until_it_is_dismissed_by_keyboard(qtbot: QtBot) -> None:
    card = NoticeCard("RECORDING CUT OFF")
    qtbot.addWidget(card)
    assert card.isHidden()
    card.show_notices(["one", "two"])
    assert not card.isHidden()
    assert text_of(card) == "one\n\ntwo"
    QTest.keyClick(card.dismiss_button, Qt.Key.Key_Space)
    assert card.isHidden()


def test_of_many_the_last_are_shown(qtbot: QtBot) -> None:
    card = NoticeCard("x")
    qtbot.addWidget(card)
    card.show_notices([str(k) for k in range(10)])
    assert text_of(card).startswith("8\n\n9\n\nAnd 8 more")
