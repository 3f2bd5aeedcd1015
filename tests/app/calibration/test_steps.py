"""A sequence of steps: pauses and futures in order, errors thrown in, giving up is silent."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from app.calibration.steps import StepRunner, Steps
from gazecore.errors import ControlError

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def test_steps_run_in_order_and_get_the_futures_results(qtbot: QtBot) -> None:
    seen: list[object] = []
    runner = StepRunner()
    with ThreadPoolExecutor(1) as worker:

        def steps() -> Steps:
            seen.append("began")
            yield 0.001
            seen.append((yield worker.submit(lambda: 42)))
            yield 0.0
            seen.append("ended")

        with qtbot.waitSignal(runner.finished):
            runner.run(steps())
            assert runner.is_running
    assert seen == ["began", 42, "ended"]
    assert not runner.is_running


def test_an_error_is_thrown_in_and_may_be_handled(qtbot: QtBot) -> None:
    tries: list[str] = []

    def failing() -> Future[Any]:
        future: Future[Any] = Future()
        future.set_exception(ControlError("no eyes"))
        return future

    def steps() -> Steps:
        try:
            yield failing()
        except ControlError as error:
            tries.append(str(error))
        yield failing()

    runner = StepRunner()
    with qtbot.waitSignal(runner.failed) as failed:
        runner.run(steps())
    assert tries == ["no eyes"]
    assert failed.args == ["no eyes"]
    assert not runner.is_running


def test_giving_up_runs_nothing_more_and_closes_the_steps(qtbot: QtBot) -> None:
    closed: list[str] = []
    late: Future[Any] = Future()

    def steps() -> Steps:
        try:
            yield late
            closed.append("went on")
        finally:
            closed.append("closed")

    runner = StepRunner()
    runner.run(steps())
    with qtbot.assertNotEmitted(runner.finished, wait=30):
        runner.stop()
        late.set_result(1)
    assert closed == ["closed"]


def test_new_steps_replace_those_running(qtbot: QtBot) -> None:
    seen: list[int] = []

    def steps(number: int) -> Steps:
        yield 0.005
        seen.append(number)

    runner = StepRunner()
    runner.run(steps(1))
    with qtbot.waitSignal(runner.finished):
        runner.run(steps(2))
    qtbot.wait(20)
    assert seen == [2]
