"""Runs of the real trainer: started, followed, found again, stopped, failed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.training_menu.controller import TrainingController
from app.training_menu.request import RunRequest
from tests.app.conftest import needs_training

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot


@pytest.fixture
def controller(tmp_path: Path) -> Iterator[TrainingController]:
    made = TrainingController(tmp_path / "runs")
    yield made
    made.set_active(False)
    for view in made.views():
        if view.is_active:
            made.stop(view.name)
    for process in made._processes.values():
        process.wait(30)


def _request(examples: Path, name: str, epochs: int) -> RunRequest:
    return RunRequest("pretrain", name, data=examples, arms=("conventional",), epochs=epochs)


def _wait_state(qtbot: QtBot, controller: TrainingController, name: str, state: str) -> None:
    qtbot.waitUntil(lambda: controller.view(name).state == state, timeout=60000)


@needs_training
@pytest.mark.slow
def test_a_run_is_followed_to_its_end(
    qtbot: QtBot, controller: TrainingController, examples: Path
) -> None:
    controller.set_active(True)
    controller.start(_request(examples, "short", 2))
    assert controller.view("short").state == "starting"
    qtbot.waitUntil(lambda: not controller.view("short").is_active, timeout=90000)
    view = controller.view("short")
    assert (view.state, view.task, view.message) == ("finished", "pretrain", view.message)
    assert view.step == view.total_steps > 0
    assert "loss" in view.curves
    qtbot.waitUntil(lambda: not controller._processes, timeout=15000)


@needs_training
@pytest.mark.slow
def test_a_run_outlives_the_station_is_found_again_and_stopped(
    qtbot: QtBot, controller: TrainingController, examples: Path
) -> None:
    controller.set_active(True)
    controller.start(_request(examples, "long", 100_000))
    _wait_state(qtbot, controller, "long", "running")
    controller.set_active(False)

    later = TrainingController(controller.runs)
    assert later.view("long").state == "running"
    assert later.view("long").pid == controller.view("long").pid
    later.set_active(True)
    later.stop("long")
    _wait_state(qtbot, later, "long", "stopped")
    later.set_active(False)


def test_a_request_that_cannot_run_starts_nothing(
    qtbot: QtBot, controller: TrainingController, tmp_path: Path
) -> None:
    with qtbot.waitSignal(controller.start_failed) as failed:
        controller.start(_request(tmp_path / "none.npz", "x", 1))
    assert "no such data set" in failed.args[0]
    assert controller.views() == []


@needs_training
@pytest.mark.slow
def test_what_the_trainer_refuses_is_shown_from_its_log(
    qtbot: QtBot, controller: TrainingController, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.npz"
    broken.write_text("no archive")
    controller.set_active(True)
    controller.start(_request(broken, "refused", 1))
    _wait_state(qtbot, controller, "refused", "failed")
    message = controller.view("refused").message
    assert message.startswith("training: ")
    assert "broken.npz" in message
