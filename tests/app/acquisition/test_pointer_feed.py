from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QCursor

from app.acquisition.controller import AcquisitionController
from app.acquisition.pointer_feed import PointerFeed
from app.acquisition.viewmodel import TrackerChoice, TrackerStatus
from gazecore.live_gaze import LiveGaze

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot


def test_the_mouse_becomes_gaze(
    qtbot: QtBot, qapp: QApplication, lsl_session: str, tmp_path: Path
) -> None:
    del lsl_session
    name = "Pointer feed test"
    acquisition = AcquisitionController(
        tmp_path, "pointer-test", TrackerChoice("pointer", (), name)
    )
    with qtbot.waitSignal(acquisition.tracker_started, timeout=30_000) as started:
        acquisition.start_tracker()
    assert started.args is not None
    assert isinstance(started.args[0], TrackerStatus)
    assert not started.args[0].can_calibrate
    screen = qapp.primaryScreen()
    area = screen.geometry()
    QCursor.setPos(area.x() + area.width() // 4, area.y() + area.height() // 2)
    feed = PointerFeed(acquisition, lambda: screen)
    feed.start()
    with LiveGaze(name) as live:

        def arrived() -> bool:
            samples = live.last(0.2)
            if not len(samples):
                return False
            x, y = samples.left_xy_norm[-1]
            return bool(abs(x - 0.25) < 0.01 and abs(y - 0.5) < 0.01)

        qtbot.waitUntil(arrived, timeout=20_000)
    feed.stop()
    acquisition.close()
