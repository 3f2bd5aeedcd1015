"""The drift page: nothing but the target, and a choice when gaze is off."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget

from app.calibration.drift_controller import DriftController
from app.calibration.plan import CalibrationPlan
from app.calibration.widgets.drift_page import DriftPage
from gazecore.live_gaze import LiveGaze
from gazecore.study.protocol import Calibration
from tests.app.calibration.conftest import QUICK, SCREEN

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

pytestmark = pytest.mark.usefixtures("lsl_session")


def page_of(qtbot: QtBot, *, can_calibrate: bool = True) -> DriftPage:
    controller = DriftController(
        publish=lambda _marker: None,
        live=LiveGaze("drift page"),
        plan=CalibrationPlan(
            Calibration(), SCREEN, background_level=60.0, can_calibrate=can_calibrate
        ),
        pace=QUICK,
    )
    made = DriftPage(controller)
    controller.setParent(made)
    qtbot.addWidget(made)
    made.resize(1200, 800)
    made.show()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def _visible(page: DriftPage, name: str) -> bool:
    found = page.findChild(QPushButton, name)
    assert isinstance(found, QPushButton)
    return found.isVisible()


def test_the_choice_comes_only_when_gaze_is_off(qtbot: QtBot) -> None:
    page = page_of(qtbot)
    controller = page._controller
    controller.start("cases")
    assert not _visible(page, "drift_again")
    qtbot.waitUntil(lambda: controller.state.phase == "again", timeout=10000)
    hint = page.findChild(QWidget, "drift_hint")
    assert isinstance(hint, QWidget)
    assert hint.isVisible()
    qtbot.waitUntil(lambda: controller.state.is_asking, timeout=10000)
    assert _visible(page, "drift_again")
    assert not hint.isVisible()
    assert page.grab().toImage().pixelColor(4, 4) == QColor(60, 60, 60)
    QTest.keyClick(page, Qt.Key.Key_Space)
    assert controller.state.phase == "looking"
    page.close()
    controller.stop()


@pytest.mark.parametrize(
    ("key", "signal"),
    [
        (Qt.Key.Key_G, "finished"),
        (Qt.Key.Key_C, "recalibration_requested"),
        (Qt.Key.Key_Escape, "finished"),
    ],
)
def test_each_choice_has_a_key(qtbot: QtBot, key: Qt.Key, signal: str) -> None:
    page = page_of(qtbot)
    controller = page._controller
    controller.start("cases")
    qtbot.waitUntil(lambda: controller.state.is_asking, timeout=10000)
    with qtbot.waitSignal(getattr(controller, signal)):
        QTest.keyClick(page, key)
    page.close()


def test_what_cannot_be_calibrated_is_not_offered(qtbot: QtBot) -> None:
    page = page_of(qtbot, can_calibrate=False)
    controller = page._controller
    controller.start("cases")
    qtbot.waitUntil(lambda: controller.state.is_asking, timeout=10000)
    assert not _visible(page, "drift_recalibrate")
    assert _visible(page, "drift_go_on")
    page.close()
