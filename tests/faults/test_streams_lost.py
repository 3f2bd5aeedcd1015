"""Outlets that die, return, halt or are claimed by another: all that had arrived is in the file."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest

from gazecore.control import ControlClient
from gazecore.messages import GapFound
from gazecore.processes import child_environment, focusstation_command
from gazecore.recording import read
from tests.faults.outlets import Spec, outlet_process, unsent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from gazecore.recording.model import Recording

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="signals of POSIX")


@dataclass
class RunningRecorder:
    """A recorder process and its control connection."""

    process: subprocess.Popen[str]
    client: ControlClient
    out: Path

    def status(self) -> dict[str, Any]:
        return self.client.call("status")

    def wait(self, condition: Callable[[dict[str, Any]], bool], wait_s: float = 20) -> float:
        """Wait for a status; how long it took, in seconds."""
        start_s = time.monotonic()
        while not condition(status := self.status()):
            assert time.monotonic() - start_s < wait_s, status
            time.sleep(0.03)
        return time.monotonic() - start_s

    def told(self, words: str, wait_s: float = 20) -> float:
        return self.wait(lambda status: any(words in fault for fault in status["faults"]), wait_s)

    def stop(self) -> Recording:
        """Stop it, in time; the file is proven."""
        start_s = time.monotonic()
        answer = self.client.call("stop", wait_s=20.0)
        assert time.monotonic() - start_s < 4  # 2 s on a machine that is not busy
        assert answer["verified"]
        assert answer["error"] is None
        return read(self.out)


@contextmanager
def recorder(folder: Path, *names: str) -> Iterator[RunningRecorder]:
    out, endpoint = folder / "a.xdf", folder / "control.json"
    streams = [word for name in names for word in ("--stream", name)]
    command = focusstation_command(
        "record", "--out", str(out), "--control", str(endpoint), "--json", *streams
    )
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=child_environment()
    ) as process:
        try:
            client = ControlClient.connect(endpoint, 20)
            running = RunningRecorder(process, client, out)
            running.wait(lambda status: status["state"] == "recording")
            yield running
            client.close()
            process.communicate(timeout=20)
        finally:
            process.kill()


@pytest.fixture
def spec(lsl_session: str, tmp_path: Path) -> Spec:
    del lsl_session
    return Spec("tracker", str(tmp_path / "truth"))


def faults_of(recording: Recording) -> list[str]:
    return [f"{m.source}: {m.detail}" for m in recording.faults() if m.kind == "fault"]


def flowing(name: str, more_than: int = 100) -> Callable[[dict[str, Any]], bool]:
    return lambda status: status["streams"].get(name, {"samples": 0})["samples"] > more_than


@pytest.mark.parametrize(
    ("rate_hz", "stall_s"),
    [
        pytest.param(1200.0, 2.5),
        pytest.param(600.0, 10.0, marks=pytest.mark.long),
        pytest.param(1200.0, 10.0, marks=pytest.mark.long),
    ],
)
def test_a_recorder_halted_while_its_outlet_is_killed_keeps_what_had_arrived(
    spec: Spec, tmp_path: Path, rate_hz: float, stall_s: float
) -> None:
    spec = replace(spec, rate_hz=rate_hz, declared_hz=rate_hz, channels=38, labels=38)
    with outlet_process(spec) as outlet, recorder(tmp_path, "tracker") as running:
        running.wait(flowing("tracker"))
        os.kill(running.process.pid, signal.SIGSTOP)
        time.sleep(stall_s)
        outlet.kill()
        os.kill(running.process.pid, signal.SIGCONT)
        running.told("tracker: the outlet is gone")
        assert running.status()["streams"]["tracker"]["state"] == "lost"
        recording = running.stop()
    # Measured: 0. What was still inside the killed process never arrived.
    assert unsent(outlet.truth("tracker"), recording.streams["tracker"]) < 0.25 * rate_hz
    assert len(recording.streams["tracker"]) > 0.9 * stall_s * rate_hz


def test_a_killed_outlet_that_returns_is_a_second_segment(spec: Spec, tmp_path: Path) -> None:
    again = replace(spec, truth=str(tmp_path / "truth 2"), first=10**6)
    with outlet_process(spec) as first, recorder(tmp_path, "tracker") as running:
        running.wait(flowing("tracker"))
        first.kill()
        assert running.told("tracker: the outlet is gone") < 3  # 0.5 s where it is not busy
        with outlet_process(again) as second:
            running.told("segment 2 begins")
            before = running.status()["streams"]["tracker"]
            assert (before["segment"], before["state"]) == (2, "flowing")
            running.wait(flowing("tracker", before["samples"] + 200))
            second.halt()
            time.sleep(0.5)
            recording = running.stop()
            second.go_on()
    assert unsent(first.truth("tracker"), recording.streams["tracker"]) <= 5
    unsent(second.truth("tracker"), recording.streams["tracker #2"])
    assert recording.streams["tracker #2"].segment == 2
    (gap,) = (m for m in recording.faults() if isinstance(m, GapFound))
    assert gap.from_s == recording.streams["tracker"].t_sender_s[-1]
    assert gap.to_s == recording.streams["tracker #2"].t_sender_s[0]
    assert recording.streams["tracker"].uid != recording.streams["tracker #2"].uid


@pytest.mark.parametrize(
    ("change", "how"),
    [
        pytest.param({"source_id": "other"}, "source id 'other'", id="another id"),
        pytest.param(
            {"channels": 9},
            "channels 9 instead of 8",
            id="another channel count",
            marks=pytest.mark.long,
        ),
    ],
)
def test_a_different_outlet_in_its_place_is_asked_about(
    spec: Spec, tmp_path: Path, change: dict[str, Any], how: str
) -> None:
    other = replace(spec, truth=str(tmp_path / "truth 2"), first=10**6, **change)
    with outlet_process(spec) as first, recorder(tmp_path, "tracker") as running:
        running.wait(flowing("tracker"))
        first.kill()
        with outlet_process(other) as second:
            running.told(how)
            running.wait(lambda status: status["streams"]["tracker"]["state"] == "asking")
            ((lost, candidate),) = (q["candidates"] for q in running.status()["questions"])
            assert (lost["is_recorded"], candidate["is_recorded"]) == (True, False)
            assert how in candidate["differs"][0]
            assert running.status()["streams"]["tracker"]["segment"] == 1
            running.client.call("join", uid=candidate["uid"])
            running.wait(lambda status: status["streams"]["tracker"]["segment"] == 2)
            assert running.status()["questions"] == []
            time.sleep(0.3)
            recording = running.stop()
    assert unsent(first.truth("tracker"), recording.streams["tracker"]) <= 5
    unsent(second.truth("tracker"), recording.streams["tracker #2"])


def test_an_impostor_beside_a_living_outlet_is_never_switched_to(
    spec: Spec, tmp_path: Path
) -> None:
    impostor = replace(spec, truth=str(tmp_path / "truth 2"), first=10**6)
    with (
        outlet_process(spec) as first,
        recorder(tmp_path, "tracker") as running,
        outlet_process(impostor) as second,
    ):
        running.told("a second outlet claims to be it; the recording goes on with the first")
        before = running.status()
        assert len(before["questions"]) == 1
        running.wait(flowing("tracker", before["streams"]["tracker"]["samples"] + 600))
        assert running.status()["streams"]["tracker"]["segment"] == 1
        first.kill()
        running.told("segment 2 begins")
        time.sleep(0.3)
        recording = running.stop()
    assert unsent(first.truth("tracker"), recording.streams["tracker"]) <= 5
    unsent(second.truth("tracker"), recording.streams["tracker #2"])


def test_an_outlet_halted_for_three_seconds_is_stale_and_loses_nothing(
    spec: Spec, tmp_path: Path
) -> None:
    with outlet_process(spec) as outlet, recorder(tmp_path, "tracker") as running:
        running.wait(flowing("tracker"))
        outlet.halt()
        assert running.wait(lambda s: s["streams"]["tracker"]["state"] == "stale") < 2
        time.sleep(3)
        assert running.status()["streams"]["tracker"]["state"] == "stale"
        outlet.go_on()
        running.told("samples again after 3.")
        running.wait(lambda s: s["streams"]["tracker"]["state"] == "flowing")
        outlet.halt()
        time.sleep(0.3)
        recording = running.stop()
        outlet.go_on()
    unsent(outlet.truth("tracker"), recording.streams["tracker"])
    assert not [m for m in recording.faults() if isinstance(m, GapFound)]
    assert any("no samples for 0.5" in fault for fault in faults_of(recording))


def test_named_streams_that_come_late_join_and_the_missing_are_told(
    spec: Spec, tmp_path: Path
) -> None:
    late = replace(spec, name="openness", type="EyeOpenness", truth=str(tmp_path / "truth 2"))
    second_eye = replace(spec, name="other tracker", truth=str(tmp_path / "truth 3"))
    names = ("tracker", "openness", "other tracker")
    with outlet_process(spec) as first, recorder(tmp_path, *names) as running:
        assert running.status()["missing"] == ["openness", "other tracker"]
        running.told("openness: is not there yet")
        with outlet_process(late, second_eye) as others:
            running.wait(flowing("openness"))
            running.wait(flowing("other tracker"))
            assert running.status()["missing"] == []
            recording = running.stop()
    unsent(first.truth("tracker"), recording.streams["tracker"])
    for name in ("openness", "other tracker"):
        unsent(others.truth(name), recording.streams[name])


def test_it_stops_in_time_with_dead_and_halted_outlets(spec: Spec, tmp_path: Path) -> None:
    names = [f"tracker {k}" for k in range(6)]
    specs = [replace(spec, name=n, truth=str(tmp_path / n), rate_hz=60.0) for n in names]
    with (
        outlet_process(*specs[:3]) as dead,
        outlet_process(*specs[3:]) as halted,
        recorder(tmp_path, *names) as running,
    ):
        running.wait(lambda status: len(status["streams"]) == 6)
        time.sleep(0.5)
        dead.kill()
        halted.halt()
        time.sleep(1.0)
        recording = running.stop()
        halted.go_on()
    for outlet in (dead, halted):
        for name in outlet.specs:
            unsent(outlet.truth(name), recording.streams[name])
