"""The page shows each phase and offers what can be done next."""

from __future__ import annotations

from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton

from app.calibration.calibrated_point import CalibratedPoint
from app.calibration.controller import CalibrationController
from app.calibration.plan import CalibrationPlan
from app.calibration.points import TargetPoint
from app.calibration.viewmodel import CalibrationState
from app.calibration.widgets.calibration_page import CalibrationPage, instruction
from gazecore.live_gaze import LiveGaze
from gazecore.study.protocol import Calibration
from tests.app.calibration.conftest import QUICK, SCREEN

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


PLAN = CalibrationPlan(Calibration(), SCREEN, background_level=60.0)


def page_of(qtbot: QtBot, plan: CalibrationPlan, eye: str | None = None) -> CalibrationPage:
    controller = CalibrationController(
        call_tracker=_answer,
        publish=lambda _marker: None,
        live=LiveGaze("page"),
        plan=plan,
        pace=QUICK,
    )
    made = CalibrationPage(controller, 16 / 9, dominant_eye=eye)
    controller.setParent(made)
    qtbot.addWidget(made)
    made.resize(1400, 900)
    made.show()
    qtbot.waitUntil(made.isActiveWindow)
    return made


@pytest.fixture
def page(qtbot: QtBot) -> CalibrationPage:
    return page_of(qtbot, PLAN)


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
    assert _text(page, "calibration_verdict").startswith("Outside the limits: 4 of 4 targets")
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
    assert instruction(CalibrationState().failed("no eyes")) == "No eyes"
    good = CalibrationState().calibrated([CalibratedPoint(TargetPoint(0.5, 0.5), 30, 0.1)])
    assert instruction(good).startswith("The tracker accepted")


def test_points_are_marked_and_redone_by_keys_alone(qtbot: QtBot, page: CalibrationPage) -> None:
    QTest.keyClick(page, Qt.Key.Key_C)
    _wait_title(qtbot, page, "Calibrated – now check it")
    redo = _button(page, "redo_points")
    assert redo.text() == "Redo 1 point"
    QTest.keyClick(page, Qt.Key.Key_1)
    assert redo.text() == "Redo 2 points"
    QTest.keyClick(page, Qt.Key.Key_2)
    QTest.keyClick(page, Qt.Key.Key_Left)
    QTest.keyClick(page, Qt.Key.Key_X)
    assert not redo.isEnabled()
    QTest.keyClick(page, Qt.Key.Key_X)
    QTest.keyClick(page, Qt.Key.Key_R)
    assert not redo.isVisible()
    qtbot.waitUntil(redo.isVisible)
    page.close()


def test_the_panel_is_on_the_same_grey_as_the_targets(page: CalibrationPage) -> None:
    image = page.grab().toImage()
    assert image.pixelColor(3, 3) == QColor(60, 60, 60)
    page.close()


def test_another_eyes_figures_are_one_key_away(qtbot: QtBot, page: CalibrationPage) -> None:
    QTest.keyClick(page, Qt.Key.Key_V)
    _wait_title(qtbot, page, "Validation")
    assert _button(page, "eye_both").isChecked()
    QTest.keyClick(page, Qt.Key.Key_E)
    assert [_button(page, f"eye_{eye}").isChecked() for eye in ("both", "left", "right")] == [
        False,
        True,
        False,
    ] or _button(page, "eye_right").isChecked()
    page.close()


def test_a_tracker_of_others_is_checked_or_taken_as_it_is(qtbot: QtBot) -> None:
    page = page_of(qtbot, CalibrationPlan(Calibration(), SCREEN, can_calibrate=False))
    assert _text(page, "calibration_title") == "Check the gaze"
    assert not _button(page, "calibrate").isVisible()
    assert _button(page, "go_on_unchecked").isVisible()
    QTest.keyClick(page, Qt.Key.Key_Space)
    _wait_title(qtbot, page, "Validation")
    assert not _button(page, "calibrate").isVisible()
    assert _button(page, "accept_calibration").isVisible()
    page.close()


def test_the_dominant_eye_is_asked_for_where_it_counts(qtbot: QtBot, page: CalibrationPage) -> None:
    assert not _button(page, "dominant_left").isVisible()
    asking = page_of(qtbot, PLAN, "unknown")
    assert _button(asking, "dominant_unknown").isChecked()
    with qtbot.waitSignal(asking.dominant_eye_chosen) as chosen:
        QTest.mouseClick(_button(asking, "dominant_left"), Qt.MouseButton.LeftButton)
    assert chosen.args == ["left"]
    assert not _button(asking, "dominant_unknown").isChecked()
    asking.close()
    page.close()
