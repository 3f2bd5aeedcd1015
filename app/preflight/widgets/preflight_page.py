"""A short list: what was looked at, how it is, and what to do where it is not well."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from app.shared.blocks import Paragraph, card, label

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from app.preflight.controller import PreflightController
    from app.preflight.viewmodel import PreflightState
    from gazecore.preflight import CheckResult

WIDTH_PX = 760
TEXT_WIDTH_PX = 560
SIGNS = {"ok": ("✓", "good"), "warn": ("!", "notice"), "stop": ("✕", "alarm")}
QUIET_KEYS = frozenset(
    {Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_Meta, Qt.Key.Key_AltGr}
)


class PreflightPage(QWidget):
    """Shows a `PreflightController`; goes on by itself, keys are only for the impatient."""

    def __init__(self, controller: PreflightController, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("preflight_page")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._controller = controller
        self._title = label("", "title", "preflight_title")
        self._hint = label("", "muted", "preflight_hint")
        self._rows = QWidget()
        self._lay_out()
        controller.state_changed.connect(self._on_state_changed)
        self._on_state_changed(controller.state)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc goes back, R looks again, any other key goes on."""
        if event.key() == Qt.Key.Key_Escape:
            self._controller.leave()
        elif self._controller.state.may_go_on and event.key() not in QUIET_KEYS:
            self._controller.go_on()
        elif event.key() == Qt.Key.Key_R:
            self._controller.look_again()
        else:
            super().keyPressEvent(event)

    def _on_state_changed(self, state: PreflightState) -> None:
        self._title.setText(state.title())
        self._hint.setText(state.hint())
        self._show_results(state.results)

    def _show_results(self, results: tuple[CheckResult, ...]) -> None:
        fresh = QWidget()
        grid = QGridLayout(fresh)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(18)
        grid.setVerticalSpacing(12)
        grid.setColumnStretch(2, 1)
        for row, result in enumerate(results):
            self._add_row(grid, row, result)
        self._column.replaceWidget(self._rows, fresh)
        self._rows.hide()
        self._rows.deleteLater()
        self._rows = fresh

    @staticmethod
    def _add_row(grid: QGridLayout, row: int, result: CheckResult) -> None:
        sign, role = SIGNS[result.level]
        name = f"preflight_{result.what.lower()}"
        top = Qt.AlignmentFlag.AlignTop
        grid.addWidget(label(sign, role), row, 0, top)
        grid.addWidget(label(result.what, "muted"), row, 1, top)
        texts = QVBoxLayout()
        texts.setSpacing(3)
        texts.addWidget(_wrapped(result.detail, "", name))
        if result.to_do:
            texts.addWidget(_wrapped(result.to_do, role, f"{name}_to_do"))
        grid.addLayout(texts, row, 2)

    def _lay_out(self) -> None:
        frame, self._column = card(spacing=20, margin=40)
        frame.setFixedWidth(WIDTH_PX)
        self._column.addWidget(self._title)
        self._column.addWidget(self._rows)
        self._column.addWidget(self._hint)
        page = QVBoxLayout(self)
        page.addStretch(2)
        page.addWidget(frame, 0, Qt.AlignmentFlag.AlignHCenter)
        page.addStretch(3)


def _wrapped(text: str, role: str, name: str) -> QLabel:
    made = Paragraph("", role, name)
    made.setFixedWidth(TEXT_WIDTH_PX)
    made.setText(text)
    return made
