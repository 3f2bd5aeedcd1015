"""``focusstation tracker`` as a process: counts, clean ends, one line for bad input."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
import uuid
from typing import TYPE_CHECKING

import pytest

from app.cli import run
from gazecore.control import ControlClient
from gazecore.devices.truth import truth_parts
from gazecore.errors import ControlError
from gazecore.processes import child_environment, focusstation_command

if TYPE_CHECKING:
    from pathlib import Path


def tracker(*arguments: str) -> subprocess.Popen[str]:
    name = f"gaze {uuid.uuid4().hex[:8]}"
    return subprocess.Popen(
        focusstation_command("tracker", *arguments, "--name", name, "--json"),
        env=child_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def lines(path: Path) -> list[str]:
    return path.read_text().splitlines()


def test_it_ends_after_its_seconds_and_prints_json(tmp_path: Path) -> None:
    truth = tmp_path / "truth.csv"
    child = tracker("simulated", "--rate", "600", "--seconds", "1", "--truth", str(truth))
    out, err = child.communicate(timeout=60)
    assert (child.returncode, err) == (0, "")
    outcome = json.loads(out)
    assert (outcome["sent"], outcome["simulated"], outcome["driver"]) == (600, True, "simulated")
    assert len(lines(truth)) == 601


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_cleanly(tmp_path: Path, number: signal.Signals) -> None:
    truth, control = tmp_path / "truth.csv", tmp_path / "tracker.json"
    child = tracker("pointer", "--truth", str(truth), "--control", str(control))
    client = ControlClient.connect(control, 30.0)
    client.close()
    time.sleep(0.2)
    child.send_signal(number)
    out, err = child.communicate(timeout=30)
    assert (child.returncode, err) == (0, "")
    assert json.loads(out)["sent"] == len(lines(truth)) - 1 > 0
    assert not control.exists()


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_a_tracker_held_up_catches_up_with_every_sample(tmp_path: Path) -> None:
    truth, control = tmp_path / "truth.csv", tmp_path / "tracker.json"
    child = tracker(
        "pointer",
        "--rate",
        "200",
        "--seconds",
        "2",
        "--truth",
        str(truth),
        "--control",
        str(control),
    )
    ControlClient.connect(control, 30.0).close()
    child.send_signal(signal.SIGSTOP)
    time.sleep(1.0)
    child.send_signal(signal.SIGCONT)
    out, _ = child.communicate(timeout=30)
    assert json.loads(out)["sent"] == 400
    times = [float(line.split(",")[1]) for line in lines(truth)[1:]]
    assert times == [times[0] + k / 200 for k in range(400)]


def test_the_control_stops_it(tmp_path: Path) -> None:
    control = tmp_path / "tracker.json"
    child = tracker("simulated", "--control", str(control), "--noise-deg", "0", "--no-blinks")
    client = ControlClient.connect(control, 30.0)
    assert client.call("status")["driver"] == "simulated"
    client.call("stop")
    client.close()
    out, err = child.communicate(timeout=30)
    assert (child.returncode, err) == (0, "")
    assert json.loads(out)["simulated"] is True


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["eyelink"], "eyelink"),
        (["simulated", "--rate", "0"], "--rate"),
        (["simulated", "--rate", "fast"], "--rate"),
        (["simulated", "--seconds", "-1"], "--seconds"),
        (["simulated", "--faults", "/none.json"], "/none.json"),
        (["simulated", "--scenes", "/none.json"], "/none.json"),
        (["simulated", "--truth", "/proc/none/truth.csv"], "/proc/none"),
        (["simulated", "--profile", "smi"], "--profile"),
        (["simulated", "--eyes", "tremor=1"], "--eyes"),
        (["simulated", "--eyes", "blinks"], "--eyes blinks"),
        (["replay"], "--file"),
        (["replay", "--file", "/none.xdf"], "/none.xdf"),
        ([], "driver"),
    ],
    ids=str,
)
def test_bad_input_is_one_line_and_status_2(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str], lsl_session: str
) -> None:
    assert lsl_session
    assert run(["tracker", *arguments]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert said.lower() in line.lower()


def test_a_truth_file_that_is_there_is_left_as_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], lsl_session: str
) -> None:
    assert lsl_session
    truth = tmp_path / "truth.csv"
    truth.write_text("mine")
    assert run(["tracker", "pointer", "--seconds", "0.1", "--truth", str(truth)]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert (
        line == f"focusstation: {truth} exists already and is left as it is; choose another place"
    )
    assert truth.read_text() == "mine"


def test_signals_mean_what_they_meant_once_it_has_ended(
    capsys: pytest.CaptureFixture[str], lsl_session: str
) -> None:
    assert lsl_session
    before = (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM))
    name = f"gaze {uuid.uuid4().hex[:8]}"
    assert run(["tracker", "pointer", "--name", name, "--rate", "100", "--seconds", "0.2"]) == 0
    assert capsys.readouterr().out.startswith(f"{name}: sent 20 simulated samples")
    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before


def test_it_explains_itself(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["tracker", "--help"]) == 0
    shown = capsys.readouterr().out
    for option in ("--rate", "--seed", "--seconds", "--faults", "--truth", "--control"):
        assert option in shown


def faults_file(path: Path, *entries: dict[str, object]) -> str:
    path.write_text(json.dumps({"schema_version": 1, "faults": list(entries)}))
    return str(path)


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_a_tracker_that_is_killed_and_started_again_goes_on_in_a_new_part(tmp_path: Path) -> None:
    truth, control = tmp_path / "truth.csv", tmp_path / "tracker.json"
    kill = faults_file(tmp_path / "faults.json", {"kind": "kill", "at_s": 0.8})
    where = ("--truth", str(truth), "--control", str(control))
    killed = tracker("pointer", "--rate", "200", "--faults", kill, *where)
    killed.communicate(timeout=30)
    assert killed.returncode == -signal.SIGKILL
    before = truth.read_bytes()
    again = tracker("pointer", "--rate", "200", "--seconds", "0.3", *where)
    out, err = again.communicate(timeout=30)
    assert (again.returncode, err) == (0, "")
    assert truth.read_bytes() == before
    first, second = truth_parts(truth)
    assert len(lines(first)) > 80
    assert len(lines(second)) == json.loads(out)["sent"] + 1 == 61
    assert not control.exists()


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_a_tracker_that_stands_still_sends_all_of_it_afterwards(tmp_path: Path) -> None:
    truth, control = tmp_path / "truth.csv", tmp_path / "tracker.json"
    freeze = faults_file(tmp_path / "f.json", {"kind": "freeze", "at_s": 0.5, "seconds": 1.0})
    child = tracker(
        *("pointer", "--rate", "200", "--seconds", "2", "--faults", freeze),
        *("--truth", str(truth), "--control", str(control)),
    )
    client = ControlClient.connect(control, 30.0)
    slowest_s = 0.0
    while child.poll() is None and slowest_s < 0.5:
        asked_s = time.monotonic()
        client.call("status")
        slowest_s = time.monotonic() - asked_s
        time.sleep(0.02)
    client.close()
    out, err = child.communicate(timeout=30)
    assert (child.returncode, err) == (0, "")
    assert slowest_s > 0.5
    assert json.loads(out)["sent"] == 400
    times = [float(line.split(",")[1]) for line in lines(truth)[1:]]
    assert times == [times[0] + k / 200 for k in range(400)]


def test_a_failing_calibration_is_said_over_the_control(tmp_path: Path) -> None:
    control = tmp_path / "tracker.json"
    fails = {"kind": "calibration", "step": "collect", "point": [0.1, 0.1], "times": 1}
    child = tracker(
        "simulated",
        *("--control", str(control), "--faults", faults_file(tmp_path / "f.json", fails)),
    )
    client = ControlClient.connect(control, 30.0)
    client.call("calibration_start")
    with pytest.raises(ControlError, match="a scripted fault"):
        client.call("calibration_collect", x_norm=0.1, y_norm=0.1)
    client.call("calibration_collect", x_norm=0.1, y_norm=0.1)
    result = client.call("calibration_compute")
    assert (result["succeeded"], result["active"]) == (True, "new")
    assert result["points"][0]["left"]["samples_used"] > 0
    stored = client.call("calibration_data")["data"]
    client.call("calibration_apply", data=stored)
    assert client.call("calibration_data")["data"] == stored
    positions = client.call("eye_positions")
    assert positions["available"] is True
    assert 0.3 < positions["right"]["x"] < 0.8
    client.call("stop")
    client.close()
    child.communicate(timeout=30)
    assert child.returncode == 0
