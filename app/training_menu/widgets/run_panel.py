"""The run that is chosen: its state, progress, curves, figures, and the button to stop it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from app.shared.blocks import button, card, label
from app.training_menu.viewmodel import RunView, summary
from app.training_menu.widgets.curve_plot import CurvePlot

if TYPE_CHECKING:
    from app.training_menu.controller import TrainingController

PERMILLE = 1000


class RunPanel(QWidget):
    """Shows one `RunView`."""

    def __init__(self, controller: TrainingController) -> None:
        super().__init__()
        self._controller = controller
        self._view: RunView | None = None
        self._title = label("No run yet", "heading", "run_title")
        self._summary = label("", "muted", "run_summary")
        self._message = label("", "muted", "run_message")
        self._message.setWordWrap(True)
        self._result = label("", "", "run_result")
        self._result.setWordWrap(True)
        self._bar = QProgressBar()
        self._bar.setRange(0, PERMILLE)
        self._bar.setTextVisible(False)
        self._curves = CurvePlot()
        self._stop = button("Stop", "stop_run", self._on_stop)
        frame, column = card(spacing=12)
        top = QHBoxLayout()
        top.addWidget(self._title)
        top.addStretch(1)
        top.addWidget(self._stop)
        column.addLayout(top)
        for widget in (self._summary, self._bar, self._message, self._result):
            column.addWidget(widget)
        column.addWidget(self._curves, 1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(frame)
        self.show_run(None)

    def show_run(self, view: RunView | None) -> None:
        """Show a run, or none."""
        self._view = view
        for widget in (self._summary, self._bar, self._curves):
            widget.setVisible(view is not None)
        self._stop.setVisible(view is not None and view.is_active)
        self._curves.show_run(view)
        if view is None:
            self._title.setText("No run yet")
            self._message.setText("Start one on the left; it goes on when the station closes.")
            self._result.hide()
            return
        self._title.setText(view.name)
        self._summary.setText(summary(view))
        self._bar.setValue(round(PERMILLE * view.share_done))
        self._message.setProperty("role", "alarm" if view.state in ("failed", "gone") else "muted")
        self._message.style().polish(self._message)
        self._message.setText(view.message)
        self._message.setVisible(bool(view.message))
        self._result.setText("   ".join(f"{k} {v:.3g}" for k, v in view.result.items()))
        self._result.setVisible(bool(view.result))

    def _on_stop(self) -> None:
        if self._view is not None:
            self._controller.stop(self._view.name)
