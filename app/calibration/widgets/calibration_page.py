"""The calibration page: what to do, targets on a dark screen, results, and how to go on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from app.calibration.viewmodel import POOR_OFFSET_DEG, CalibrationState, degrees, percent
from app.calibration.widgets.point_table import PointTable
from app.calibration.widgets.result_map import ResultMap
from app.calibration.widgets.target_screen import TargetScreen
from app.calibration.widgets.target_table import TargetTable
from app.shared.blocks import button, card, label
from app.shared.theme import COLOURS

if TYPE_CHECKING:
    from app.calibration.controller import CalibrationController
    from app.calibration.eyes import EyesSeen

TITLES = {
    "ready": "Calibrate the eye tracker",
    "calibrating": "",
    "calibrated": "Calibrated – now check it",
    "validating": "",
    "validated": "Validation",
    "failed": "Calibration did not work",
}
INSTRUCTIONS = {
    "ready": "Sit as you will read. Look at the dot in each ring until it is gone, "
    "and keep your head still.",
    "calibrated": "The tracker accepted the calibration. The check shows dots at other places "
    "and measures how far gaze lies from them.",
}


class CalibrationPage(QWidget):
    """Shows the controller's state and forwards what is pressed.

    Keys: Space goes on (calibrate, then check, then accept), C calibrates again, V checks again,
    Esc cancels.
    """

    def __init__(self, controller: CalibrationController, aspect: float) -> None:
        super().__init__()
        self.setObjectName("calibration_page")
        self._controller = controller
        self._targets = TargetScreen()
        self._map = ResultMap(aspect)
        self._table = TargetTable()
        self._points = PointTable()
        self._title = label("", "title", "calibration_title")
        self._instruction = label("", "muted", "calibration_instruction")
        self._instruction.setWordWrap(True)
        self._eyes = label("", "", "calibration_eyes")
        self._verdict = label("", "heading", "calibration_verdict")
        self._make_figures()
        self._make_buttons()
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._panel())
        self._stack.addWidget(self._targets)
        for key, slot in (
            ("Space", self._go_on),
            ("C", controller.start_calibration),
            ("V", self._on_validate),
            ("Esc", controller.cancel),
        ):
            QShortcut(QKeySequence(key), self, slot)
        controller.state_changed.connect(self._on_state)
        controller.eyes_changed.connect(self._on_eyes)
        self._on_eyes(controller.eyes)
        self._on_state(controller.state)

    def _make_figures(self) -> None:
        self._accuracy = label("", "figure", "calibration_accuracy")
        self._precision = label("", "figure", "calibration_precision")
        self._loss = label("", "figure", "calibration_loss")

    def _make_buttons(self) -> None:
        controller = self._controller
        self._calibrate = button(
            "Calibrate", "calibrate", controller.start_calibration, role="primary"
        )
        self._validate = button("Check", "validate", self._on_validate)
        self._check_present = button(
            "Check the present calibration", "check_present", controller.start_validation
        )
        self._redo = button("Redo marked points", "redo_points", self._on_redo)
        self._accept = button("Accept and go on", "accept_calibration", controller.accept)
        self._cancel = button("Cancel", "cancel_calibration", controller.cancel, role="quiet")

    def _panel(self) -> QWidget:
        panel = QWidget()
        outer = QHBoxLayout(panel)
        column = QVBoxLayout()
        column.setSpacing(18)
        column.addStretch(2)
        column.addWidget(self._title)
        column.addWidget(self._instruction)
        column.addWidget(self._eyes)
        column.addWidget(self._results())
        column.addLayout(self._button_row())
        column.addStretch(3)
        outer.addStretch(1)
        outer.addLayout(column, 3)
        outer.addStretch(1)
        return panel

    def _results(self) -> QFrame:
        self._card, column = card(spacing=18)
        top = QHBoxLayout()
        top.setSpacing(28)
        self._map.setFixedSize(self._map.sizeHint())
        top.addWidget(self._map)
        top.addWidget(self._figures(), 1)
        top.addWidget(self._points, 1, Qt.AlignmentFlag.AlignTop)
        column.addLayout(top)
        column.addWidget(self._table)
        return self._card

    def _figures(self) -> QWidget:
        limits = self._controller.settings
        self._summary = QWidget()
        column = QVBoxLayout(self._summary)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._verdict)
        for name, figure, limit in (
            ("ACCURACY", self._accuracy, degrees(limits.max_accuracy_deg)),
            ("PRECISION (RMS)", self._precision, degrees(limits.max_precision_rms_deg)),
            ("DATA LOSS", self._loss, percent(limits.max_data_loss)),
        ):
            column.addStretch(1)
            group = QVBoxLayout()
            group.setSpacing(3)
            group.addWidget(label(name, "eyebrow"))
            group.addWidget(figure)
            group.addWidget(label(f"at most {limit}", "muted"))
            column.addLayout(group)
        column.addStretch(1)
        return self._summary

    def _button_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        for each in (
            self._accept,
            self._validate,
            self._calibrate,
            self._check_present,
            self._redo,
        ):
            row.addWidget(each)
        row.addStretch(1)
        row.addWidget(self._cancel)
        return row

    def showEvent(self, event: QShowEvent) -> None:
        """Watch the eyes."""
        super().showEvent(event)
        self._controller.watch_eyes(True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Watch them no more."""
        super().hideEvent(event)
        self._controller.watch_eyes(False)

    def _on_eyes(self, eyes: EyesSeen) -> None:
        self._eyes.setText(eyes.text())
        self._eyes.setStyleSheet(f"color: {COLOURS['accent' if eyes.is_well else 'amber']}")

    def _on_state(self, state: CalibrationState) -> None:
        self._stack.setCurrentIndex(1 if state.is_running else 0)
        self._targets.show_target(state.target)
        if state.is_running:
            return
        self._title.setText(TITLES[state.phase])
        self._instruction.setText(instruction(state))
        self._instruction.setVisible(bool(self._instruction.text()))
        self._map.show_state(state)
        self._show_validation(state)
        self._show_buttons(state)

    def _show_validation(self, state: CalibrationState) -> None:
        validation = state.validation
        self._card.setVisible(validation is not None or bool(state.points))
        self._table.setVisible(validation is not None)
        self._summary.setVisible(validation is not None)
        self._points.setVisible(validation is None)
        self._points.show_points(state.points)
        self._table.show_validation(validation)
        if validation is None:
            return
        self._accuracy.setText(degrees(validation.accuracy_deg))
        self._precision.setText(degrees(validation.precision_rms_deg))
        self._loss.setText(percent(validation.data_loss))
        self._verdict.setText("Within the limits" if validation.passed else "Outside the limits")
        self._verdict.setStyleSheet(f"color: {COLOURS['accent' if validation.passed else 'amber']}")

    def _show_buttons(self, state: CalibrationState) -> None:
        passed = state.validation is not None and state.validation.passed
        self._calibrate.setText("Calibrate" if state.phase == "ready" else "Calibrate again")
        self._validate.setText("Check again" if state.validation else "Check")
        self._validate.setVisible(state.phase in ("calibrated", "validated"))
        self._check_present.setVisible(state.phase in ("ready", "failed"))
        self._redo.setVisible(state.phase == "calibrated" and bool(state.poor_points))
        self._accept.setVisible(state.can_accept)
        self._accept.setText("Accept and go on" if passed else "Go on all the same")
        first = self._next_button(state)
        for each in (self._calibrate, self._validate, self._accept):
            _set_role(each, "primary" if each is first else "")
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _next_button(self, state: CalibrationState) -> QWidget:
        if state.validation is not None:
            return self._accept if state.validation.passed else self._calibrate
        return self._validate if state.phase == "calibrated" else self._calibrate

    def _go_on(self) -> None:
        state = self._controller.state
        if state.is_running:
            return
        step = self._next_button(state)
        if step is self._accept:
            self._controller.accept()
        elif step is self._validate:
            self._controller.start_validation()
        else:
            self._controller.start_calibration()

    def _on_validate(self) -> None:
        if not self._controller.state.is_running:
            self._controller.start_validation()

    def _on_redo(self) -> None:
        self._controller.redo(self._controller.state.poor_points)


def instruction(state: CalibrationState) -> str:
    """The line under the title: what went wrong, which points are poor, or what to do."""
    if state.message:
        return state.message
    poor = len(state.poor_points)
    if state.phase == "calibrated" and poor:
        return (
            f"{poor} of {len(state.points)} points lie more than {degrees(POOR_OFFSET_DEG)} off "
            "or were not seen: redo those marked in amber, or check the calibration as it is."
        )
    return INSTRUCTIONS.get(state.phase, "")


def _set_role(widget: QWidget, role: str) -> None:
    if widget.property("role") != role:
        widget.setProperty("role", role)
        widget.style().unpolish(widget)
        widget.style().polish(widget)
