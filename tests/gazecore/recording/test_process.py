from __future__ import annotations

import threading
import time
from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from gazecore.control import ControlClient
from gazecore.errors import (
    ControlError,
    MissingPathError,
    NoStreamError,
    TargetExistsError,
    UnwritablePathError,
)
from gazecore.recording import read
from gazecore.recording.plan import Outcome, RecorderSettings, RecordingPlan
from gazecore.recording.process import RecorderProcess

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.gazecore.recording.material import Sender

SETTINGS = RecorderSettings(least_free_bytes=0, warn_free_bytes=0)


@pytest.fixture
def plan(tmp_path: Path) -> RecordingPlan:
    return RecordingPlan(
        tmp_path / "p.xdf",
        names=("of the process",),
        control=tmp_path / "control.json",
        settings=SETTINGS,
    )


class Running:
    """A recorder process's work on a thread of the test."""

    def __init__(self, plan: RecordingPlan) -> None:
        self.outcome: Outcome | None = None
        self.error: Exception | None = None
        self._thread = threading.Thread(target=self._run, args=(plan,))
        self._thread.start()

    def _run(self, plan: RecordingPlan) -> None:
        try:
            self.outcome = RecorderProcess(plan).run()
        except Exception as error:  # noqa: BLE001
            self.error = error

    def join(self) -> None:
        self._thread.join(20)


def connected(plan: RecordingPlan) -> ControlClient:
    assert plan.control is not None
    return ControlClient.connect(plan.control, 10)


def state(client: ControlClient, wanted: str) -> dict[str, Any]:
    deadline = time.monotonic() + 10
    while (status := client.call("status"))["state"] != wanted:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return status


def test_stop_closes_verifies_and_answers_within_two_seconds(
    make_sender: Callable[..., Sender], plan: RecordingPlan
) -> None:
    make_sender("of the process")
    running = Running(plan)
    client = connected(plan)
    assert set(state(client, "recording")["streams"]) == {"of the process"}
    with pytest.raises(ControlError, match="knows status, join and stop"):
        client.call("dance")
    time.sleep(0.3)
    start_s = time.monotonic()
    answer = client.call("stop")
    assert time.monotonic() - start_s < 2
    client.close()
    running.join()
    assert running.outcome is not None
    assert answer["verified"]
    assert answer["file"] == running.outcome.file == str(plan.out)
    assert read(plan.out).damage.sound
    assert plan.control is not None
    assert not plan.control.exists()


def test_a_new_station_attaches_again(
    make_sender: Callable[..., Sender], plan: RecordingPlan
) -> None:
    make_sender("of the process")
    running = Running(plan)
    first = connected(plan)
    before = state(first, "recording")["streams"]["of the process"]["samples"]
    first.close()
    time.sleep(0.3)
    second = connected(plan)
    assert second.call("status")["streams"]["of the process"]["samples"] > before
    second.call("stop")
    second.close()
    running.join()
    assert running.outcome is not None


def test_it_ends_after_its_time(make_sender: Callable[..., Sender], plan: RecordingPlan) -> None:
    make_sender("of the process")
    told: list[dict[str, Any]] = []
    outcome = RecorderProcess(replace(plan, seconds=0.5, control=None)).run(told.append)
    assert outcome.verified
    assert told[0]["state"] == "recording"
    assert outcome.samples["of the process"] > 50


def test_without_station_and_samples_it_closes_itself(
    make_sender: Callable[..., Sender], plan: RecordingPlan
) -> None:
    sender = make_sender("of the process")
    running = Running(replace(plan, abandoned_after_s=0.6, control=None))
    time.sleep(1.5)
    assert running.outcome is None
    sender.finish()
    running.join()
    assert running.outcome is not None
    assert running.outcome.verified
    faults = [getattr(marker, "detail", "") for marker in read(plan.out).faults()]
    assert "neither station nor samples; closed by itself" in faults


def test_no_stream_leaves_no_file_and_no_endpoint(lsl_session: str, plan: RecordingPlan) -> None:
    del lsl_session
    with pytest.raises(NoStreamError):
        RecorderProcess(replace(plan, wait_s=0.2)).run()
    assert not list(plan.out.parent.iterdir())


def test_it_can_be_stopped_while_it_waits(lsl_session: str, plan: RecordingPlan) -> None:
    del lsl_session
    running = Running(replace(plan, wait_s=60))
    client = connected(plan)
    assert client.call("status")["state"] == "waiting"
    with pytest.raises(ControlError, match="no file was made"):
        client.call("stop")
    client.close()
    running.join()
    assert running.error is not None
    assert not plan.out.exists()


def test_bad_places_are_refused_before_anything_is_waited_for(plan: RecordingPlan) -> None:
    with pytest.raises(MissingPathError):
        RecorderProcess(replace(plan, out=plan.out.parent / "no" / "a.xdf", wait_s=60)).run()
    plan.out.write_bytes(b"precious")
    with pytest.raises(TargetExistsError):
        RecorderProcess(replace(plan, wait_s=60)).run()


def test_an_endpoint_that_cannot_be_made_is_told(lsl_session: str, plan: RecordingPlan) -> None:
    del lsl_session
    (plan.out.parent / "file").write_bytes(b"")
    control = plan.out.parent / "file" / "control.json"
    with pytest.raises(UnwritablePathError, match=r"control\.json"):
        RecorderProcess(replace(plan, control=control, wait_s=60)).run()
    assert not plan.out.exists()


def test_too_little_space_while_recording_ends_it_cleanly(
    make_sender: Callable[..., Sender], plan: RecordingPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_sender("of the process")
    running = Running(replace(plan, settings=replace(SETTINGS, least_free_bytes=1000)))
    state(client := connected(plan), "recording")
    client.close()
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=999))
    running.join()
    monkeypatch.undo()
    assert running.outcome is not None
    assert running.outcome.verified
    assert "GB free" in str(running.outcome.error)
    assert read(plan.out).damage.sound
