"""The card shows points after a calibration and figures after a validation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QLabel, QPushButton, QTableWidget, QWidget

from app.calibration.calibrated_point import CalibratedPoint
from app.calibration.controller import CalibrationController
from app.calibration.plan import CalibrationPlan
from app.calibration.points import TargetPoint
from app.calibration.viewmodel import CalibrationState
from app.calibration.widgets.result_card import ResultCard
from gazecore.live_gaze import LiveGaze
from gazecore.study.protocol import Calibration
from tests.app.calibration.conftest import QUICK, SCREEN, Refusing
from tests.app.calibration.widgets.test_target_table import VALIDATION

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

pytestmark = pytest.mark.usefixtures("lsl_session")
POINTS = (CalibratedPoint(TargetPoint(0.5, 0.5), 30, 0.2),)


@pytest.fixture
def card(qtbot: QtBot) -> ResultCard:
    controller = CalibrationController(
        call_tracker=Refusing(),
        publish=lambda _marker: None,
        live=LiveGaze("card"),
        plan=CalibrationPlan(Calibration(), SCREEN),
        pace=QUICK,
    )
    made = ResultCard(controller, 16 / 9)
    controller.setParent(made)
    qtbot.addWidget(made)
    return made


def _shown(card: ResultCard, kind: type[QWidget], name: str) -> bool:
    found = card.findChild(kind, name)
    assert isinstance(found, QWidget)
    return not found.isHidden()


def test_nothing_is_shown_without_a_result(card: ResultCard) -> None:
    card.show_state(CalibrationState())
    assert card.isHidden()


def test_points_then_figures(card: ResultCard) -> None:
    calibrated = CalibrationState().calibrated(POINTS)
    card.show_state(calibrated)
    assert _shown(card, QTableWidget, "point_table")
    assert _shown(card, QLabel, "redo_hint")
    assert not _shown(card, QTableWidget, "target_table")
    card.show_state(calibrated.validating(1).validated(VALIDATION, ()))
    assert not _shown(card, QTableWidget, "point_table")
    assert not _shown(card, QLabel, "redo_hint")
    assert _shown(card, QTableWidget, "target_table")


def test_another_eye_can_be_looked_at(card: ResultCard) -> None:
    card.next_eye()
    card.show_state(CalibrationState().validated(VALIDATION, ()))
    table = card.findChild(QTableWidget, "target_table")
    right = card.findChild(QPushButton, "eye_right")
    assert isinstance(table, QTableWidget)
    assert isinstance(right, QPushButton)
    right.click()
    item = table.item(0, 1)
    assert item is not None
    assert item.text() == "0.50°"
