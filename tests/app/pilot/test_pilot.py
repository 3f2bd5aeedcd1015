"""The pilot presses what leads on, plays each case's actions, and knows when to give up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.pilot.log import LOG_NAME, read_log
from app.pilot.pilot import Pilot
from app.pilot.script import Key, PilotScript, Wait
from gazecore.messages import CaseOpened

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot


class SmallStation(QObject):
    """One button to start, one case that any key answers."""

    case_opened = Signal(object)
    session_ended = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.window = QWidget()
        layout = QVBoxLayout(self.window)
        self.start = QPushButton("start")
        self.start.setObjectName("start_reading_button")
        self.viewport = QLineEdit()
        self.viewport.setObjectName("viewport")
        self.viewport.textEdited.connect(self.session_ended.emit)
        layout.addWidget(self.start)
        layout.addWidget(self.viewport)
        self.start.clicked.connect(self._open)

    def _open(self) -> None:
        self.start.hide()
        self.viewport.setFocus()
        self.case_opened.emit(
            CaseOpened(
                t_s=0, reading_id="r", case_id="case-0001", image_width_px=1, image_height_px=1
            )
        )


@pytest.fixture
def station(qtbot: QtBot) -> SmallStation:
    made = SmallStation()
    qtbot.addWidget(made.window)
    made.window.show()
    return made


def test_a_sitting_from_button_to_answer(
    qtbot: QtBot, station: SmallStation, tmp_path: Path, lsl_session: str
) -> None:
    actions = {"case-0001": (Wait(seconds=0.05), Key(key="4"))}
    pilot = Pilot(station, station.window, PilotScript(out=str(tmp_path), cases=actions))
    with qtbot.waitSignal(pilot.finished, timeout=10_000) as finished:
        pilot.start()
    assert finished.args == [True]
    assert station.viewport.text() == "4"
    qtbot.waitUntil((tmp_path / "end.png").exists)
    pilot.stop()


def test_the_log_names_the_case(
    qtbot: QtBot, station: SmallStation, tmp_path: Path, lsl_session: str
) -> None:
    actions = {"case-0001": (Wait(seconds=0.01), Wait(seconds=0.01), Key(key="1"))}
    pilot = Pilot(station, station.window, PilotScript(out=str(tmp_path), cases=actions))
    with qtbot.waitSignal(pilot.finished, timeout=10_000):
        pilot.start()
    logged = read_log(tmp_path / LOG_NAME)
    assert [a.case_id for a in logged[:2]] == ["case-0001", "case-0001"]
    assert [a.action["do"] for a in logged[:2]] == ["wait", "wait"]


def test_it_gives_up(qtbot: QtBot, station: SmallStation, tmp_path: Path, lsl_session: str) -> None:
    station.start.setEnabled(False)
    script = PilotScript(out=str(tmp_path), give_up_after_s=0.2)
    pilot = Pilot(station, station.window, script)
    with qtbot.waitSignal(pilot.finished, timeout=10_000) as finished:
        pilot.start()
    assert finished.args == [False]
