"""``focusstation devices`` lists what is on the bus and what is installed."""

from __future__ import annotations

import json
import time
import uuid

import pylsl
import pytest

from app.cli import run
from gazecore.lsl import gaze_stream_info

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
    assert f"{name}: 27 channels, 600 Hz, simulated" in capsys.readouterr().out
    del outlet


def test_bad_input_is_one_line_and_status_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["devices", "--wait", "0"]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
