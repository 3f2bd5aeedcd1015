from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.screen_setup.controller import ScreenSetupController
from gazecore.live_gaze import LiveGaze
from gazecore.processes import focusstation_command, start_detached
from gazecore.study.screens import SCREENS_FILE, MeasuredLatency
from tests.app.screen_setup.conftest import SCREEN

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from gazecore.study import Study


def test_nothing_is_saved_before_both_axes_were_looked_at(
    setup: ScreenSetupController, study: Study
) -> None:
    setup.resize("x", 5)
    setup.save()
    assert setup.state.is_wrong
    assert study.screen_record(SCREEN) is None
    setup.confirm()
    setup.save()
    assert not setup.state.is_wrong
    record = study.screen_record(SCREEN)
    assert record is not None
    assert record.size_method == "card"
    assert record.width_mm == pytest.approx(480.0 * 342 / 347, abs=1.0)


def test_what_was_saved_is_where_the_next_look_begins(
    setup: ScreenSetupController, study: Study
) -> None:
    setup.resize("x", 40)
    setup.resize("y", 25)
    saved_mm = setup.state.check.size_mm
    setup.save()
    again = ScreenSetupController(study, lambda: SCREEN, LiveGaze("No gaze here"))
    assert again.state.check.size_mm == pytest.approx(saved_mm, rel=0.003)
    assert "by card" in again.state.saved_text()
    again.use_method("ruler")
    assert again.state.check.size_mm == pytest.approx(saved_mm, rel=0.003)


def test_a_distance_alone_can_be_saved(setup: ScreenSetupController, study: Study) -> None:
    setup.set_distance(710.0)
    setup.save()
    record = study.screen_record(SCREEN)
    assert record is not None
    assert (record.distance_mm, record.distance_source) == (710.0, "typed")
    assert record.width_mm is None


def test_the_trackers_display_area_is_compared(setup: ScreenSetupController) -> None:
    setup.note_tracker((400.0, 300.0))
    setup.begin()
    display, protocol, tracker = setup.state.comparisons()
    assert not display.differs
    assert protocol.differs
    assert tracker.differs
    assert tracker.sentence().startswith("Tracker: 400 x 300 mm")


def test_the_distance_comes_from_the_tracker_if_it_sees_eyes(
    qtbot: QtBot, study: Study, tmp_path: Path, lsl_session: str
) -> None:
    del lsl_session
    name = "Distance gaze"
    command = focusstation_command("tracker", "simulated", "--name", name, "--rate", "120")
    tracker = start_detached(command, log=tmp_path / "log")
    with LiveGaze(name) as live:
        setup = ScreenSetupController(study, lambda: SCREEN, live)
        setup.take_distance_from_tracker()
        assert "no eyes" in setup.state.message
        qtbot.waitUntil(lambda: live.status().samples > 120, timeout=20_000)
        setup.take_distance_from_tracker()
    tracker.kill()
    tracker.wait(10)
    assert setup.state.distance_source == "tracker"
    assert 400 < setup.state.distance_mm < 900


def test_a_damaged_file_is_said_and_a_latency_keeps_the_size(
    setup: ScreenSetupController, study: Study
) -> None:
    latency = MeasuredLatency(
        latency_s=0.02, spread_s=0.001, edges=58, toggles=60, sensor="P", measured_utc="2026-01-01"
    )
    setup.confirm()
    setup.save()
    setup.save_latency(latency)
    record = study.screen_record(SCREEN)
    assert record is not None
    assert record.latency == latency
    assert record.width_mm == pytest.approx(480, rel=0.01)
    assert "20.0 ms" in setup.state.latency_text()
    (study.path / SCREENS_FILE).write_text("{")
    setup.begin()
    assert setup.state.is_wrong
    setup.confirm()
    setup.save()
    assert SCREENS_FILE in setup.state.message
