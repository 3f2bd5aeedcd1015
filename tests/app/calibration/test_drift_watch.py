"""Eyes that stay away and clicks off gaze, over a real gaze stream."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.calibration.drift_watch import DriftWatch
from app.calibration.plan import CalibrationPlan
from gazecore.live_gaze import LiveGaze
from gazecore.study.protocol import Calibration
from tests.app.calibration.conftest import SCREEN, Bench

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gazecore.messages import AnyMarker, DriftChecked


def watch_of(bench: Bench, **settings: float) -> DriftWatch:
    plan = CalibrationPlan(Calibration.model_validate(settings), SCREEN)
    return DriftWatch(publish=bench.publish, live=bench.live, plan=plan)


def test_clicks_are_compared_with_gaze_of_just_before(qtbot: QtBot, bench: Bench) -> None:
    """The tracker's gaze is two degrees off, and the reader looks at a target."""
    watch = watch_of(bench, max_click_distance_deg=1.0)
    found: list[DriftChecked] = []
    watch.clicked.connect(found.append)
    place = (0.25, 0.25)
    bench.wait_until_followed(qtbot, *place)
    watch.note_click(*place)
    assert found == []  # not while cases are not read
    watch.set_active(True)
    for _ in range(4):
        watch.note_click(*place)
    assert not watch.due  # what was never validated cannot drift
    found.clear()
    watch.note_checked()
    for _ in range(4):
        watch.note_click(*place)
    watch.set_active(False)
    assert [(marker.check, marker.counts) for marker in found] == [("click", True)] * 4
    distance_deg = found[-1].mean_distance_deg
    assert distance_deg is not None
    assert 1.2 < distance_deg < 3.0
    assert not found[-1].passed
    due: str = watch.due
    assert due == "clicks"
    assert found[-1] in bench.sent
    watch.note_checked()
    assert not watch.due


@pytest.mark.usefixtures("lsl_session")
def test_without_gaze_nothing_is_due_though_the_eyes_are_away(qtbot: QtBot) -> None:
    sent: list[AnyMarker] = []
    plan = CalibrationPlan(Calibration(drift_check_after_away_s=0.1), SCREEN)
    watch = DriftWatch(publish=sent.append, live=LiveGaze("nothing"), plan=plan)
    watch.note_checked()
    watch.set_active(True)
    qtbot.waitUntil(lambda: watch.schedule.due == "eyes_away", timeout=5000)
    assert watch.due == ""
    watch.set_active(False)
    assert sent == []
