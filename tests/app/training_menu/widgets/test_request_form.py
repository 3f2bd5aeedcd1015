"""The form collects a request for each task."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QLineEdit, QPushButton

from app.training_menu.controller import TrainingController
from app.training_menu.request import RunRequest, Task
from app.training_menu.widgets.request_form import RequestForm

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.fixture
def form(qtbot: QtBot, tmp_path: Path) -> RequestForm:
    made = RequestForm(TrainingController(tmp_path / "runs", Path("knees")))
    qtbot.addWidget(made)
    return made


def _choose(form: RequestForm, task: Task) -> None:
    tasks = form.findChild(QComboBox, "training_task")
    assert isinstance(tasks, QComboBox)
    tasks.setCurrentIndex(tasks.findData(task))


def _type(form: RequestForm, name: str, text: str) -> None:
    edit = form.findChild(QLineEdit, name)
    assert isinstance(edit, QLineEdit)
    edit.setText(text)


def test_a_predictor_needs_nothing_but_the_study(form: RequestForm) -> None:
    assert form.request() == RunRequest(
        "predictor", "predictor-1", study=Path("knees"), epochs=120, seeds=0
    )


def test_pretraining_takes_images_maps_method_and_views(form: RequestForm) -> None:
    _choose(form, "pretrain")
    _type(form, "data_path", "/data/knees.npz")
    _type(form, "attention_path", " ")
    assert form.request() == RunRequest(
        "pretrain", "pretrain-1", data=Path("/data/knees.npz"), epochs=40
    )


def test_a_comparison_takes_what_is_checked(form: RequestForm) -> None:
    _choose(form, "compare")
    for name in ("moco", "area-matched"):
        box = form.findChild(QCheckBox, f"check_{name}")
        assert isinstance(box, QCheckBox)
        box.setChecked(False)
    request = form.request()
    assert request.methods == ("simclr", "byol")
    assert request.arms == ("conventional", "focuscontrast")
    assert (request.seeds, request.jobs) == (3, 1)


def test_only_the_fields_of_the_task_are_shown(form: RequestForm) -> None:
    form.show()
    data = form.findChild(QLineEdit, "data_path")
    assert isinstance(data, QLineEdit)
    assert not data.isVisible()
    _choose(form, "compare")
    assert data.isVisible()
    form.close()


def test_start_hands_the_request_on_and_problems_are_shown(qtbot: QtBot, form: RequestForm) -> None:
    start = form.findChild(QPushButton, "start_run")
    assert isinstance(start, QPushButton)
    with qtbot.waitSignal(form.start_requested) as requested:
        QTest.mouseClick(start, Qt.MouseButton.LeftButton)
    assert requested.args == [form.request()]
    form.show_problem("no maps")
    problem = form.findChild(QLabel, "training_problem")
    assert isinstance(problem, QLabel)
    assert problem.text() == "no maps"
