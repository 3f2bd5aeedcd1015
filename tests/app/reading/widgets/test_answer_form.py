from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton

from app.reading.controller import ReadingController
from app.reading.viewmodel import SessionPlan
from app.reading.widgets.answer_form import AnswerForm
from app.shared.theme import apply_theme

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

    from gazecore.dicom.decoder import Decoder
    from gazecore.study import Study

WAIT_MS = 20_000


@pytest.fixture
def form(
    qtbot: QtBot, small_study: Study, shared_decoder: Decoder
) -> tuple[AnswerForm, ReadingController]:
    controller = ReadingController(small_study, shared_decoder)
    made = AnswerForm(controller)
    qtbot.addWidget(made)
    made.show()
    session = small_study.start_session("reader-1")
    plan = SessionPlan(session.session_id, "reader-1", tuple(small_study.unread_cases("reader-1")))
    with qtbot.waitSignal(controller.case_opened, timeout=WAIT_MS):
        controller.begin(plan)
    return made, controller


def text_of(form: AnswerForm, name: str) -> str:
    found = form.findChild(QLabel, name)
    assert isinstance(found, QLabel)
    return found.text() if found.isVisible() else ""


def test_question_keys_and_place_are_shown(form: tuple[AnswerForm, ReadingController]) -> None:
    shown, controller = form
    assert text_of(shown, "answer_question") == "Kellgren-Lawrence grade"
    assert text_of(shown, "session_position") == "1 / 3"
    texts = [button.text().split()[0] for button in shown.findChildren(QPushButton)]
    assert texts == ["Enter", "1", "2", "3", "4"]
    controller.stop()


def test_a_click_answers_like_the_key(
    qtbot: QtBot, form: tuple[AnswerForm, ReadingController], small_study: Study
) -> None:
    shown, controller = form
    button = shown.findChild(QPushButton, "answer_grade_3")
    assert isinstance(button, QPushButton)
    with qtbot.waitSignal(controller.case_opened, timeout=WAIT_MS):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert small_study.readings()[0].answers == {"grade": "3"}
    assert text_of(shown, "session_position") == "2 / 3"
    controller.stop()


def test_the_question_to_end_takes_the_place_of_the_form(
    form: tuple[AnswerForm, ReadingController],
) -> None:
    shown, controller = form
    controller.press_key("Esc")
    assert "Esc again" in text_of(shown, "reading_notice")
    assert text_of(shown, "answer_question") == ""
    controller.press_key("A")
    assert text_of(shown, "reading_notice") == ""
    assert text_of(shown, "answer_question") != ""
    controller.stop()


def test_the_read_out_follows_the_window_and_the_zoom(
    form: tuple[AnswerForm, ReadingController], small_study: Study
) -> None:
    shown, controller = form
    controller.viewport.drag_window(100.0, 0.0)
    assert text_of(shown, "viewport_read_out") == ""  # the numbers stand over the image
    small_study.set_protocol(small_study.protocol.model_copy(update={"overlays": ("scale",)}))
    before = text_of(shown, "viewport_read_out")
    controller.viewport.drag_window(200.0, 0.0)
    after = text_of(shown, "viewport_read_out")
    assert after != before
    assert "W " in after
    controller.press_key("O")
    assert "100 %" in text_of(shown, "viewport_read_out")
    controller.stop()
    assert text_of(shown, "viewport_read_out") == ""


@pytest.mark.parametrize("width_px", [960, 1280, 2560])
def test_no_answer_is_cut_and_none_is_where_the_image_ends(
    qtbot: QtBot, qapp: QApplication, form: tuple[AnswerForm, ReadingController], width_px: int
) -> None:
    shown, controller = form
    apply_theme(qapp)
    shown.resize(width_px, shown.height())
    qtbot.waitUntil(lambda: shown.width() == width_px)
    buttons = shown.findChildren(QPushButton)
    assert all(button.width() >= button.sizeHint().width() for button in buttons)
    ends = [button.mapTo(shown, QPoint(button.width(), 0)).x() for button in buttons]
    assert max(ends) < shown.width()
    controller.stop()
