from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.screen_setup.controller import ScreenSetupController
from app.screen_setup.viewmodel import state_of
from gazecore.live_gaze import LiveGaze
from gazecore.processes import focusstation_command, start_detached
from gazecore.study.protocol import changed_protocol
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


def test_a_measured_curve_corrects_the_screen_until_it_is_removed(
    setup: ScreenSetupController, study: Study, tmp_path: Path
) -> None:
    path = tmp_path / "left screen.csv"
    path.write_text("".join(f"{x},{0.4 + 300 * (x / 255) ** 2.2}\n" for x in range(0, 256, 15)))
    assert "No display curve" in setup.state.correction_text()
    setup.use_curve(path)
    record = study.screen_record(SCREEN)
    assert record is not None
    assert record.correction is not None
    text = setup.state.correction_text()
    assert text.startswith("Display correction on: left screen")
    assert record.correction.sha256[:12] in text
    assert state_of(SCREEN, record, study.protocol.screen).correction is not None
    study.set_protocol(changed_protocol(study.protocol, {"screen.correction": "off"}))
    setup.begin()
    assert setup.state.correction_text().startswith("Display correction off by the protocol")
    assert state_of(SCREEN, record, study.protocol.screen).correction is None
    setup.remove_curve()
    kept = study.screen_record(SCREEN)
    assert kept is not None
    assert kept.correction is None


def test_a_bad_curve_is_told_and_nothing_changes(
    setup: ScreenSetupController, study: Study, tmp_path: Path
) -> None:
    (tmp_path / "curve.csv").write_text("0,1\n255,100\n")
    setup.use_curve(tmp_path / "curve.csv")
    assert setup.state.is_wrong
    assert "2 levels, 0 to 255" in setup.state.message
    assert study.screen_record(SCREEN) is None
