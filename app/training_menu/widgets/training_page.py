"""The training page: a new run at the left, all runs and the chosen one at the right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from app.shared.blocks import label
from app.training_menu.widgets.request_form import RequestForm
from app.training_menu.widgets.run_panel import RunPanel

if TYPE_CHECKING:
    from PySide6.QtGui import QHideEvent, QShowEvent

    from app.training_menu.controller import TrainingController
    from app.training_menu.request import RunRequest
    from app.training_menu.viewmodel import RunView

ROW_HEIGHT_PX = 34
NAME = Qt.ItemDataRole.UserRole


class TrainingPage(QWidget):
    """Follows the runs while it is visible."""

    def __init__(self, controller: TrainingController) -> None:
        super().__init__()
        self.setObjectName("training_page")
        self._controller = controller
        self._form = RequestForm(controller)
        self._panel = RunPanel(controller)
        self._list = QListWidget()
        self._list.setObjectName("run_list")
        self._lay_out()
        for view in controller.views():
            self._show_in_list(view)
        self._list.setCurrentRow(0)
        self._form.start_requested.connect(self._on_start_requested)
        self._list.currentItemChanged.connect(self._on_chosen)
        controller.run_changed.connect(self._on_run_changed)
        controller.start_failed.connect(self._form.show_problem)
        self._on_chosen()

    def showEvent(self, event: QShowEvent) -> None:
        """Follow the runs."""
        super().showEvent(event)
        self._controller.set_active(True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Rest."""
        super().hideEvent(event)
        self._controller.set_active(False)

    def _lay_out(self) -> None:
        self._form.setFixedWidth(430)
        self._list.setFixedHeight(150)
        left = QVBoxLayout()
        left.addWidget(self._form)
        left.addStretch(1)
        right = QVBoxLayout()
        right.setSpacing(14)
        right.addWidget(label("Runs", "heading"))
        right.addWidget(self._list)
        right.addWidget(self._panel, 1)
        columns = QHBoxLayout()
        columns.setSpacing(26)
        columns.addLayout(left)
        columns.addLayout(right, 1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(40, 30, 40, 30)
        outer.setSpacing(20)
        outer.addWidget(label("Training", "title"))
        outer.addLayout(columns, 1)

    def _on_start_requested(self, request: RunRequest) -> None:
        self._controller.start(request)
        for row in range(self._list.count()):
            if self._list.item(row).data(NAME) == request.name:
                self._list.setCurrentRow(row)
                self._form.renew()

    def _on_run_changed(self, view: RunView) -> None:
        self._show_in_list(view)
        if self._chosen() == view.name:
            self._panel.show_run(view)

    def _on_chosen(self) -> None:
        name = self._chosen()
        self._panel.show_run(self._controller.view(name) if name else None)

    def _chosen(self) -> str:
        row = self._list.currentRow()
        return "" if row < 0 else str(self._list.item(row).data(NAME))

    def _show_in_list(self, view: RunView) -> None:
        text = f"{view.name}    {view.state}"
        if view.is_active:
            text += f"    {view.share_done:.0%}"
        for row in range(self._list.count()):
            if self._list.item(row).data(NAME) == view.name:
                self._list.item(row).setText(text)
                return
        item = QListWidgetItem(text)
        item.setData(NAME, view.name)
        item.setSizeHint(QSize(0, ROW_HEIGHT_PX))
        self._list.insertItem(0, item)
