"""One curve of a run against its steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from app.shared.theme import COLOURS

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent

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
        self._line: Any = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self._choice)

    def showEvent(self, event: QShowEvent) -> None:
        """Draw from now on: the library that draws is loaded when the plot is first seen."""
        super().showEvent(event)
        if self._line is None:
            self._add_plot()
            self._draw()

    def show_run(self, view: RunView | None) -> None:
        """Show this run's series; the one chosen stays chosen where the run has it."""
        self._view = view
        names = list(view.curves) if view is not None else []
        shown = [self._choice.itemText(i) for i in range(self._choice.count())]
        if names != shown:
            self._offer(names)
        self._draw()

    def points(self) -> list[tuple[float, float]]:
        """What is drawn; nothing before the plot was first seen."""
        if self._line is None:
            return []
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

    def _add_plot(self) -> None:
        import pyqtgraph

        plot = pyqtgraph.PlotWidget(background=COLOURS["surface"])
        plot.setMenuEnabled(False)
        plot.hideButtons()
        plot.setMouseEnabled(x=False, y=False)
        plot.showGrid(x=True, y=True, alpha=0.12)
        for side in ("left", "bottom"):
            axis = plot.getAxis(side)
            axis.setPen(COLOURS["line"])
            axis.setTextPen(COLOURS["muted"])
        plot.setLabel("bottom", "step", color=COLOURS["muted"])
        self._line = plot.plot(
            [],
            pen=pyqtgraph.mkPen(COLOURS["accent"], width=2),
            symbolBrush=COLOURS["accent"],
            symbolPen=None,
            symbolSize=5,
        )
        self._column.addWidget(plot, 1)

    def _draw(self) -> None:
        if self._line is None:
            return
        curves = self._view.curves if self._view is not None else {}
        curve = curves.get(self._choice.currentText(), ())
        self._line.setData([x for x, _ in curve], [y for _, y in curve])
        self._line.setSymbol("o" if len(curve) < 60 else None)
