"""The streams page in a real station: reached, shown on the whole screen, its choice used."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from app.application import StationApplication
from app.study_station import StationSettings
from gazecore import lsl
from gazecore.study import Study
from gazecore.study.protocol import changed_protocol
from tests.app.stream_mapping.conftest import Lab

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

WAIT_MS = 20_000


@pytest.fixture
def lab(lsl_session: str) -> Iterator[Lab]:
    del lsl_session
    labels = ("FPOGX", "FPOGY", "FPOGS", "FPOGD", "FPOGID", "FPOGV")
    made = Lab("GazepointEyeTracker", labels, lambda x, y: [x, y, 0.0, 0.1, 1.0, 1.0])
    yield made
    made.close()


@pytest.fixture
def application(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, lab: Lab
) -> Iterator[StationApplication]:
    del qtbot, lab
    Study.create(tmp_path / "study").close()
    made = StationApplication(qapp, StationSettings(study=tmp_path / "study"))
    made.start()
    yield made
    made.close()
    made.window.close()


def test_another_labs_stream_is_offered_proven_on_the_whole_screen_and_used(
    qtbot: QtBot, application: StationApplication, lab: Lab
) -> None:
    station = application.station
    assert station is not None
    note = station.worklist_page.streams_button
    qtbot.waitUntil(lambda: not note.isHidden(), timeout=WAIT_MS)
    assert lab.name in note.toolTip()
    QTest.mouseClick(note, Qt.MouseButton.LeftButton)
    assert application.window.page_name == "streams"
    mapping = station.streams.mapping
    mapping.choose(lab.name)
    qtbot.waitUntil(lambda: mapping.state.origin == "known", timeout=WAIT_MS)
    mapping.look_at_corners()
    assert application.window.isFullScreen()
    mapping.leave()
    assert not application.window.isFullScreen()
    assert application.window.page_name == "streams"
    with qtbot.waitSignal(application.study_opened, timeout=WAIT_MS):
        mapping.use()
    again = application.station
    assert again is not None
    assert again is not station
    assert again.tracker.stream_name == lab.name
    qtbot.waitUntil(lambda: again.live.status().state == "live", timeout=WAIT_MS)
    assert again.live.status().profile == "Gazepoint"
    with qtbot.waitSignal(application.study_opened, timeout=WAIT_MS):
        again.streams.mapping.use_own()
    assert application.station is not None
    assert not application.station.tracker.is_foreign


def test_a_damaged_file_of_mappings_is_told_and_stops_nothing(
    qtbot: QtBot, application: StationApplication, tmp_path: Path
) -> None:
    del qtbot
    station = application.station
    assert station is not None
    (tmp_path / "study" / "stream_profiles.json").write_text("{")
    station.streams.use_profiles()
    said = station.worklist_page.findChild(QLabel, "worklist_problem")
    assert isinstance(said, QLabel)
    assert "stream_profiles.json" in said.text()


def test_a_study_with_remote_hosts_says_how_to_open_it(
    qtbot: QtBot, application: StationApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(lsl.HOSTS_VARIABLE, "")
    changes = {"tracking.remote_hosts": "tracker-pc"}
    protocol = changed_protocol(None, changes)
    Study.create(tmp_path / "remote", protocol=protocol).close()
    station = application.open_study(tmp_path / "remote")
    said = station.worklist_page.findChild(QLabel, "worklist_problem")
    assert isinstance(said, QLabel)
    assert "tracker-pc" in said.text()
    assert "--study" in said.text()
    qtbot.wait(300)  # the station before this one goes when events are next looked at
