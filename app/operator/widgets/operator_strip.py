"""The strip at the window's foot: tracker, valid share, eyes, rate, gaps, recorder, disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QHBoxLayout

from app.operator.widgets.figure_label import FigureLabel
from app.operator.widgets.trace import ValidTrace

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.operator.controller import OperatorController
    from app.operator.viewmodel import LiveQuality


class OperatorStrip(QFrame):
    """Shows the controller's figures."""

    def __init__(self, controller: OperatorController, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("operator_strip")
        self.setProperty("role", "strip")
        self.setFixedHeight(62)
        row = QHBoxLayout(self)
        row.setContentsMargins(28, 8, 28, 8)
        row.setSpacing(38)
        self._labels = [FigureLabel(figure) for figure in controller.quality.figures()]
        self._trace = ValidTrace()
        for number, figure in enumerate(self._labels):
            row.addWidget(figure)
            if number == 1:
                row.addWidget(self._trace)
        row.addStretch(1)
        controller.quality_changed.connect(self._on_quality)

    def _on_quality(self, quality: LiveQuality) -> None:
        for shown, figure in zip(self._labels, quality.figures(), strict=True):
            shown.show_figure(figure)
        self._trace.add(quality.valid_share)
