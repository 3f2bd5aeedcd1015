"""The quality page draws any session, says what is simulated, and keeps to its size."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from app.pictures.canvas import SHEET_PX, painting
from app.pictures.quality_page import MAX_ROWS, paint_quality_page
from app.shared.theme import COLOURS
from gazecore.analysis.session_checks import SessionChecks
from gazecore.study.protocol import Calibration
from tests.app.pictures.pixels import share_of

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from app.pictures.results import SessionQuality, StudyResults


@pytest.fixture
def session(results: StudyResults) -> SessionQuality:
    return results.session("session-0001")


def drawn(session: SessionQuality) -> QImage:
    """The page of a session."""
    with painting(*SHEET_PX) as (image, painter):
        paint_quality_page(painter, session, Calibration())
    return image


def test_simulated_gaze_is_said_and_only_that(session: SessionQuality) -> None:
    badge = drawn(session).copy(1600, 20, 320, 50)
    assert share_of(badge, COLOURS["amber"]) > 0.02
    real = replace(session, row={**session.row, "simulated": False})
    assert share_of(drawn(real).copy(1600, 20, 320, 50), COLOURS["amber"]) == 0


def test_a_verdict_changes_the_head(session: SessionQuality) -> None:
    good = replace(session, row={**session.row, "meets_protocol": True, "verdict": ""})
    bad = replace(session, row={**session.row, "meets_protocol": False, "verdict": "drift"})
    head = (40, 68, 1000, 30)
    assert share_of(drawn(good).copy(*head), COLOURS["accent"], 40) > 0.005
    assert share_of(drawn(bad).copy(*head), COLOURS["amber"], 40) > 0.005


def test_many_cases_and_none_fit(session: SessionQuality) -> None:
    many = replace(session, readings=session.readings * MAX_ROWS)
    below = drawn(many).copy(0, 1050, 1920, 30)
    assert share_of(below, COLOURS["ground"], 0) == 1.0
    unknown = dict.fromkeys(session.row, None)
    row = {
        **unknown,
        "session_id": "s",
        "reader_id": "r",
        "readings": 0,
        "usable_readings": 0,
        "reading_s": 0.0,
        "verdict": "no reading",
        "correction": 3,
        "bcea_probability": 0.68,
    }
    empty = replace(session, row=row, readings=(), checks=SessionChecks(session_id="s"))
    assert share_of(drawn(empty), COLOURS["amber"]) > 0
