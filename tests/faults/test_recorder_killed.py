"""The recorder dies, hard or softly: what was recorded is there."""

from __future__ import annotations

import os
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
from tests.faults.recorders import (
    NAME,
    demand_equal,
    slowest_flush_s,
    start_recorder,
    wait_for_start,
)
from tests.gazecore.recording.material import Sender, running_senders

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


pytest.importorskip("resource", reason="signals of POSIX")


@pytest.fixture
def make_sender(lsl_session: str) -> Iterator[Callable[..., Sender]]:
    del lsl_session
    with running_senders() as make:
        yield make


KILLS_AT_ONCE = 5
MOST_LOST_S = 0.15


@pytest.mark.parametrize("rounds", [2, pytest.param(20, marks=pytest.mark.long)])
@pytest.mark.timeout(900)
def test_kill_9_at_random_instants_loses_at_most_150_ms(
    make_sender: Callable[..., Sender], tmp_path: Path, rounds: int
) -> None:
    """10 kills, in the long run 100: each file opens, says "recovered", and is as it was sent."""
    sender = make_sender(NAME)
    random = np.random.default_rng(3)
    lost_s = []
    for number in range(rounds):
        files = [tmp_path / f"{number}-{k}.xdf" for k in range(KILLS_AT_ONCE)]
        recorders = [start_recorder(file) for file in files]
        try:
            for recorder in recorders:
                wait_for_start(recorder)
            for file, recorder in zip(files, recorders, strict=True):
                time.sleep(0.25 + random.uniform(0, 0.3))
                lost_s.append(kill_and_check(recorder, file, sender))
        finally:
            for recorder in recorders:
                recorder.kill()
                recorder.communicate()
    print(f"lost: median {np.median(lost_s) * 1e3:.0f} ms, at most {max(lost_s) * 1e3:.0f} ms")
    assert np.median(lost_s) < MOST_LOST_S


def kill_and_check(recorder: subprocess.Popen[str], file: Path, sender: Sender) -> float:
    """Kill a recorder, check its file, and return how many seconds are missing at its end."""
    killed_s = lsl.clock_s()
    recorder.kill()
    recorder.communicate()
    damage = read(file).damage
    assert damage.proven
    assert not damage.closed
    assert damage.sentences()[0].startswith("recovered")
    assert not damage.regions
    demand_equal(sender, file)
    lost_s = float(killed_s - read(file).streams[NAME].t_sender_s[-1])
    # On a busy machine the sender may be late itself, or the recorder wait for a processor.
    late_s = sender_lateness_s(sender, killed_s) + max(0.0, slowest_flush_s(file) - 0.06)
    assert lost_s < MOST_LOST_S + late_s + waiting_s()
    return lost_s


def waiting_s() -> float:
    """How long a process may wait for its turn: 50 ms behind each one that has no processor."""
    return 0.05 * max(0.0, os.getloadavg()[0] - (os.cpu_count() or 1))


def sender_lateness_s(sender: Sender, at_s: float) -> float:
    """How far the sender's newest sample at that time lies behind it."""
    newest_s = max(t for t, _ in list(sender.sent) if t <= at_s)
    return at_s - newest_s


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_closes_cleanly_within_two_seconds(
    make_sender: Callable[..., Sender], tmp_path: Path, number: signal.Signals
) -> None:
    sender = make_sender(NAME)
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
    sender = make_sender(NAME)
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
    sender = make_sender(NAME)
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
