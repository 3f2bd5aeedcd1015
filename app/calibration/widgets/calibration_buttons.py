"""The buttons of the calibration page: what can be done next, the next step marked."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from app.shared.blocks import button

if TYPE_CHECKING:
    from app.calibration.controller import CalibrationController
    from app.calibration.viewmodel import CalibrationState


class CalibrationButtons(QWidget):
    """One row; each button forwards to the controller."""

    def __init__(self, controller: CalibrationController) -> None:
        super().__init__()
        self.setObjectName("calibration_buttons")
        self._controller = controller
        self._calibrate = button("Calibrate", "calibrate", controller.start_calibration)
        self._validate = button("Check", "validate", controller.start_validation)
        self._check_present = button(
            "Check the present calibration", "check_present", controller.start_validation
        )
        self._reapply = button(self._reapply_text(), "reapply_calibration", controller.reapply)
        self._redo = button("Redo marked points", "redo_points", self.redo)
        self._accept = button("Accept and go on", "accept_calibration", controller.accept)
        self._unchecked = button(
            "Read without a check", "go_on_unchecked", controller.go_on_unchecked
        )
        self._cancel = button("Cancel", "cancel_calibration", controller.cancel, role="quiet")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        for each in (
            self._accept,
            self._validate,
            self._calibrate,
            self._reapply,
            self._check_present,
            self._redo,
            self._unchecked,
        ):
            row.addWidget(each)
        row.addStretch(1)
        row.addWidget(self._cancel)

    def show_state(self, state: CalibrationState) -> None:
        """Offer what this state allows."""
        plan = self._controller.plan
        passed = state.validation is not None and state.validation.passed
        is_idle = state.phase in ("ready", "failed")
        self._calibrate.setText("Calibrate" if state.phase == "ready" else "Calibrate again")
        self._calibrate.setVisible(plan.can_calibrate)
        self._validate.setText("Check again" if state.validation else "Check")
        self._validate.setVisible(
            state.phase in ("calibrated", "validated") or (is_idle and not plan.can_calibrate)
        )
        self._check_present.setVisible(is_idle and plan.can_calibrate)
        self._reapply.setVisible(is_idle and plan.kept is not None)
        self._redo.setVisible(state.can_redo)
        self._redo.setEnabled(bool(state.marked))
        self._redo.setText(_redo_text(len(state.marked)))
        self._accept.setVisible(state.can_accept)
        self._accept.setText("Accept and go on" if passed else "Go on all the same")
        self._unchecked.setVisible(is_idle and not plan.can_calibrate)
        self._cancel.setText("Leave it" if plan.is_midway else "Cancel")
        first = self._next_button(state)
        for each in (self._calibrate, self._validate, self._accept):
            _set_role(each, "primary" if each is first else "")
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def go_on(self) -> None:
        """Do what the marked button does."""
        if not self._controller.state.is_running:
            self._next_button(self._controller.state).click()

    def redo(self) -> None:
        """Collect the marked points again."""
        self._controller.redo(self._controller.state.marked_points)

    def _next_button(self, state: CalibrationState) -> QPushButton:
        can_calibrate = self._controller.plan.can_calibrate
        if state.validation is not None:
            return self._accept if state.validation.passed or not can_calibrate else self._calibrate
        if state.phase == "calibrated" or not can_calibrate:
            return self._validate
        return self._calibrate

    def _reapply_text(self) -> str:
        kept = self._controller.plan.kept
        return "" if kept is None else f"Use the calibration {made_at(kept.made_utc)}"


def made_at(made_utc: str, now: datetime | None = None) -> str:
    """When a calibration was made, in the reader's own time: "from 10:32" or "of 3 May, 10:32"."""
    try:
        made = datetime.fromisoformat(made_utc).astimezone()
    except ValueError:
        return "from before"
    today = (now or datetime.now().astimezone()).date()
    clock = f"{made:%H:%M}"
    return f"from {clock}" if made.date() == today else f"of {made.day} {made:%B}, {clock}"


def _redo_text(marked: int) -> str:
    if marked == 0:
        return "Redo points"
    return "Redo 1 point" if marked == 1 else f"Redo {marked} points"


def _set_role(widget: QWidget, role: str) -> None:
    if widget.property("role") != role:
        widget.setProperty("role", role)
        widget.style().unpolish(widget)
        widget.style().polish(widget)
