"""A figure's text, colour and hint."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLabel

from app.operator.viewmodel import Figure
from app.operator.widgets.figure_label import FigureLabel
from app.shared.theme import COLOURS

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def test_a_figure_is_shown_and_changes(qtbot: QtBot) -> None:
    shown = FigureLabel(Figure("DISK FREE", "300 GB", "good"))
    qtbot.addWidget(shown)
    assert shown.objectName() == "figure_disk_free"
    assert [part.text() for part in shown.findChildren(QLabel)] == ["DISK FREE", "300 GB"]
    shown.show_figure(Figure("DISK FREE", "2 GB", "warn", "nearly full"))
    assert shown.text == "2 GB"
    assert shown.toolTip() == "nearly full"
    assert COLOURS["amber"] in shown.findChildren(QLabel)[1].styleSheet()
