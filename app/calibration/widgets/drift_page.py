"""The drift check between two cases: the target alone; a choice only when gaze is off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from app.calibration.points import DRIFT_POINT
from app.calibration.widgets.target_screen import TargetScreen
from app.shared.blocks import button, card, label

if TYPE_CHECKING:
    from app.calibration.drift import DriftState
    from app.calibration.drift_controller import DriftController

CHOICE_WIDTH_PX = 560
KEYS = "Space: look again   ·   C: recalibrate   ·   G: go on   ·   Esc: go on without a check"


class DriftPage(QWidget):
    """Keys: Space looks again, C recalibrates, G goes on all the same, Esc leaves the check."""

    def __init__(self, controller: DriftController) -> None:
        super().__init__()
        self.setObjectName("drift_page")
        self._controller = controller
        self._targets = TargetScreen(controller.plan.background_level, self)
        self._line = label("", "heading", "drift_line")
        self._again = button("Look again", "drift_again", controller.look_again, role="primary")
        self._recalibrate = button("Recalibrate", "drift_recalibrate", controller.recalibrate)
        self._go_on = button("Go on all the same", "drift_go_on", controller.go_on)
        self._hint = label("Please look at the dot once more", "", "drift_hint")
        self._hint.setStyleSheet(f"color: {self._targets.ring.name()}")
        self._hint.setParent(self)
        self._choice = self._choice_card()
        self._choice.setParent(self)
        self._recalibrate.setVisible(controller.plan.can_calibrate)
        for key, slot in (
            ("Space", controller.look_again),
            ("C", self._recalibrate.click),
            ("G", controller.go_on),
            ("Esc", controller.leave),
        ):
            QShortcut(QKeySequence(key), self, slot)
        controller.state_changed.connect(self._on_state)
        self._on_state(controller.state)

    def resizeEvent(self, event: object) -> None:
        """Keep the target's screen full and the choice in the lower third."""
        del event
        self._targets.setGeometry(self.rect())
        for part in (self._choice, self._hint):
            part.adjustSize()
            part.move((self.width() - part.width()) // 2, round(0.62 * self.height()))

    def _choice_card(self) -> QFrame:
        frame, column = card(spacing=16, margin=24)
        frame.setFixedWidth(CHOICE_WIDTH_PX)
        self._line.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        row = QHBoxLayout()
        for each in (self._again, self._recalibrate, self._go_on):
            row.addWidget(each, 1)
        keys = label(KEYS, "muted", "drift_keys")
        keys.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self._line)
        column.addLayout(row)
        column.addWidget(keys)
        return frame

    def _on_state(self, state: DriftState) -> None:
        self._targets.show_target(DRIFT_POINT if state.is_shown else None)
        self._targets.setCursor(
            Qt.CursorShape.ArrowCursor if state.is_asking else Qt.CursorShape.BlankCursor
        )
        self._line.setText(state.text())
        self._choice.setVisible(state.is_asking)
        self._hint.setVisible(state.phase == "again")
        if state.is_asking:
            self._again.setFocus(Qt.FocusReason.OtherFocusReason)
