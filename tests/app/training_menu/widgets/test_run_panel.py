"""The panel of the chosen run: state, figures, and stopping it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QLabel, QPushButton

from app.training_menu.controller import TrainingController
from app.training_menu.viewmodel import RunView
from app.training_menu.widgets.run_panel import RunPanel

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.fixture
def panel(qtbot: QtBot, tmp_path: Path) -> RunPanel:
    made = RunPanel(TrainingController(tmp_path))
    qtbot.addWidget(made)
    return made


def _text(panel: RunPanel, name: str) -> str:
    found = panel.findChild(QLabel, name)
    assert isinstance(found, QLabel)
    return found.text()


def _can_stop(panel: RunPanel) -> bool:
    found = panel.findChild(QPushButton, "stop_run")
    assert isinstance(found, QPushButton)
    return not found.isHidden()


def test_without_a_run_it_says_what_to_do(panel: RunPanel) -> None:
    assert _text(panel, "run_title") == "No run yet"
    assert not _can_stop(panel)


def test_a_running_run_can_be_stopped_a_finished_one_shows_its_figures(panel: RunPanel) -> None:
    running = RunView(Path("r"), state="running", pid=os.getpid(), step=5, total_steps=10)
    panel.show_run(running)
    assert _text(panel, "run_summary") == "step 5 of 10"
    assert _can_stop(panel)
    panel.show_run(RunView(Path("r"), state="finished", result={"cc": 0.7125, "nss": 2}))
    assert _text(panel, "run_result") == "cc 0.713   nss 2"
    assert not _can_stop(panel)


def test_a_failed_run_says_why(panel: RunPanel) -> None:
    panel.show_run(RunView(Path("r"), state="failed", message="no space left"))
    assert _text(panel, "run_message") == "no space left"
