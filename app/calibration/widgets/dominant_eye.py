"""Asks once which eye leads, and says how to find out."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.shared.blocks import button, label

HOW_TO_FIND = (
    "Stretch your arms, leave a small gap between your hands, and look through it at something far "
    "with both eyes open. Close one eye, then the other: the one that still sees it leads."
)
EYES = (("left", "Left"), ("right", "Right"), ("unknown", "Not known"))


class DominantEyeQuestion(QWidget):
    """One question with its how-to.

    Signals
    -------
    eye_chosen : str
        left, right or unknown.
    """

    eye_chosen = Signal(str)

    def __init__(self, eye: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dominant_eye_question")
        self._buttons = {name: self._button(name, text) for name, text in EYES}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        row = QHBoxLayout()
        row.addWidget(label("Which eye leads?"))
        for each in self._buttons.values():
            each.setCheckable(True)
            row.addWidget(each)
        row.addStretch(1)
        hint = label(HOW_TO_FIND, "muted")
        hint.setWordWrap(True)
        column.addLayout(row)
        column.addWidget(hint)
        self._show(eye)

    def _button(self, name: str, text: str) -> QPushButton:
        return button(text, f"dominant_{name}", lambda: self._choose(name), role="tab")

    def _choose(self, eye: str) -> None:
        self._show(eye)
        self.eye_chosen.emit(eye)

    def _show(self, eye: str) -> None:
        for name, each in self._buttons.items():
            each.setChecked(name == eye)
