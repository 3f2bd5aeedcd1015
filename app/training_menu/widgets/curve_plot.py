"""One curve of a run against its steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyqtgraph
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from app.shared.theme import COLOURS

if TYPE_CHECKING:
    from app.training_menu.viewmodel import RunView

FIRST = ("loss", "top1", "validation_cc")


class CurvePlot(QWidget):
    """Shows one of a run's series; which one is chosen above it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view: RunView | None = None
        self._choice = QComboBox()
        self._choice.setObjectName("curve_choice")
        self._choice.currentTextChanged.connect(self._draw)
        self._plot = pyqtgraph.PlotWidget(background=COLOURS["surface"])
        self._plot.setMenuEnabled(False)
        self._plot.hideButtons()
        self._plot.setMouseEnabled(x=False, y=False)
        self._plot.showGrid(x=True, y=True, alpha=0.12)
        for side in ("left", "bottom"):
            axis = self._plot.getAxis(side)
            axis.setPen(COLOURS["line"])
            axis.setTextPen(COLOURS["muted"])
        self._plot.setLabel("bottom", "step", color=COLOURS["muted"])
        self._line = self._plot.plot(
            [],
            pen=pyqtgraph.mkPen(COLOURS["accent"], width=2),
            symbolBrush=COLOURS["accent"],
            symbolPen=None,
            symbolSize=5,
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._choice)
        column.addWidget(self._plot, 1)

    def show_run(self, view: RunView | None) -> None:
        """Show this run's series; the one chosen stays chosen where the run has it."""
        self._view = view
        names = list(view.curves) if view is not None else []
        shown = [self._choice.itemText(i) for i in range(self._choice.count())]
        if names != shown:
            self._offer(names)
        self._draw()

    def points(self) -> list[tuple[float, float]]:
        """What is drawn."""
        x, y = self._line.getData()
        return [] if x is None else list(zip(map(float, x), map(float, y), strict=True))

    def _offer(self, names: list[str]) -> None:
        chosen = self._choice.currentText()
        first = next((name for name in FIRST if name in names), names[0] if names else "")
        self._choice.blockSignals(True)
        self._choice.clear()
        self._choice.addItems(names)
        self._choice.setCurrentText(chosen if chosen in names else first)
        self._choice.blockSignals(False)
        self._choice.setVisible(bool(names))

    def _draw(self) -> None:
        curves = self._view.curves if self._view is not None else {}
        curve = curves.get(self._choice.currentText(), ())
        self._line.setData([x for x, _ in curve], [y for _, y in curve])
        self._line.setSymbol("o" if len(curve) < 60 else None)
