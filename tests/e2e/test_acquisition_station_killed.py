"""The station dies or stands still in the middle of a reading: recorder and tracker go on."""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import psutil
import pytest

from app.pilot.script import Drag, Key, PilotScript, Wait, write_script
from app.study_station import RUNTIME_FOLDER
from gazecore.control import ControlClient
from gazecore.processes import child_environment, focusstation_command
from gazecore.samples import GAZE_STREAM_NAME
from gazecore.study import Study
from tests.e2e.proof import demand_all, make_study

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RATE_HZ = 600
START_WAIT_S = 60.0

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="signals of POSIX"),
]


@dataclass
class Sitting:
    """A study on disk that stations open one after the other, each led by a pilot."""

    folder: Path
    cases: int
    stations: list[subprocess.Popen[str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.study = make_study(self.folder, cases=self.cases, side_px=400)
        windowing = Drag(button="left", from_x=0.5, from_y=0.5, to_x=0.6, to_y=0.4, steps=20)
        case = (Wait(seconds=0.6), windowing, Wait(seconds=0.6), Key(key="Return"))
        script = PilotScript(out=str(self.folder / "pilot"), default_case=case, calibrate=False)
        write_script(self.folder / "script.json", script)

    @property
    def truth(self) -> Path:
        return self.folder / "truth.csv"

    def open_station(self) -> subprocess.Popen[str]:
        """Open a station as a user would, with a pilot at its keys."""
        tracker = ["--rate", f"{RATE_HZ}", "--truth", str(self.truth)]
        arguments = [
            *("--offscreen", "--study", str(self.study), "--reader", "R1"),
            *("--tracker", "simulated", "--tracker-arguments", shlex.join(tracker)),
            *("--pilot", str(self.folder / "script.json")),
        ]
        station = subprocess.Popen(
            focusstation_command(*arguments),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=child_environment(),
        )
        self.stations.append(station)
        return station

    def wait_for_actions(self, count: int) -> None:
        """Wait until the pilots have done so many actions in all: a reading is under way."""
        log = self.folder / "pilot" / "pilot.jsonl"
        deadline_s = time.monotonic() + START_WAIT_S
        while not (log.exists() and len(log.read_text().splitlines()) >= count):
            assert self.stations[-1].poll() is None, self.stations[-1].communicate()[0]
            assert time.monotonic() < deadline_s, "the pilot does nothing"
            time.sleep(0.05)

    def actions(self) -> int:
        """How many actions the pilots have done."""
        return len((self.folder / "pilot" / "pilot.jsonl").read_text().splitlines())

    def recorded(self) -> int:
        """Gaze samples the recorder has, asked over its own connection."""
        with recorder_of(self.study) as recorder:
            status = recorder.call("status")
        assert status["state"] == "recording"
        return int(status["streams"][GAZE_STREAM_NAME]["samples"])

    def finish(self) -> Path:
        """Wait for the last station to end by itself; the one recording of the one session."""
        out, _ = self.stations[-1].communicate(timeout=120)
        assert self.stations[-1].returncode == 0, out
        with Study.open(self.study) as study:
            (session,) = study.sessions()
            assert session.end_reason == "finished"
            answered = [r.case_id for r in study.readings() if r.state == "answered"]
            assert sorted(answered) == sorted(case.case_id for case in study.cases())
            return session.recording_path

    def end(self) -> None:
        """Leave nothing behind, however the test went."""
        for station in self.stations:
            station.kill()
            station.communicate()
        for endpoint in (self.study / RUNTIME_FOLDER).glob("*.json"):
            with suppress(OSError, ValueError, KeyError, psutil.Error):
                psutil.Process(int(json.loads(endpoint.read_text())["pid"])).kill()


@contextmanager
def recorder_of(study: Path) -> Iterator[ControlClient]:
    client = ControlClient.connect(study / RUNTIME_FOLDER / "record.json", 10)
    try:
        yield client
    finally:
        client.close()


@pytest.fixture
def sitting(lsl_session: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Sitting]:
    del lsl_session
    made = Sitting(tmp_path, cases=request.param)
    yield made
    made.end()


@pytest.mark.parametrize("sitting", [4], indirect=True)
def test_killed_twice_while_reading(sitting: Sitting) -> None:
    """The third station goes on with the same session at the next unread case, and finishes."""
    done = 0
    for _ in range(2):
        station = sitting.open_station()
        sitting.wait_for_actions(done + 5)  # in the second case of this station
        station.kill()
        station.wait()
        done = sitting.actions()
        before = sitting.recorded()
        time.sleep(1.0)
        assert sitting.recorded() - before > 0.5 * RATE_HZ
    sitting.open_station()
    path = sitting.finish()
    figures = demand_all(sitting.truth, path)
    print(figures)
    assert figures.samples > RATE_HZ * 5


@pytest.mark.parametrize("sitting", [2], indirect=True)
def test_standing_still_for_five_seconds(sitting: Sitting) -> None:
    station = sitting.open_station()
    sitting.wait_for_actions(2)
    station.send_signal(signal.SIGSTOP)
    before = sitting.recorded()
    time.sleep(5.0)
    assert sitting.recorded() - before > 4.0 * RATE_HZ
    station.send_signal(signal.SIGCONT)
    figures = demand_all(sitting.truth, sitting.finish())
    print(figures)
    assert figures.delay_median_s <= 1.0  # standing still together, they would have 2.5 s
