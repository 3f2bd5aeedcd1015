"""The recorder dies, hard or softly, or its disk is full: what was recorded is there."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from typing import TYPE_CHECKING

import numpy as np
import pytest

from gazecore import lsl
from gazecore.control import ControlClient
from gazecore.processes import child_environment, focusstation_command
from gazecore.recording import read
from tests.gazecore.recording.material import Sender, running_senders

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


resource = pytest.importorskip("resource", reason="signals and limits of POSIX")

KILLS = 4


@pytest.fixture
def make_sender(lsl_session: str) -> Iterator[Callable[..., Sender]]:
    del lsl_session
    with running_senders() as make:
        yield make


def start_recorder(out: Path, *more: str, most_bytes: int | None = None) -> subprocess.Popen[str]:
    def limit() -> None:
        if most_bytes is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))

    return subprocess.Popen(
        focusstation_command("record", "--out", str(out), "--stream", "killed", *more),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=child_environment(),
        preexec_fn=limit,  # noqa: PLW1509
    )


def wait_for_start(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    assert process.stdout.readline().startswith("recording killed")


def demand_equal(sender: Sender, path: Path) -> None:
    gaze = read(path).streams["killed"]
    rows = np.asarray(gaze.values)[:, 0].astype(int)
    assert np.all(np.diff(rows) == 1)
    sent = sender.sent[rows[0] : rows[-1] + 1]
    assert gaze.t_sender_s.tobytes() == np.array([t for t, _ in sent]).tobytes()
    assert np.asarray(gaze.values).tobytes() == np.array([v for _, v in sent]).tobytes()


def test_kill_9_at_random_instants_loses_at_most_150_ms(
    make_sender: Callable[..., Sender], tmp_path: Path
) -> None:
    sender = make_sender("killed")
    random = np.random.default_rng(3)
    for k in range(KILLS):
        out = tmp_path / f"{k}.xdf"
        process = start_recorder(out)
        wait_for_start(process)
        time.sleep(0.3 + random.uniform(0, 0.5))
        killed_s = lsl.clock_s()
        process.kill()
        process.communicate()
        damage = read(out).damage
        assert damage.proven
        assert not damage.closed
        assert damage.sentences()[0].startswith("recovered")
        demand_equal(sender, out)
        # The rest of 150 ms is for a busy machine: the sender itself may be late there.
        last_s = read(out).streams["killed"].t_sender_s[-1]
        assert killed_s - last_s < 0.15 + sender_lateness_s(sender, killed_s)


def sender_lateness_s(sender: Sender, at_s: float) -> float:
    """How far the sender's newest sample at that time lies behind it."""
    newest_s = max(t for t, _ in sender.sent if t <= at_s)
    return at_s - newest_s


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_closes_cleanly_within_two_seconds(
    make_sender: Callable[..., Sender], tmp_path: Path, number: signal.Signals
) -> None:
    sender = make_sender("killed")
    process = start_recorder(tmp_path / "a.xdf")
    wait_for_start(process)
    time.sleep(0.3)
    start_s = time.monotonic()
    process.send_signal(number)
    out, error = process.communicate(timeout=20)
    assert time.monotonic() - start_s < 4  # two of ours, the rest is the interpreter's end
    assert (process.returncode, error) == (0, "")
    assert out.startswith("verified: ")
    assert read(tmp_path / "a.xdf").damage.sound
    demand_equal(sender, tmp_path / "a.xdf")


def test_a_recorder_halted_for_two_seconds_loses_nothing(
    make_sender: Callable[..., Sender], tmp_path: Path
) -> None:
    sender = make_sender("killed")
    process = start_recorder(tmp_path / "a.xdf", "--json", "--control", str(tmp_path / "c"))
    client = ControlClient.connect(tmp_path / "c", 20)
    while client.call("status")["state"] != "recording":
        time.sleep(0.02)
    process.send_signal(signal.SIGSTOP)
    time.sleep(2)
    process.send_signal(signal.SIGCONT)
    time.sleep(0.5)
    assert client.call("stop")["gaps"] == 0
    client.close()
    process.communicate(timeout=20)
    demand_equal(sender, tmp_path / "a.xdf")
    assert np.ptp(read(tmp_path / "a.xdf").gaze().t_s) > 2


def test_a_killed_station_stops_nothing(make_sender: Callable[..., Sender], tmp_path: Path) -> None:
    """A client that dies in the middle of a command is like a station killed by kill -9."""
    sender = make_sender("killed")
    endpoint = tmp_path / "control.json"
    process = start_recorder(tmp_path / "a.xdf", "--control", str(endpoint))
    wait_for_start(process)
    script = (
        "import os, pathlib, sys; from gazecore.control import ControlClient\n"
        f"client = ControlClient.connect(pathlib.Path({str(endpoint)!r}), 10)\n"
        'client._connection.send_bytes(b\'{"command": "status", "arguments": {}}\')\n'
        "os.kill(os.getpid(), 9)"
    )
    command = [focusstation_command()[0], "-c", script]
    subprocess.run(command, check=False, env=child_environment())
    time.sleep(0.2)
    client = ControlClient.connect(endpoint, 10)
    assert client.call("status")["state"] == "recording"
    assert client.call("stop")["verified"]
    client.close()
    process.communicate(timeout=20)
    demand_equal(sender, tmp_path / "a.xdf")


def test_a_disk_too_full_for_the_headers_leaves_no_file(
    make_sender: Callable[..., Sender], tmp_path: Path
) -> None:
    make_sender("killed")
    process = start_recorder(tmp_path / "a.xdf", most_bytes=100)
    _, error = process.communicate(timeout=30)
    assert process.returncode == 2
    assert error.startswith("focusstation: cannot write")
    assert error.count("\n") == 1
    assert not list(tmp_path.iterdir())


def test_a_full_disk_ends_with_a_message_and_a_readable_file(
    make_sender: Callable[..., Sender], tmp_path: Path
) -> None:
    sender = make_sender("killed")
    process = start_recorder(tmp_path / "a.xdf", "--json", most_bytes=100_000)
    out, error = process.communicate(timeout=30)
    assert process.returncode == 1
    assert error.count("\n") == 1
    assert "cannot write" in error
    assert str(tmp_path / "a.xdf") in error
    assert json.loads(out)["verified"] is False
    assert (tmp_path / "a.xdf").stat().st_size <= 100_000
    demand_equal(sender, tmp_path / "a.xdf")
    assert len(read(tmp_path / "a.xdf").gaze()) > 300
