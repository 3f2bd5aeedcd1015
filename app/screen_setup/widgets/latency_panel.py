"""The part of the screen's page about display latency: choose a sensor, be asked, measure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from app.shared.blocks import Paragraph, button, card, label, named

if TYPE_CHECKING:
    from app.screen_setup.controller import ScreenSetupController
    from app.screen_setup.latency import LatencyController
    from app.screen_setup.viewmodel import ScreenSetup

ABOUT = (
    "A photodiode in the top left corner tells how long light takes from the end of painting. "
    "Its voltage comes in as an LSL stream of any name."
)
WARNING = (
    "The corner will flash white and black for about 20 s on a black screen. Nobody should be "
    "reading, and nobody sensitive to flicker should look. Esc stops it."
)


class LatencyPanel(QWidget):
    """Shows the measured latency; asks before anything flashes."""

    def __init__(self, setup: ScreenSetupController, latency: LatencyController) -> None:
        super().__init__()
        self._setup = setup
        self._latency = latency
        self._known = Paragraph("", "", "latency_known")
        self._message = Paragraph("", "alarm", "latency_message")
        self._warning = Paragraph(WARNING, "notice", "latency_warning")
        self.sensors = named(QComboBox(), "sensor_box")
        self.sensors.setEditable(True)
        self._find = button("Look for sensors", "find_sensors_button", latency.find_sensors)
        self._ask = button("Measure …", "measure_latency_button", self._on_ask)
        self._yes = button("Start flashing", "start_flashing_button", latency.start, role="primary")
        self._no = button("Cancel", "cancel_latency_button", latency.stop)
        self._lay_out()
        setup.state_changed.connect(self._on_setup_changed)
        latency.phase_changed.connect(self._on_phase_changed)
        latency.sensors_found.connect(self._on_sensors_found)
        latency.failed.connect(self._on_failed)
        self._on_setup_changed(setup.state)
        self._on_phase_changed(latency.phase)

    def _on_ask(self) -> None:
        self._message.setText("")
        self._latency.ask(
            self.sensors.currentText().strip(), self._setup.state.fingerprint.refresh_hz
        )

    def _on_setup_changed(self, state: ScreenSetup) -> None:
        self._known.setText(state.latency_text())

    def _on_phase_changed(self, phase: str) -> None:
        is_asking = phase == "asking"
        asked: tuple[QWidget, ...] = (self._warning, self._yes, self._no)
        unasked: tuple[QWidget, ...] = (self._find, self._ask, self.sensors)
        for widget in (*asked, *unasked):
            widget.setVisible((widget in asked) is is_asking)
        if is_asking:
            self._no.setFocus()

    def _on_sensors_found(self, names: tuple[str, ...]) -> None:
        chosen = self.sensors.currentText()
        self.sensors.clear()
        self.sensors.addItems(names)
        if chosen:
            self.sensors.setCurrentText(chosen)
        self._message.setText("" if names else "No stream of numbers was found.")

    def _on_failed(self, problem: str) -> None:
        self._message.setText(problem)

    def _lay_out(self) -> None:
        frame, column = card(spacing=10)
        column.addWidget(label("DISPLAY LATENCY", "eyebrow"))
        column.addWidget(self._known)
        column.addWidget(Paragraph(ABOUT, "muted", "latency_about"))
        column.addWidget(self.sensors)
        column.addWidget(self._warning)
        row = QHBoxLayout()
        for widget in (self._ask, self._find, self._yes, self._no):
            row.addWidget(widget)
        row.addStretch(1)
        column.addLayout(row)
        column.addWidget(self._message)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(frame)
