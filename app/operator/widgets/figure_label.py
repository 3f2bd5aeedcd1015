"""One figure of the strip: its name small above, its value below, coloured by how good it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.shared.blocks import label
from app.shared.theme import COLOURS

if TYPE_CHECKING:
    from app.operator.viewmodel import Figure, Level

LEVEL_COLOURS: dict[Level, str] = {
    "good": "text",
    "warn": "amber",
    "bad": "alarm",
    "idle": "faint",
}


class FigureLabel(QWidget):
    """Shows a `Figure`."""

    def __init__(self, figure: Figure) -> None:
        super().__init__()
        self.setObjectName(f"figure_{figure.name.lower().replace(' ', '_')}")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        self._value = label("")
        column.addWidget(label(figure.name, "eyebrow"))
        column.addWidget(self._value)
        self._figure: Figure | None = None
        self.show_figure(figure)

    @property
    def text(self) -> str:
        """The value shown."""
        return self._value.text()

    def show_figure(self, figure: Figure) -> None:
        """Show this value."""
        if figure == self._figure:
            return
        self._figure = figure
        self._value.setText(figure.text)
        self._value.setStyleSheet(
            f"color: {COLOURS[LEVEL_COLOURS[figure.level]]}; font-size: 15px;"
        )
        self.setToolTip(figure.hint)
