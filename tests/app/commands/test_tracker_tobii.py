"""``focusstation tracker tobii`` in the Python that is configured for it, as a process."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import uuid
from typing import TYPE_CHECKING

import pylsl
import pytest

from app.acquisition.child import Child
from app.cli import run
from gazecore.control import ControlClient
from gazecore.devices.interpreter import INTERPRETER
from gazecore.devices.tobii_sdk import LICENCE_NOTICE
from gazecore.errors import AcquisitionError
from gazecore.lsl import resolve_named
from gazecore.messages import TrackerEvent, parse_marker
from gazecore.processes import child_environment, focusstation_command
from gazecore.samples import GAZE_LABELS
from tests.gazecore.devices.lively_tobii import put_python, put_sdk

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="a shell script as the interpreter"),
    pytest.mark.usefixtures("lsl_session"),
]


@pytest.fixture
def python(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Another Python, which has Tobii's SDK and a tracker."""
    path = put_python(tmp_path / "python3.10", put_sdk(tmp_path / "sdk"))
    monkeypatch.setenv(INTERPRETER, str(path))
    return path


def environment_of(pid: int) -> str:
    with open(f"/proc/{pid}/environ", encoding="utf-8") as file:
        return file.read()


def test_the_station_starts_it_there_asks_it_and_stops_it(tmp_path: Path, python: Path) -> None:
    name = f"{uuid.uuid4().hex[:8]} gaze"
    child = Child("tracker", tmp_path / "run")
    child.start("tobii", "--name", name, "--rate", "250", "--mode", "bright_pupil")
    try:
        status = child.call("status")
        assert (status["driver"], status["rate_hz"], status["mode"]) == (
            "tobii",
            250.0,
            "bright_pupil",
        )
        assert (status["model"], status["serial_number"]) == ("Tobii Pro Fusion", "FS-1")
        assert status["notices"] == [LICENCE_NOTICE]
        assert status["simulated"] is False
        for end in ("eye openness", "time synchronisation", "external signal", "tracker events"):
            assert f"{name.removesuffix(' gaze')} {end}" in status["side_streams"]
        if sys.platform.startswith("linux"):
            pid = int(json.loads(child.endpoint.read_text())["pid"])
            assert f"FOCUSSTATION_TEST_PYTHON={python}" in environment_of(pid)
            assert f"{INTERPRETER}=" not in environment_of(pid)
        deadline = time.monotonic() + 10
        while not child.call("eye_positions")["left"]["valid"] and time.monotonic() < deadline:
            time.sleep(0.05)
        positions = child.call("eye_positions")
        assert positions["left"] == {"x": 0.4, "y": 0.5, "z": 0.6, "valid": True}
    finally:
        answer = child.stop()
    assert answer["sent"] > 0
    assert not child.endpoint.exists()


def test_gaze_and_events_arrive_and_a_calibration_runs(tmp_path: Path, python: Path) -> None:
    assert python.exists()
    name = f"{uuid.uuid4().hex[:8]} gaze"
    child = Child("tracker", tmp_path / "run")
    child.start("tobii", "--name", name)
    inlets = []
    try:
        for stream in (name, f"{name.removesuffix(' gaze')} tracker events"):
            (info,) = resolve_named([stream], 10.0)
            inlets.append(pylsl.StreamInlet(info, recover=False))
            inlets[-1].open_stream(10.0)
        sample, t_s = inlets[0].pull_sample(timeout=10.0)
        values = dict(zip(GAZE_LABELS, sample, strict=True))
        assert (values["left_gaze_x"], values["right_gaze_y"]) == (0.1, 100.2)
        assert abs(pylsl.local_clock() - t_s) < 5.0
        child.call("calibration_start")
        for x in (0.1, 0.9):
            child.call("calibration_collect", x_norm=x, y_norm=0.5)
        result = child.call("calibration_compute")
        assert (result["succeeded"], result["active"]) == (True, "new")
        assert [p["x_norm"] for p in result["points"]] == [0.1, 0.9]
        assert result["points"][0]["left"]["samples_used"] == 2
        child.call("calibration_leave")
        stored = child.call("calibration_data")["data"]
        child.call("calibration_apply", data=stored)
        events: list[str] = []
        while "calibration_apply" not in events:
            told, _ = inlets[1].pull_sample(timeout=10.0)
            assert told is not None
            marker = parse_marker(told[0])
            assert isinstance(marker, TrackerEvent)
            events.append(marker.event)
    finally:
        for inlet in inlets:
            inlet.close_stream()
        child.stop()
    assert events[0] == "settings"
    assert "clock_offset" in events
    assert [e for e in events if e.startswith("calibration_") and "mode" not in e] == [
        "calibration_start",
        "calibration_collect",
        "calibration_collect",
        "calibration_compute",
        "calibration_leave",
        "calibration_apply",
    ]


