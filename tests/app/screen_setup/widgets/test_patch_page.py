from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.screen_setup.latency import LatencyController, PatchPace
from app.screen_setup.widgets.patch_page import PATCH_PX, PatchPage
from tests.app.screen_setup.test_latency import photodiode

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from gazecore.messages import AnyMarker

WAIT_MS = 30_000


def test_only_the_corner_is_ever_light_and_esc_ends_it(
    qtbot: QtBot, lsl_session: str, tmp_path: Path
) -> None:
    del lsl_session
    sent: list[AnyMarker] = []
    controller = LatencyController(sent.append, PatchPace(toggles=999, settle_s=0.1))
    page = PatchPage(controller)
    qtbot.addWidget(page)
    page.resize(400, 300)
    page.show()
    with photodiode(tmp_path / "log", "Patch diode"):

        def is_running() -> bool:
            if controller.phase == "idle":
                controller.ask("Patch diode")
                controller.start()
            return controller.is_light and len(sent) % 2 == 1

        qtbot.waitUntil(is_running, timeout=WAIT_MS)
        image = page.grab().toImage()
        assert image.pixelColor(PATCH_PX // 2, PATCH_PX // 2) == Qt.GlobalColor.white
        assert image.pixelColor(PATCH_PX + 1, PATCH_PX // 2) == Qt.GlobalColor.black
        assert image.pixelColor(399, 299) == Qt.GlobalColor.black
        QTest.keyClick(page, Qt.Key.Key_Escape)
        assert controller.phase == "idle"
        dark = page.grab().toImage()
        assert dark.pixelColor(PATCH_PX // 2, PATCH_PX // 2) == Qt.GlobalColor.black
        controller.close()
    page.hide()
