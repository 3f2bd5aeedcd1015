"""The page lists runs, follows the chosen one, and starts new ones."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QListWidget, QPushButton

from app.training_menu.controller import TrainingController
from app.training_menu.run_folder import PROGRESS_FILE
from app.training_menu.widgets.training_page import TrainingPage
from gazecore.messages import RunFinished, RunStarted, StepDone

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot


def _write(run: Path, *messages: object) -> None:
    run.mkdir(parents=True, exist_ok=True)
    with (run / PROGRESS_FILE).open("a") as file:
        file.writelines(message.to_json() + "\n" for message in messages)  # type: ignore[attr-defined]


def _run_list(page: TrainingPage) -> QListWidget:
    found = page.findChild(QListWidget, "run_list")
    assert isinstance(found, QListWidget)
    return found


def _label(page: TrainingPage, name: str) -> str:
    found = page.findChild(QLabel, name)
    assert isinstance(found, QLabel)
    return found.text()


def test_a_run_is_listed_followed_and_ends(qtbot: QtBot, tmp_path: Path) -> None:
    run = tmp_path / "pretrain-1"
    _write(
        run,
        RunStarted(
            t_unix_s=time.time(), run=run.name, task="pretrain", total_steps=4, pid=os.getpid()
        ),
    )
    page = TrainingPage(TrainingController(tmp_path))
    qtbot.addWidget(page)
    page.show()
    assert _label(page, "run_title") == "pretrain-1"
    assert _run_list(page).item(0).text() == "pretrain-1    running    0%"
    _write(run, StepDone(t_unix_s=time.time(), step=2, epoch=0, values={"loss": 1.0}))
    qtbot.waitUntil(lambda: _label(page, "run_summary").startswith("step 2 of 4"))
    assert _run_list(page).item(0).text() == "pretrain-1    running    50%"
    _write(run, RunFinished(t_unix_s=time.time(), outcome="finished", result={"top1": 0.5}))
    qtbot.waitUntil(lambda: _label(page, "run_result") == "top1 0.5")
    assert _run_list(page).item(0).text() == "pretrain-1    finished"
    page.close()


def test_a_request_that_cannot_run_says_why(qtbot: QtBot, tmp_path: Path) -> None:
    page = TrainingPage(TrainingController(tmp_path))
    qtbot.addWidget(page)
    start = page.findChild(QPushButton, "start_run")
    assert isinstance(start, QPushButton)
    QTest.mouseClick(start, Qt.MouseButton.LeftButton)
    assert "an open study" in _label(page, "training_problem")
    assert _run_list(page).count() == 0
    assert _label(page, "run_title") == "No run yet"
