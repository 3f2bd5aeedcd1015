"""The page shows each phase and offers what can be done next."""

from __future__ import annotations

from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton

from app.calibration.controller import CalibrationController, Pace
from app.calibration.points import TargetPoint
from app.calibration.viewmodel import CalibratedPoint, CalibrationState
from app.calibration.widgets.calibration_page import CalibrationPage, instruction
from gazecore.live_gaze import LiveGaze
from gazecore.study.protocol import Calibration
from tests.app.calibration.conftest import SCREEN

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gazecore.control import Answer

pytestmark = pytest.mark.usefixtures("lsl_session")


def _answer(command: str, /, **arguments: Any) -> Future[Answer]:
    """A tracker that saw nothing at the last corner."""
    del arguments
    future: Future[Answer] = Future()
    points = [
        {"x_norm": 0.5, "y_norm": 0.5, "samples": 40, "offset_deg": 0.3},
        {"x_norm": 0.1, "y_norm": 0.9, "samples": 0, "offset_deg": None},
    ]
    future.set_result({"succeeded": True, "points": points} if "compute" in command else {})
    return future


@pytest.fixture
def page(qtbot: QtBot) -> CalibrationPage:
    controller = CalibrationController(
        call_tracker=_answer,
        publish=lambda _marker: None,
        live=LiveGaze("page"),
        screen=SCREEN,
        settings=Calibration(),
        pace=Pace(0.001, 0.001, 0.001, 0.001),
    )
    made = CalibrationPage(controller, 16 / 9)
    controller.setParent(made)
    qtbot.addWidget(made)
    made.resize(1400, 900)
    made.show()
    return made


def _button(page: CalibrationPage, name: str) -> QPushButton:
    found = page.findChild(QPushButton, name)
    assert isinstance(found, QPushButton)
    return found


def _text(page: CalibrationPage, name: str) -> str:
    found = page.findChild(QLabel, name)
    assert isinstance(found, QLabel)
    return found.text()


def _wait_title(qtbot: QtBot, page: CalibrationPage, title: str) -> None:
    qtbot.waitUntil(lambda: _text(page, "calibration_title") == title, timeout=5000)


def test_space_alone_leads_through_calibration_and_check(
    qtbot: QtBot, page: CalibrationPage
) -> None:
    assert _button(page, "calibrate").isVisible()
    assert not _button(page, "accept_calibration").isVisible()
    QTest.keyClick(page, Qt.Key.Key_Space)
    _wait_title(qtbot, page, "Calibrated – now check it")
    assert _button(page, "redo_points").isVisible()
    assert _text(page, "calibration_instruction").startswith("1 of 2 points")
    QTest.keyClick(page, Qt.Key.Key_Space)
    _wait_title(qtbot, page, "Validation")
    assert _text(page, "calibration_verdict") == "Outside the limits"
    assert _text(page, "calibration_accuracy") == "–"
    assert _text(page, "calibration_loss") == "100 %"
    assert _button(page, "accept_calibration").text() == "Go on all the same"
    page.close()


def test_a_calibration_made_elsewhere_can_be_checked_as_it_is(
    qtbot: QtBot, page: CalibrationPage
) -> None:
    QTest.mouseClick(_button(page, "check_present"), Qt.MouseButton.LeftButton)
    _wait_title(qtbot, page, "Validation")
    assert not _button(page, "check_present").isVisible()
    page.close()


def test_poor_points_can_be_collected_again(qtbot: QtBot, page: CalibrationPage) -> None:
    QTest.keyClick(page, Qt.Key.Key_C)
    _wait_title(qtbot, page, "Calibrated – now check it")
    QTest.mouseClick(_button(page, "redo_points"), Qt.MouseButton.LeftButton)
    assert not _button(page, "redo_points").isVisible()
    qtbot.waitUntil(lambda: _button(page, "redo_points").isVisible())
    page.close()


def test_while_targets_show_nothing_else_does(qtbot: QtBot, page: CalibrationPage) -> None:
    QTest.mouseClick(_button(page, "calibrate"), Qt.MouseButton.LeftButton)
    visible = [child for child in page.findChildren(QPushButton) if child.isVisible()]
    assert visible == []
    QTest.keyClick(page, Qt.Key.Key_Escape)
    assert _text(page, "calibration_title") == "Calibrate the eye tracker"
    page.close()


def test_a_message_replaces_the_instruction() -> None:
    assert instruction(CalibrationState().failed("no eyes")) == "no eyes"
    good = CalibrationState().calibrated([CalibratedPoint(TargetPoint(0.5, 0.5), 30, 0.1)])
    assert instruction(good).startswith("The tracker accepted")
