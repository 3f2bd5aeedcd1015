"""The question of the dominant eye, its answer, and how to find it out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLabel, QPushButton

from app.calibration.widgets.dominant_eye import HOW_TO_FIND, DominantEyeQuestion

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def test_one_answer_is_checked(qtbot: QtBot) -> None:
    question = DominantEyeQuestion("right")
    qtbot.addWidget(question)
    buttons = {b.objectName(): b for b in question.findChildren(QPushButton)}
    assert [name for name, b in buttons.items() if b.isChecked()] == ["dominant_right"]
    with qtbot.waitSignal(question.eye_chosen) as chosen:
        buttons["dominant_left"].click()
    assert chosen.args == ["left"]
    assert [name for name, b in buttons.items() if b.isChecked()] == ["dominant_left"]
    assert HOW_TO_FIND in {found.text() for found in question.findChildren(QLabel)}
