from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.acquisition.child import Child
from app.acquisition.guard import Guard
from app.acquisition.viewmodel import Restarts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

STILL = ("simulated", "--rate", "60", "--name", "Guard test gaze")
WAIT_MS = 30_000


@pytest.fixture
def child(tmp_path: Path, qtbot: QtBot) -> Iterator[Child]:
    del qtbot
    made = Child("tracker", tmp_path)
    made.start(*STILL)
    yield made
    made.stop()


def kill(child: Child) -> None:
    process = child._process
    assert process is not None
    process.kill()


def test_a_killed_process_is_started_again_until_it_was_too_often(
    qtbot: QtBot, child: Child
) -> None:
    guard = Guard(child, lambda: STILL, Restarts(1, within_s=60.0))
    guard.set_active(True)
    with qtbot.waitSignal(guard.died, timeout=WAIT_MS) as died:
        kill(child)
    assert died.args is not None
    assert not died.args[0].is_final
    assert "started again" in guard.trouble
    with qtbot.waitSignal(guard.revived, timeout=WAIT_MS) as revived:
        pass
    assert revived.args is not None
    assert revived.args[0].cause == "ended by signal 9"
    assert revived.args[0].seen_s < revived.args[0].back_s
    assert guard.trouble == ""
    assert child.call("status")["driver"] == "simulated"
    with qtbot.waitSignal(guard.died, timeout=WAIT_MS) as died_again:
        kill(child)
    assert died_again.args is not None
    assert died_again.args[0].is_final
    assert "cannot be started again" in guard.trouble
    guard.close()


def test_one_that_does_not_start_is_tried_again_then_given_up(qtbot: QtBot, child: Child) -> None:
    guard = Guard(child, lambda: ("telepathy",), Restarts(2, within_s=60.0))
    guard.set_active(True)
    kill(child)
    with qtbot.waitSignal(
        guard.died, timeout=WAIT_MS, check_params_cb=lambda died: died.is_final
    ) as given_up:
        pass
    assert given_up.args is not None
    assert "telepathy" in given_up.args[0].reason
    guard.close()


def test_a_guard_at_rest_lets_the_process_end(qtbot: QtBot, child: Child) -> None:
    guard = Guard(child, lambda: STILL, Restarts(1, within_s=60.0))
    guard.set_active(True)
    guard.set_active(False)
    kill(child)
    qtbot.wait(300)
    assert child.has_died()
    assert guard.trouble == ""
    guard.close()
