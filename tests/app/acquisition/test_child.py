from __future__ import annotations

from typing import TYPE_CHECKING

import psutil
import pytest

from app.acquisition.child import Child
from gazecore.errors import AcquisitionError, ControlError

if TYPE_CHECKING:
    from pathlib import Path

STILL = ("simulated", "--rate", "60", "--name", "Child test gaze")


def test_started_asked_and_stopped(tmp_path: Path) -> None:
    child = Child("tracker", tmp_path)
    assert not child.attach()
    child.start(*STILL)
    status = child.call("status")
    assert status["driver"] == "simulated"
    assert status["simulated"] is True
    child.stop()
    assert not child.is_connected
    assert not child.endpoint.exists()
    assert child.stop() == {}


def test_found_again_after_the_station_let_go(tmp_path: Path) -> None:
    first = Child("tracker", tmp_path)
    first.start(*STILL)
    first.release()
    assert not first.is_connected
    second = Child("tracker", tmp_path)
    assert second.attach()
    assert second.call("status")["driver"] == "simulated"
    second.stop()
    assert first._process is not None
    assert first._process.wait(10) == 0


def test_a_process_that_ends_at_once_is_explained_by_its_last_line(tmp_path: Path) -> None:
    child = Child("tracker", tmp_path)
    with pytest.raises(AcquisitionError, match=r"tracker process did not start: .*telepathy"):
        child.start("telepathy")
    assert not child.is_connected


def test_a_killed_process_is_an_error_and_nothing_is_left(tmp_path: Path) -> None:
    child = Child("tracker", tmp_path)
    child.start(*STILL)
    assert child._process is not None
    psutil.Process(child._process.pid).kill()
    child._process.wait(10)
    with pytest.raises(ControlError):
        child.call("status")
    assert child.stop() == {}
    with pytest.raises(ControlError, match="not running"):
        child.call("status")


def test_a_stale_endpoint_is_no_process(tmp_path: Path) -> None:
    (tmp_path / "tracker.json").write_text('{"address": "/nowhere", "key": "00", "pid": 1}')
    assert not Child("tracker", tmp_path).attach(wait_s=0.1)


def test_a_death_is_seen_without_asking_and_the_dead_is_buried(tmp_path: Path) -> None:
    child = Child("tracker", tmp_path)
    assert not child.has_died()
    assert child.ensure(STILL)
    assert not child.ensure(STILL)
    assert not child.has_died()
    process = child._process
    assert process is not None
    process.kill()
    process.wait(10)
    assert child.has_died()
    assert child.bury() == "ended by signal 9"
    assert not child.has_died()


def test_the_death_of_a_process_that_was_found_is_seen(tmp_path: Path) -> None:
    first, second = Child("tracker", tmp_path), Child("tracker", tmp_path)
    first.start(*STILL)
    first.release()
    assert second.attach()
    assert not second.has_died()
    assert first._process is not None
    first._process.kill()
    first._process.wait(10)
    assert second.has_died()
    assert second.bury() == "it is gone"


def test_a_tracker_that_has_no_more_to_send_has_not_died(tmp_path: Path) -> None:
    child = Child("tracker", tmp_path)
    child.start(*STILL, "--seconds", "0.5")
    assert child._process is not None
    assert child._process.wait(20) == 0
    assert not child.has_died()
    child.release()
