from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app.shared.blocks import Paragraph, RecordingLight, button, card, label, named, scrolling

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def test_labels_show_plain_text(qtbot: QtBot) -> None:
    made = label("<b>case</b>", "title", "study_name")
    qtbot.addWidget(made)
    assert made.textFormat() == Qt.TextFormat.PlainText
    assert (made.objectName(), made.property("role")) == ("study_name", "title")


def test_a_button_calls_back(qtbot: QtBot) -> None:
    pressed: list[str] = []
    made = button("Go", "go_button", lambda: pressed.append("go"), icon_name="play")
    qtbot.addWidget(made)
    QTest.mouseClick(made, Qt.MouseButton.LeftButton)
    assert pressed == ["go"]
    assert made.objectName() == "go_button"
    assert not made.icon().isNull()


def test_card_and_name(qtbot: QtBot) -> None:
    frame, column = card(margin=7)
    qtbot.addWidget(frame)
    assert column.contentsMargins().left() == 7
    widget = named(QWidget(), "x")
    qtbot.addWidget(widget)
    assert widget.objectName() == "x"


def test_the_recording_light_is_red_only_while_recording(qtbot: QtBot) -> None:
    light = RecordingLight()
    qtbot.addWidget(light)

    def redness() -> int:
        colour = light.grab().toImage().pixelColor(5, 5)
        return colour.red() - colour.blue()

    assert redness() < 20
    light.show_recording(True)
    assert light.is_recording
    assert redness() > 60
    light.show_recording(False)
    assert redness() < 20


def test_a_paragraph_is_as_high_as_its_text_needs(qtbot: QtBot) -> None:
    paragraph = Paragraph("word " * 60, "muted", "long_text")
    qtbot.addWidget(paragraph)
    paragraph.setFixedWidth(200)
    paragraph.show()
    tall = paragraph.minimumHeight()
    assert tall >= paragraph.heightForWidth(200) > 60
    paragraph.setText("word")
    assert paragraph.minimumHeight() < tall
    paragraph.setText("")
    assert paragraph.minimumHeight() == 0
    paragraph.hide()


def test_what_is_taller_than_its_place_is_scrolled_there(qtbot: QtBot) -> None:
    tall = QWidget()
    tall.setMinimumHeight(900)
    area = scrolling(tall)
    qtbot.addWidget(area)
    area.resize(200, 300)
    with qtbot.waitExposed(area):
        area.show()
    assert area.minimumSizeHint().height() < 300
    assert tall.height() == 900
    area.verticalScrollBar().setValue(10_000)
    assert tall.mapTo(area, QPoint(0, 900)).y() == 300
    assert area.focusPolicy() == Qt.FocusPolicy.NoFocus
