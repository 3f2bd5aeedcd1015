"""The form of a new run: what to train, on which data, how long."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.shared.blocks import button, card, label
from app.shared.file_dialogs import choose_file
from app.training_menu.request import ARMS, METHODS, TASKS, RunRequest, Task, free_name

if TYPE_CHECKING:
    from app.training_menu.controller import TrainingController

EPOCHS: dict[Task, int] = {"predictor": 120, "pretrain": 40, "compare": 10}


class RequestForm(QWidget):
    """Collects a `RunRequest`.

    Signals
    -------
    start_requested : RunRequest
    """

    start_requested = Signal(object)

    def __init__(self, controller: TrainingController) -> None:
        super().__init__()
        self._controller = controller
        self._make_fields()
        frame, column = card(spacing=14)
        column.addWidget(label("New run", "heading"))
        column.addWidget(self._task)
        column.addWidget(self._explanation)
        self._form = QFormLayout()
        self._form.setVerticalSpacing(12)
        self._form.setHorizontalSpacing(18)
        self._form.setLabelAlignment(Qt.AlignmentFlag.AlignVCenter)
        for title, field in self._rows():
            self._form.addRow(title, field)
        column.addLayout(self._form)
        column.addWidget(self._problem)
        column.addWidget(button("Start", "start_run", self._on_start, role="primary"))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(frame)
        self._task.currentIndexChanged.connect(self._on_task)
        self._on_task()

    @property
    def task(self) -> Task:
        """The task chosen."""
        return cast("Task", self._task.currentData())

    def request(self) -> RunRequest:
        """What the form says now."""
        is_compare = self.task == "compare"
        return RunRequest(
            task=self.task,
            name=self._name.text().strip(),
            study=self._controller.study if self.task == "predictor" else None,
            data=_path(self._data),
            attention=_path(self._attention),
            methods=_checked(self._methods) if is_compare else (self._method.currentText(),),
            arms=_checked(self._arms) if is_compare else (self._arm.currentText(),),
            epochs=self._epochs.value(),
            seeds=self._seeds.value(),
            jobs=self._jobs.value(),
        )

    def show_problem(self, problem: str) -> None:
        """Show why a run could not start."""
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))

    def renew(self) -> None:
        """Suggest a name no run has."""
        self._name.setText(free_name(self.task, self._controller.runs))
        self.show_problem("")

    def _make_fields(self) -> None:
        self._task = QComboBox()
        self._task.setObjectName("training_task")
        for task, title in TASKS.items():
            self._task.addItem(title, task)
        self._explanation = label("", "muted")
        self._explanation.setWordWrap(True)
        self._problem = label("", "alarm", "training_problem")
        self._problem.setWordWrap(True)
        self._name = _named(QLineEdit(), "run_name")
        study = self._controller.study
        self._study = label(study.name if study else "no study is open", "muted")
        self._data = _named(QLineEdit(), "data_path")
        self._attention = _named(QLineEdit(), "attention_path")
        self._method, self._arm = QComboBox(), QComboBox()
        self._method.addItems(METHODS)
        self._arm.addItems(ARMS)
        self._arm.setCurrentText("focuscontrast")
        self._methods = [_check(name, True) for name in METHODS]
        self._arms = [_check(name, True) for name in ARMS]
        self._epochs, self._seeds, self._jobs = _spin(1, 10000), _spin(0, 999), _spin(1, 64)

    def _rows(self) -> list[tuple[str, QWidget]]:
        self._data_row = _browsing(self._data)
        self._attention_row = _browsing(self._attention)
        self._methods_row, self._arms_row = _row(self._methods), _column(self._arms)
        return [
            ("Name", self._name),
            ("Study", self._study),
            ("Images", self._data_row),
            ("Attention maps", self._attention_row),
            ("Method", self._method),
            ("Views", self._arm),
            ("Methods", self._methods_row),
            ("Views", self._arms_row),
            ("Epochs", self._epochs),
            ("Seeds", self._seeds),
            ("Side by side", self._jobs),
        ]

    def _on_task(self) -> None:
        shown: dict[Task, tuple[QWidget, ...]] = {
            "predictor": (self._study,),
            "pretrain": (self._data_row, self._attention_row, self._method, self._arm),
            "compare": (
                self._data_row,
                self._attention_row,
                self._methods_row,
                self._arms_row,
                self._jobs,
            ),
        }
        varying = {field for fields in shown.values() for field in fields}
        for field in varying:
            self._form.setRowVisible(field, field in shown[self.task])
        seeds = self._form.labelForField(self._seeds)
        seeds.setText("Seeds" if self.task == "compare" else "Seed")  # type: ignore[attr-defined]
        self._seeds.setValue(3 if self.task == "compare" else 0)
        self._epochs.setValue(EPOCHS[self.task])
        self._explanation.setText(_EXPLANATIONS[self.task])
        self.renew()

    def _on_start(self) -> None:
        self.show_problem("")
        self.start_requested.emit(self.request())


_EXPLANATIONS: dict[Task, str] = {
    "predictor": "Learns from this study's attention maps where readers look; "
    "measured on held-out patients.",
    "pretrain": "Learns features without labels from views that keep what readers look at, "
    "then probes them. Attention maps of new images: focusstation train predict.",
    "compare": "Methods × views × seeds, paired, each run on one thread; runs go on when the "
    "station closes.",
}


def _path(edit: QLineEdit) -> Path | None:
    text = edit.text().strip()
    return Path(text) if text else None


def _named(edit: QLineEdit, name: str) -> QLineEdit:
    edit.setObjectName(name)
    return edit


def _check(text: str, checked: bool) -> QCheckBox:
    box = QCheckBox(text)
    box.setObjectName(f"check_{text}")
    box.setChecked(checked)
    return box


def _checked(boxes: list[QCheckBox]) -> tuple[str, ...]:
    return tuple(box.text() for box in boxes if box.isChecked())


def _spin(lowest: int, highest: int) -> QSpinBox:
    spin = QSpinBox()
    spin.setRange(lowest, highest)
    spin.lineEdit().setTextMargins(12, 0, 0, 0)
    return spin


def _row(widgets: list[QCheckBox]) -> QWidget:
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(16)
    for widget in widgets:
        row.addWidget(widget)
    row.addStretch(1)
    return holder


def _column(widgets: list[QCheckBox]) -> QWidget:
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 4, 0, 4)
    column.setSpacing(8)
    for widget in widgets:
        column.addWidget(widget)
    return holder


def _browsing(edit: QLineEdit) -> QWidget:
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(edit, 1)
    row.addWidget(button("Browse", f"browse_{edit.objectName()}", lambda: _browse(edit)))
    return holder


def _browse(edit: QLineEdit) -> None:
    chosen = choose_file(edit, "Choose a file", edit.text(), "NumPy (*.npz)")
    if chosen is not None:
        edit.setText(str(chosen))
