"""``focusstation devices`` lists what is on the bus and what is installed."""

from __future__ import annotations

import json
import threading
import time
import uuid

import pylsl
import pytest

from app.cli import run
from gazecore.lsl import clock_s, gaze_stream_info

pytestmark = pytest.mark.usefixtures("lsl_session")


def test_a_stream_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    name = f"gaze {uuid.uuid4().hex[:8]}"
    outlet = pylsl.StreamOutlet(gaze_stream_info(name, 600.0, name, simulated=True))
    deadline = time.monotonic() + 15
    while True:
        assert run(["devices", "--json", "--wait", "0.5"]) == 0
        document = json.loads(capsys.readouterr().out)
        found = [stream for stream in document["streams"] if stream["name"] == name]
        if found or time.monotonic() > deadline:
            break
    assert found[0]["true_rate_hz"] == 600.0
    assert document["schema_version"] == 1
    assert "simulated" in document["drivers"]
    assert {sdk["module"] for sdk in document["sdks"]} == {"tobii_research", "TittaPy_v2"}
    assert run(["devices", "--wait", "0.5"]) == 0
    assert f"{name}: 27 channels, none of 600 Hz, simulated\n  FocusStation's own" in (
        capsys.readouterr().out
    )
    del outlet


def _outlet(name: str, kind: str, labels: tuple[str, ...]) -> pylsl.StreamOutlet:
    info = pylsl.StreamInfo(name, kind, len(labels), 100.0, "float32", name)
    listed = info.desc().append_child("channels")
    for text in labels:
        listed.append_child("channel").append_child_value("label", text)
    return pylsl.StreamOutlet(info)


def test_each_stream_is_judged_and_its_rate_measured(capsys: pytest.CaptureFixture[str]) -> None:
    labels = ("FPOGX", "FPOGY", "FPOGS", "FPOGD", "FPOGID", "FPOGV")
    outlets = [
        _outlet("GazepointEyeTracker", "gaze", labels),
        _outlet("Lab_Gaze", "Gaze", ("x", "y")),
        _outlet("our tracker", "EyeTracker", ("gx", "gy")),
    ]
    ending = threading.Event()
    sender = threading.Thread(target=_send, args=(outlets[0], ending))
    sender.start()
    try:
        assert run(["devices", "--json"]) == 0
        found = {s["name"]: s for s in json.loads(capsys.readouterr().out)["streams"]}
        assert run(["devices"]) == 0
        said = capsys.readouterr().out
    finally:
        ending.set()
        sender.join()
    assert found["GazepointEyeTracker"]["standing"] == "known"
    assert 30 < found["GazepointEyeTracker"]["measured_rate_hz"] < 60
    assert found["Lab_Gaze"]["standing"] == "refused"
    assert found["our tracker"]["standing"] == "unmapped"
    assert "of 100 Hz\n  known: Gazepoint" in said
    assert "refused: LSL stream 'Lab_Gaze' cannot be used" in said
    assert "unknown: LSL stream 'our tracker' is none we know (2 channels: gx, gy)" in said


def _send(outlet: pylsl.StreamOutlet, ending: threading.Event) -> None:
    """Fifty a second, though it declares a hundred."""
    k, start_s = 0, clock_s()
    while not ending.wait(0.002):
        while start_s + k / 50 <= clock_s():
            outlet.push_sample([0.5] * 6, start_s + k / 50)
            k += 1


def test_a_host_that_is_none_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["devices", "--host", "10.0.0.1}"]) == 2
    assert "remote host is '10.0.0.1}'" in capsys.readouterr().err


def test_bad_input_is_one_line_and_status_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["devices", "--wait", "0"]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
