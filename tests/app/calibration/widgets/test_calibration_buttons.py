"""When a calibration was made, in words."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from PySide6.QtWidgets import QPushButton

from app.calibration.widgets.calibration_buttons import CalibrationButtons, made_at
from tests.app.calibration.widgets.test_result_card import card

__all__ = ["card"]

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=timezone.utc).astimezone()


def test_today_the_hour_is_enough() -> None:
    made = NOW - timedelta(minutes=88)
    assert made_at(made.isoformat(), NOW) == f"from {made:%H:%M}"


def test_on_other_days_the_day_is_said() -> None:
    made = NOW - timedelta(days=3)
    assert made_at(made.isoformat(), NOW) == f"of {made.day} May, {made:%H:%M}"


def test_an_unknown_time_is_not_made_up() -> None:
    assert made_at("", NOW) == "from before"


@pytest.mark.usefixtures("lsl_session")
def test_an_earlier_calibration_is_offered_only_where_there_is_one(qtbot, card) -> None:  # type: ignore[no-untyped-def]
    buttons = CalibrationButtons(card._controller)
    qtbot.addWidget(buttons)
    buttons.show_state(card._controller.state)
    found = buttons.findChild(QPushButton, "reapply_calibration")
    assert isinstance(found, QPushButton)
    assert found.isHidden()
