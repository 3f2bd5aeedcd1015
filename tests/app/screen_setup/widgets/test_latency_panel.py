from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget

from app.screen_setup.latency import LatencyController
from app.screen_setup.widgets.latency_panel import LatencyPanel
from gazecore.study.screens import MeasuredLatency

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from app.screen_setup.controller import ScreenSetupController


@pytest.fixture
def latency(qtbot: QtBot) -> Iterator[LatencyController]:
    del qtbot
    made = LatencyController(lambda _marker: None)
    yield made
    made.close()


@pytest.fixture
def panel(
    qtbot: QtBot, setup: ScreenSetupController, latency: LatencyController
) -> Iterator[LatencyPanel]:
    made = LatencyPanel(setup, latency)
    qtbot.addWidget(made)
    made.show()
    yield made
    made.hide()


def named(panel: LatencyPanel, name: str) -> QWidget:
    found = panel.findChild(QWidget, name)
    assert isinstance(found, QWidget)
    return found


def test_the_operator_is_asked_before_anything_flashes(
    panel: LatencyPanel, latency: LatencyController
) -> None:
    assert not named(panel, "latency_warning").isVisible()
    panel.sensors.setCurrentText("Diode")
    QTest.mouseClick(named(panel, "measure_latency_button"), Qt.MouseButton.LeftButton)
    assert named(panel, "latency_warning").isVisible()
    assert not named(panel, "measure_latency_button").isVisible()
    QTest.mouseClick(named(panel, "cancel_latency_button"), Qt.MouseButton.LeftButton)
    assert latency.phase == "idle"
    assert named(panel, "measure_latency_button").isVisible()


def test_what_is_needed_is_said(panel: LatencyPanel, latency: LatencyController) -> None:
    QTest.mouseClick(named(panel, "measure_latency_button"), Qt.MouseButton.LeftButton)
    message = named(panel, "latency_message")
    assert isinstance(message, QLabel)
    assert "photodiode is needed" in message.text()
    latency.sensors_found.emit(("Diode", "EEG"))
    assert [panel.sensors.itemText(k) for k in range(panel.sensors.count())] == ["Diode", "EEG"]
    latency.sensors_found.emit(())
    assert "No stream" in message.text()


def test_a_simulated_latency_is_called_simulated(
    panel: LatencyPanel, setup: ScreenSetupController
) -> None:
    known = named(panel, "latency_known")
    assert isinstance(known, QLabel)
    assert "Not measured" in known.text()
    setup.save_latency(
        MeasuredLatency(
            latency_s=0.0312,
            spread_s=0.0011,
            edges=58,
            toggles=60,
            sensor="Diode",
            simulated=True,
            measured_utc="2026-01-01T00:00:00Z",
        )
    )
    assert "31.2 ms ± 1.1 ms" in known.text()
    assert "simulated" in known.text()
