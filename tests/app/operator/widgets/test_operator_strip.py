"""The strip shows every figure the controller tells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.operator.controller import OperatorController
from app.operator.viewmodel import LiveQuality, RecorderNote
from app.operator.widgets.figure_label import FigureLabel
from app.operator.widgets.operator_strip import OperatorStrip
from gazecore.live_gaze import LinkStatus, LiveGaze

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot


def test_the_strip_follows_the_controller(qtbot: QtBot, tmp_path: Path) -> None:
    controller = OperatorController(LiveGaze("strip"), tmp_path)
    strip = OperatorStrip(controller)
    qtbot.addWidget(strip)
    shown = {label.objectName(): label for label in strip.findChildren(FigureLabel)}
    assert shown["figure_tracker"].text == "searching"
    quality = LiveQuality(
        link=LinkStatus(state="live", samples=9, nominal_rate_hz=120),
        recorder=RecorderNote("recording"),
        valid_share=0.97,
        left_share=0.97,
        right_share=0.96,
        rate_hz=119.6,
        distance_mm=648,
        free_bytes=312_000_000_000,
    )
    controller.quality_changed.emit(quality)
    assert {name: label.text for name, label in shown.items()} == {
        "figure_tracker": "live",
        "figure_valid": "97 %",
        "figure_eyes": "both · 65 cm",
        "figure_rate": "120 of 120 Hz",
        "figure_gaps": "0",
        "figure_recorder": "recording",
        "figure_disk_free": "312 GB",
    }
