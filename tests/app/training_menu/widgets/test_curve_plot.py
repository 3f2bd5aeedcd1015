"""The plot shows the chosen series and keeps the choice."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QComboBox

from app.training_menu.viewmodel import RunView
from app.training_menu.widgets.curve_plot import CurvePlot

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

LOSS = ((1.0, 2.0), (2.0, 1.5))
CC = ((1.0, 0.1), (2.0, 0.3))


def test_the_loss_comes_first_and_a_choice_is_kept(qtbot: QtBot) -> None:
    plot = CurvePlot()
    qtbot.addWidget(plot)
    plot.show_run(RunView(Path("r"), curves={"validation_cc": CC, "loss": LOSS}))
    assert plot.points() == []
    plot.show()
    assert plot.points() == list(LOSS)
    choice = plot.findChild(QComboBox, "curve_choice")
    assert isinstance(choice, QComboBox)
    choice.setCurrentText("validation_cc")
    assert plot.points() == list(CC)
    longer = (*CC, (3.0, 0.4))
    plot.show_run(RunView(Path("r"), curves={"validation_cc": longer, "loss": LOSS}))
    assert plot.points() == list(longer)


def test_no_run_is_an_empty_plot(qtbot: QtBot) -> None:
    plot = CurvePlot()
    qtbot.addWidget(plot)
    plot.show()
    plot.show_run(RunView(Path("r"), curves={"loss": LOSS}))
    assert plot.points() == list(LOSS)
    plot.show_run(None)
    assert plot.points() == []
