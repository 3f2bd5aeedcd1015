"""The calibration page: what to do, targets on the cases' grey, results, and how to go on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QHideEvent, QKeySequence, QPalette, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from app.calibration.calibrated_point import POOR_OFFSET_DEG
from app.calibration.viewmodel import CalibrationState, degrees
from app.calibration.widgets.calibration_buttons import CalibrationButtons
from app.calibration.widgets.dominant_eye import DominantEyeQuestion
from app.calibration.widgets.position_view import PositionView
from app.calibration.widgets.result_card import ResultCard
from app.calibration.widgets.target_screen import TargetScreen
from app.shared.blocks import card, label
from app.shared.theme import COLOURS

if TYPE_CHECKING:
    from app.calibration.controller import CalibrationController

WIDTH_PX = 1260
KEYS = "Space: the marked button   ·   C: calibrate   ·   V: check   ·   Esc: leave"
RESULT_KEYS = "E: the other eyes' figures   ·   A: go on   ·   " + KEYS
REDO_KEYS = "R: redo   ·   " + KEYS
TITLES = {
    "ready": "Calibrate the eye tracker",
    "calibrated": "Calibrated – now check it",
    "validated": "Validation",
    "failed": "Calibration did not work",
}
INSTRUCTIONS = {
    "ready": "Sit as you will read. Look at the dot in each ring until it is gone, "
    "and keep your head still.",
    "calibrated": "The tracker accepted the calibration. The check shows dots at other places "
    "and measures how far gaze lies from them.",
}
CHECK_TITLE = "Check the gaze"
CHECK_FAILED = "The check did not work"
CHECK_INSTRUCTION = (
    "This tracker is calibrated by its own program. The check shows a few dots and measures how "
    "far gaze lies from them: look at each until it is gone."
)


class CalibrationPage(QWidget):
    """Shows the controller's state and forwards what is pressed.

    Keys: Space goes on (calibrate, then check, then accept), C calibrates again, V checks again,
    A accepts, U uses the calibration from earlier, G reads without a check where nothing can be
    calibrated, R redoes the marked points (arrows and X, or 1 to 9, mark
    them), E shows another eye's figures, Esc leaves.

    Signals
    -------
    dominant_eye_chosen : str
    """

    dominant_eye_chosen = Signal(str)

    def __init__(
        self, controller: CalibrationController, aspect: float, *, dominant_eye: str | None = None
    ) -> None:
        super().__init__()
        self.setObjectName("calibration_page")
        self._controller = controller
        self._targets = TargetScreen(controller.plan.background_level)
        self._results = ResultCard(controller, aspect)
        self._buttons = CalibrationButtons(controller)
        self._position = PositionView()
        self._title = label("", "title", "calibration_title")
        self._instruction = label("", "muted", "calibration_instruction")
        self._instruction.setWordWrap(True)
        self._eye_question = DominantEyeQuestion(dominant_eye or "unknown")
        self._eye_question.eye_chosen.connect(self.dominant_eye_chosen)
        self._keys = label("", "muted", "calibration_keys")
        self._asks_eye = dominant_eye is not None
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._panel())
        self._stack.addWidget(self._targets)
        self._add_keys()
        controller.state_changed.connect(self._on_state)
        controller.eyes_changed.connect(self._position.show_eyes)
        controller.position_changed.connect(self._position.show_position)
        self._position.show_eyes(controller.eyes)
        self._position.show_position(controller.position)
        self._on_state(controller.state)

    def showEvent(self, event: QShowEvent) -> None:
        """Watch the eyes."""
        super().showEvent(event)
        self._controller.watch_eyes(True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Watch them no more."""
        super().hideEvent(event)
        self._controller.watch_eyes(False)

    def _add_keys(self) -> None:
        controller = self._controller
        keys = {
            "Space": self._buttons.go_on,
            "C": controller.start_calibration,
            "V": controller.start_validation,
            "A": controller.accept,
            "U": controller.reapply,
            "G": controller.go_on_unchecked,
            "R": self._buttons.redo,
            "E": self._results.next_eye,
            "X": lambda: controller.toggle_point(controller.state.current),
            "Left": lambda: controller.move_point(-1),
            "Up": lambda: controller.move_point(-1),
            "Right": lambda: controller.move_point(1),
            "Down": lambda: controller.move_point(1),
            "Esc": controller.cancel,
        }
        for key, slot in keys.items():
            QShortcut(QKeySequence(key), self, slot)
        for number in range(1, 10):
            QShortcut(
                QKeySequence(str(number)), self, lambda i=number - 1: controller.toggle_point(i)
            )

    def _panel(self) -> QWidget:
        """A dark card on the grey of the targets, so that pupils are used to it beforehand."""
        panel = QWidget()
        panel.setAutoFillBackground(True)
        palette = panel.palette()
        palette.setColor(QPalette.ColorRole.Window, QColor(self._targets.background))
        panel.setPalette(palette)
        frame, column = card(spacing=18, margin=32)
        frame.setFixedWidth(WIDTH_PX)
        for part in (
            self._title,
            self._instruction,
            self._position,
            self._results,
            self._eye_question,
            self._buttons,
            self._keys,
        ):
            column.addWidget(part)
        outer = QVBoxLayout(panel)
        outer.addStretch(2)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(frame)
        row.addStretch(1)
        outer.addLayout(row)
        outer.addStretch(3)
        return panel

    def _on_state(self, state: CalibrationState) -> None:
        self._stack.setCurrentIndex(1 if state.is_running else 0)
        self._targets.show_target(state.target)
        if state.is_running:
            return
        can_calibrate = self._controller.plan.can_calibrate
        self._title.setText(title(state, can_calibrate=can_calibrate))
        self._instruction.setText(instruction(state, can_calibrate=can_calibrate))
        self._instruction.setVisible(bool(self._instruction.text()))
        self._instruction.setStyleSheet(f"color: {COLOURS['amber']}" if state.message else "")
        self._results.show_state(state)
        self._position.setVisible(state.phase in ("ready", "failed"))
        self._eye_question.setVisible(self._asks_eye and state.phase == "ready")
        self._buttons.show_state(state)
        self._keys.setText(keys_text(state))
        if state.phase in ("ready", "failed"):
            self.setCursor(Qt.CursorShape.ArrowCursor)


def title(state: CalibrationState, *, can_calibrate: bool = True) -> str:
    """The page's title in a state."""
    if not can_calibrate:
        return {"ready": CHECK_TITLE, "failed": CHECK_FAILED}.get(state.phase, TITLES["validated"])
    return TITLES.get(state.phase, "")


def instruction(state: CalibrationState, *, can_calibrate: bool = True) -> str:
    """The line under the title: what went wrong, which points are poor, or what to do."""
    if state.message:
        return _sentence(state.message)
    if not can_calibrate:
        return CHECK_INSTRUCTION if state.phase == "ready" else ""
    poor = len(state.poor_points)
    if state.phase == "calibrated" and poor:
        return (
            f"{poor} of {len(state.points)} points lie more than {degrees(POOR_OFFSET_DEG)} off "
            "or lack an eye: redo those marked in amber, or check the calibration as it is."
        )
    return INSTRUCTIONS.get(state.phase, "")


def keys_text(state: CalibrationState) -> str:
    """The keys that do something in a state."""
    if state.validation is not None:
        return RESULT_KEYS
    return REDO_KEYS if state.can_redo else KEYS


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