def test_a_signal_ends_it_with_its_outcome(tmp_path: Path, python: Path) -> None:
    assert python.exists()
    control = tmp_path / "tracker.json"
    name = f"{uuid.uuid4().hex[:8]} gaze"
    command = focusstation_command(
        "tracker", "tobii", "--name", name, "--json", "--control", str(control)
    )
    child = subprocess.Popen(
        command,
        env=child_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    ControlClient.connect(control, 30.0).close()
    time.sleep(0.3)
    child.send_signal(signal.SIGTERM)
    out, err = child.communicate(timeout=30)
    assert (child.returncode, err) == (0, "")
    outcome = json.loads(out)
    assert (outcome["driver"], outcome["stream"]) == ("tobii", name)
    assert outcome["sent"] > 0


def test_a_bad_address_is_one_line_and_status_2(python: Path) -> None:
    assert python.exists()
    done = subprocess.run(
        focusstation_command("tracker", "tobii", "--address", "tet-tcp://9", "--seconds", "1"),
        env=child_environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    (line,) = done.stderr.splitlines()
    assert done.returncode == 2
    assert line.startswith("focusstation: the tracker refused the connection to tet-tcp://9")


def test_a_python_without_what_it_needs_is_told_to_the_station(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "python3.10"
    path.write_text(f'#!/bin/sh\nexec "{sys.executable}" -S -E "$@"\n')
    path.chmod(0o755)
    monkeypatch.setenv(INTERPRETER, str(path))
    assert run(["tracker", "tobii"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "pylsl" in line
    assert "pip install 'focusstation[tobii]'" in line
    with pytest.raises(AcquisitionError, match=r"did not start: .*pylsl"):
        Child("tracker", tmp_path / "run").start("tobii")


def test_every_option_goes_along(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "python3.10"
    path.write_text(
        "#!/bin/sh\n"
        'if [ "$1" = -c ]; then echo \'{"version": [3, 10], "missing": []}\'; exit; fi\n'
        "printf '%s\\n' \"$@\"\n"
    )
    path.chmod(0o755)
    monkeypatch.setenv(INTERPRETER, str(path))
    options = ["--rate", "250.0", "--name", "a b", "--address", "tet-tcp://1", "--mode", "human"]
    options += ["--screen-mm", "527.0", "296.0", "--no-blinks", "--eyes", "a=1", "--eyes", "b=2"]
    options += ["--truth", "t.csv", "--json"]
    done = subprocess.run(
        focusstation_command("tracker", "tobii", *options),
        env=child_environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    words = done.stdout.splitlines()
    assert words[:4] == ["-m", "app.cli", "tracker", "tobii"]
    assert sorted(words[4:]) == sorted(options)
    for word in ("527.0", "a=1", "b=2", "a b"):
        assert words[words.index(word) - 1].startswith("--")


def test_other_trackers_stay_in_this_python(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(INTERPRETER, os.devnull)
    name = f"gaze {uuid.uuid4().hex[:8]}"
    assert run(["tracker", "pointer", "--name", name, "--rate", "100", "--seconds", "0.2"]) == 0
    assert "sent 20" in capsys.readouterr().out
