"""What a calibration or validation gave: the map, the figures, a row for each target."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.calibration.viewmodel import for_eye, offsets_of
from app.calibration.widgets.point_table import PointTable
from app.calibration.widgets.result_map import ResultMap
from app.calibration.widgets.target_table import TargetTable
from app.calibration.widgets.validation_figures import ValidationFigures
from app.shared.blocks import label

if TYPE_CHECKING:
    from app.calibration.controller import CalibrationController
    from app.calibration.viewmodel import CalibrationState
    from gazecore.messages import EyeName

HOW_TO_MARK = "To redo other points: click them, or press their number, or arrows and X"


class ResultCard(QWidget):
    """Shows the state's results; clicks on the map mark points to redo."""

    def __init__(self, controller: CalibrationController, aspect: float) -> None:
        super().__init__()
        self.setObjectName("result_card")
        self._controller = controller
        self._state = controller.state
        self._map = ResultMap(aspect)
        self._figures = ValidationFigures(controller.plan.settings)
        self._points = PointTable()
        self._table = TargetTable()
        self._hint = label(HOW_TO_MARK, "muted", "redo_hint")
        self._map.setFixedSize(self._map.sizeHint())
        self._map.point_clicked.connect(controller.toggle_point)
        self._figures.eye_chosen.connect(self._show_eye)
        self._lay_out()

    def show_state(self, state: CalibrationState) -> None:
        """Show a state's results; hidden where there is none."""
        self._state = state
        validation = state.validation
        self.setVisible(validation is not None or bool(state.points))
        self._map.show_state(state)
        self._points.setVisible(validation is None)
        self._points.show_points(state.points, state.marked)
        self._hint.setVisible(validation is None and state.can_redo)
        self._figures.setVisible(validation is not None)
        self._table.setVisible(validation is not None)
        self._table.show_validation(validation)
        if validation is not None:
            self._figures.show_validation(validation)

    def next_eye(self) -> None:
        """Show another eye's figures."""
        if self._state.validation is not None:
            self._figures.next_eye()

    def _show_eye(self, eye: EyeName) -> None:
        validation = self._state.validation
        if validation is None:
            return
        seen = for_eye(validation, eye, self._controller.plan.settings)
        self._figures.show_validation(seen)
        self._table.show_validation(seen)
        self._map.show_state(self._state.validated(validation, offsets_of(seen.targets, eye)))

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        top = QHBoxLayout()
        top.setSpacing(28)
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(self._map)
        left.addWidget(self._hint)
        left.addStretch(1)
        top.addLayout(left)
        top.addWidget(self._figures, 1)
        top.addWidget(self._points, 1, Qt.AlignmentFlag.AlignTop)
        column.addLayout(top)
        column.addWidget(self._table)
