"""A run's view follows its progress messages."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.training_menu.viewmodel import RunView, duration, summary
from gazecore.messages import (
    AnyProgress,
    CheckpointSaved,
    MetricMeasured,
    RunFailed,
    RunFinished,
    RunStarted,
    StepDone,
)

STARTED = RunStarted(t_unix_s=100.0, run="r", task="pretrain", total_steps=40, pid=7)
NEW = RunView(Path("runs/r"))


def _steps(*steps: int, every_s: float = 0.5) -> list[AnyProgress]:
    return [
        StepDone(t_unix_s=100 + every_s * s, step=s, epoch=0, values={"loss": 1 / (s + 1)})
        for s in steps
    ]


def test_a_run_begins_goes_on_and_ends() -> None:
    view = NEW.after([STARTED, *_steps(1, 2, 3)])
    assert (view.name, view.task, view.state, view.pid) == ("r", "pretrain", "running", 7)
    assert view.curves == {"loss": ((1, 0.5), (2, 1 / 3), (3, 0.25))}
    assert view.share_done == pytest.approx(3 / 40)
    view = view.after([RunFinished(t_unix_s=200, outcome="finished", result={"top1": 0.7})])
    assert view.state == "finished"
    assert view.result == {"top1": 0.7}
    assert not view.is_active


def test_batches_add_to_the_same_curve() -> None:
    at_once = NEW.after([STARTED, *_steps(1, 2, 3, 4)])
    in_two = NEW.after([STARTED, *_steps(1, 2)]).after(_steps(3, 4))
    assert at_once == in_two


def test_throughput_and_time_left() -> None:
    view = NEW.after([STARTED, *_steps(10, 20)])
    assert view.steps_per_s == pytest.approx(2.0)
    assert view.seconds_left == pytest.approx(10.0)
    assert summary(view) == "step 20 of 40 · 2 steps/s · 10 s left"
    assert NEW.after([STARTED, *_steps(10)]).seconds_left is None


def test_throughput_is_that_of_late() -> None:
    slow_then_fast = [*_steps(*range(0, 10), every_s=10), *_steps(*range(200, 230), every_s=1)]
    assert NEW.after([STARTED, *slow_then_fast]).steps_per_s == pytest.approx(1.0)


def test_a_resumed_run_starts_from_its_step_with_a_new_pid() -> None:
    resumed = STARTED.model_copy(update={"resumed_at_step": 20, "pid": 8})
    view = NEW.after([STARTED, *_steps(10, 20), resumed])
    assert (view.pid, view.step, view.state) == (8, 20, "running")
    assert view.steps_per_s is None


def test_failures_and_figures_are_kept() -> None:
    view = NEW.after(
        [
            STARTED,
            CheckpointSaved(t_unix_s=101, step=5, file="x"),
            MetricMeasured(t_unix_s=102, step=5, name="cc", value=0.4),
            RunFailed(t_unix_s=103, error="no space left"),
        ]
    )
    assert (view.state, view.message, view.result) == ("failed", "no space left", {"cc": 0.4})
    assert summary(view) == "failed · step 0 of 40"


def test_a_run_that_vanished_is_gone_and_one_that_never_began_has_failed() -> None:
    assert NEW.after([STARTED]).gone("why").state == "gone"
    assert NEW.gone("why").state == "failed"


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0 s"), (59, "59 s"), (150, "2 min"), (3600, "1 h 0 min")]
)
def test_durations(seconds: float, text: str) -> None:
    assert duration(seconds) == text
