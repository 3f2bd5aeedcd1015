"""The operator's figures from a real stream, and rest while inactive."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import numpy as np
import pylsl
import pytest

from app.operator.controller import OperatorController
from app.operator.viewmodel import LiveQuality, RecorderNote
from gazecore.live_gaze import LiveGaze
from gazecore.lsl import clock_s, gaze_stream_info
from gazecore.samples import GAZE_LABELS

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

pytestmark = pytest.mark.usefixtures("lsl_session")


def _send(name: str, stop: threading.Event) -> None:
    outlet = pylsl.StreamOutlet(gaze_stream_info(name, 100.0, f"source {name}", simulated=True))
    values = np.full(len(GAZE_LABELS), 1.0)
    sequence = 0
    while not stop.wait(0.01):
        values[0] = sequence
        outlet.push_sample(values.tolist(), clock_s())
        sequence += 1


def test_figures_follow_a_real_stream(qtbot: QtBot, tmp_path: Path) -> None:
    stop = threading.Event()
    sender = threading.Thread(target=_send, args=("operator live", stop))
    sender.start()
    try:
        with LiveGaze("operator live") as live:
            controller = OperatorController(live, tmp_path)
            controller.note_recorder(RecorderNote("recording"))
            seen: list[LiveQuality] = []
            controller.quality_changed.connect(seen.append)
            controller.set_active(True)
            qtbot.waitUntil(lambda: controller.quality.valid_share == 1.0, timeout=10000)
            controller.set_active(False)
    finally:
        stop.set()
        sender.join()
    quality = controller.quality
    assert quality.recorder.state == "recording"
    assert quality.link.is_simulated
    assert quality.free_bytes is not None
    assert seen[-1] == quality


def test_inactive_means_no_updates(qtbot: QtBot, tmp_path: Path) -> None:
    with LiveGaze("operator nothing") as live:
        controller = OperatorController(live, tmp_path)
        controller.set_active(True)
        controller.set_active(False)
        controller.note_recorder(RecorderNote("recording"))
        with qtbot.assertNotEmitted(controller.quality_changed, wait=600):
            pass


def test_a_folder_that_went_away_has_no_free_space_to_tell(tmp_path: Path) -> None:
    with LiveGaze("operator nowhere") as live:
        controller = OperatorController(live, tmp_path / "gone")
        controller.set_active(True)
        controller.set_active(False)
    assert controller.quality.free_bytes is None
