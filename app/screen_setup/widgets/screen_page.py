"""The page about the screen: fit an outline to a card, compare, and save with the study."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.screen_setup.viewmodel import BIG_STEP_PX, STEP_PX
from app.screen_setup.widgets.correction_panel import CorrectionPanel
from app.screen_setup.widgets.fit_outline import FitOutline
from app.screen_setup.widgets.latency_panel import LatencyPanel
from app.shared.blocks import Paragraph, button, card, label, named, scrolling

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QShowEvent

    from app.screen_setup.controller import ScreenSetupController
    from app.screen_setup.latency import LatencyController
    from app.screen_setup.viewmodel import Axis, ScreenSetup

SIDE_WIDTH_PX = 460
SCROLL_BAR_PX = 16
FITTED = "as the outline says"
NOT_FITTED = "as it is taken to be; the outline was not fitted yet"
HOW = {
    "card": (
        "Hold a bank card (85.60 x 53.98 mm) flat to the glass, its top left corner on the "
        "outline's, and make the outline as large as the card."
    ),
    "ruler": (
        "Hold a ruler flat to the glass along each scale, and make the top one 15 cm and the "
        "left one 10 cm long."
    ),
}
KEYS = (
    "Arrow keys: 1 pixel   ·   Shift: 10   ·   mouse: drag   ·   Space: it fits   ·   Enter: save"
)
STEPS: dict[int, tuple[Axis, int]] = {
    Qt.Key.Key_Right: ("x", 1),
    Qt.Key.Key_Left: ("x", -1),
    Qt.Key.Key_Down: ("y", 1),
    Qt.Key.Key_Up: ("y", -1),
}


class ScreenPage(QWidget):
    """Shows a `ScreenSetupController` and forwards keys and buttons."""

    def __init__(
        self,
        controller: ScreenSetupController,
        latency: LatencyController,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("screen_page")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._controller = controller
        self.outline = FitOutline(controller)
        self.correction_panel = CorrectionPanel(controller)
        self.latency_panel = LatencyPanel(controller, latency)
        self._name = label("", "muted", "screen_name")
        self._how = Paragraph("", "muted", "screen_how")
        self._size = label("", "figure", "screen_size")
        self._fitted = label("", "muted", "screen_fitted")
        self._others = [label("", "muted", f"screen_other_{k}") for k in range(3)]
        self._saved = Paragraph("", "muted", "screen_saved")
        self._message = Paragraph("", "muted", "screen_message")
        self._distance = named(QSpinBox(), "screen_distance")
        self._card = button("Card", "use_card_button", lambda: controller.use_method("card"))
        self._ruler = button("Ruler", "use_ruler_button", lambda: controller.use_method("ruler"))
        self._save = button("Save", "save_screen_button", controller.save, role="primary")
        self._lay_out()
        self._distance.editingFinished.connect(self._on_distance_edited)
        controller.state_changed.connect(self._on_state_changed)
        self._on_state_changed(controller.state)

    def showEvent(self, event: QShowEvent) -> None:
        """Look at the screen anew: the window may be on another one."""
        super().showEvent(event)
        self._controller.begin()
        self.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows fit the outline, Space says that it fits, Enter saves."""
        step = STEPS.get(event.key())
        if step is not None:
            is_big = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._controller.resize(step[0], step[1] * (BIG_STEP_PX if is_big else STEP_PX))
        elif event.key() == Qt.Key.Key_Space:
            self._controller.confirm()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._controller.save()
        else:
            super().keyPressEvent(event)

    def _on_distance_edited(self) -> None:
        if self._distance.value() != round(self._controller.state.distance_mm):
            self._controller.set_distance(float(self._distance.value()))

    def _on_state_changed(self, state: ScreenSetup) -> None:
        width_mm, height_mm = state.check.size_mm
        self._name.setText(state.fingerprint.describe())
        self._how.setText(HOW[state.check.method if state.check.method in HOW else "card"])
        self._size.setText(f"{width_mm:.1f} x {height_mm:.1f} mm")
        self._fitted.setText(FITTED if state.check.is_done else NOT_FITTED)
        for shown, other in zip(self._others, state.comparisons(), strict=True):
            _say(shown, other.sentence(), "notice" if other.differs else "muted")
        self._saved.setText(state.saved_text())
        _say(self._message, state.message, "alarm" if state.is_wrong else "good")
        self._distance.blockSignals(True)
        self._distance.setValue(round(state.distance_mm))
        self._distance.blockSignals(False)

    def _lay_out(self) -> None:
        page = QHBoxLayout(self)
        page.setContentsMargins(40, 36, 40, 36)
        page.setSpacing(32)
        left = QVBoxLayout()
        left.setSpacing(12)
        left.addWidget(label("Screen", "title"))
        left.addWidget(self._name)
        left.addWidget(self._how)
        left.addWidget(self.outline, 1)
        left.addWidget(label(KEYS, "muted"))
        page.addLayout(left, 1)
        side = QVBoxLayout()
        side.setContentsMargins(0, 0, SCROLL_BAR_PX, 0)
        side.setSpacing(18)
        side.addWidget(self._size_card())
        side.addWidget(self.correction_panel)
        side.addWidget(self.latency_panel)
        side.addStretch(1)
        page.addWidget(_side(side))

    def _size_card(self) -> QWidget:
        frame, column = card(spacing=10)
        column.addWidget(label("SIZE OF THE SCREEN", "eyebrow"))
        column.addWidget(self._size)
        column.addWidget(self._fitted)
        for other in self._others:
            column.addWidget(other)
        row = QHBoxLayout()
        for widget in (self._card, self._ruler):
            row.addWidget(widget)
        row.addStretch(1)
        column.addLayout(row)
        column.addSpacing(8)
        column.addWidget(label("DISTANCE OF THE EYES", "eyebrow"))
        column.addLayout(self._distance_row())
        column.addSpacing(8)
        column.addWidget(self._save)
        column.addWidget(self._saved)
        column.addWidget(self._message)
        return frame

    def _distance_row(self) -> QHBoxLayout:
        self._distance.setRange(200, 1500)
        self._distance.setSuffix(" mm")
        row = QHBoxLayout()
        row.addWidget(self._distance)
        row.addWidget(
            button(
                "As the tracker sees",
                "distance_from_tracker_button",
                self._controller.take_distance_from_tracker,
            )
        )
        row.addStretch(1)
        return row


def _side(column: QVBoxLayout) -> QScrollArea:
    """A column that scrolls where the screen is low; else it would make the window too tall."""
    holder = named(QWidget(), "screen_side")
    holder.setLayout(column)
    area = scrolling(holder)
    area.setFixedWidth(SIDE_WIDTH_PX + SCROLL_BAR_PX)
    return area


def _say(shown: QLabel, text: str, role: str) -> None:
    shown.setText(text)
    shown.setProperty("role", role)
    shown.style().polish(shown)
