"""Calibration and validation against the simulated tracker in its own process."""

from __future__ import annotations

from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

import pytest

from app.calibration.controller import CalibrationController, Pace
from app.calibration.points import CALIBRATION_POINTS, VALIDATION_POINTS
from gazecore.errors import ControlError
from gazecore.live_gaze import LiveGaze
from gazecore.messages import CalibrationDone, TargetHidden, TargetShown, ValidationDone
from gazecore.study.protocol import Calibration
from tests.app.calibration.conftest import SCREEN, Bench

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gazecore.control import Answer
    from gazecore.messages import AnyMarker


def _wait_phase(qtbot: QtBot, controller: CalibrationController, phase: str) -> None:
    qtbot.waitUntil(lambda: not controller.state.is_running, timeout=40000)
    assert controller.state.phase == phase, controller.state.message


def test_calibration_removes_the_trackers_error(qtbot: QtBot, bench: Bench) -> None:
    controller = bench.controller(Calibration(max_accuracy_deg=1.0))
    qtbot.waitUntil(lambda: bench.live.status().state == "live", timeout=15000)

    with qtbot.waitSignal(controller.eyes_changed, timeout=15000) as seen:
        controller.watch_eyes(True)
    controller.watch_eyes(False)
    assert seen.args[0].is_live

    controller.start_validation()
    _wait_phase(qtbot, controller, "validated")
    before = controller.state.validation
    assert before is not None
    assert before.accuracy_deg is not None
    assert before.accuracy_deg > 1.2
    assert not before.passed

    controller.start_calibration()
    _wait_phase(qtbot, controller, "calibrated")
    assert [p.point for p in controller.state.points] == list(CALIBRATION_POINTS[5])
    assert all(p.samples > 10 for p in controller.state.points)

    controller.redo(CALIBRATION_POINTS[5][1:3])
    _wait_phase(qtbot, controller, "calibrated")
    assert len(controller.state.points) == 5

    controller.start_validation()
    _wait_phase(qtbot, controller, "validated")
    after = controller.state.validation
    assert after is not None
    assert after.accuracy_deg is not None
    assert after.accuracy_deg < 0.7
    assert after.data_loss < 0.1
    assert after.passed
    with qtbot.waitSignal(controller.accepted) as accepted:
        controller.accept()
    assert accepted.args == [after]
    _check_markers(bench)


def _check_markers(bench: Bench) -> None:
    """Each target was announced and taken away, and each result published."""
    shown = [m for m in bench.sent if isinstance(m, TargetShown)]
    places = [(m.purpose, m.x_norm, m.y_norm) for m in shown]
    validated = [("validation", p.x_norm, p.y_norm) for p in VALIDATION_POINTS[4]]
    calibrated = [("calibration", p.x_norm, p.y_norm) for p in CALIBRATION_POINTS[5]]
    assert places == [*validated, *calibrated, *calibrated[1:3], *validated]
    assert len([m for m in bench.sent if isinstance(m, TargetHidden)]) == len(shown)
    assert [m.succeeded for m in bench.sent if isinstance(m, CalibrationDone)] == [True, True]
    assert [m.passed for m in bench.sent if isinstance(m, ValidationDone)] == [False, True]
    times = [m.t_s for m in bench.sent]
    assert times == sorted(times)


class Refusing:
    """Answers of a tracker that refuses some commands, in the order they were asked."""

    def __init__(self, **refusals: int) -> None:
        self.refusals = refusals
        self.asked: list[str] = []
        self.answer: Answer = {"succeeded": True, "points": []}

    def __call__(self, command: str, /, **arguments: Any) -> Future[Answer]:
        self.asked.append(command)
        future: Future[Answer] = Future()
        if self.refusals.get(command, 0) > 0:
            self.refusals[command] -= 1
            future.set_exception(ControlError(f"refused: {command}"))
        else:
            future.set_result(self.answer if command == "calibration_compute" else {})
        return future


def _controller(calls: Refusing, sent: list[AnyMarker]) -> CalibrationController:
    return CalibrationController(
        call_tracker=calls,
        publish=sent.append,
        live=LiveGaze("never started"),
        screen=SCREEN,
        settings=Calibration(),
        pace=Pace(0.001, 0.001, 0.001, 0.001),
    )


@pytest.mark.usefixtures("lsl_session")
def test_a_point_is_tried_twice_before_giving_up(qtbot: QtBot) -> None:
    calls = Refusing(calibration_collect=1)
    controller = _controller(calls, [])
    controller.start_calibration()
    _wait_phase(qtbot, controller, "calibrated")
    assert calls.asked.count("calibration_collect") == 6


@pytest.mark.usefixtures("lsl_session")
def test_a_tracker_that_refuses_is_left_and_the_reason_shown(qtbot: QtBot) -> None:
    calls = Refusing(calibration_collect=2)
    sent: list[AnyMarker] = []
    controller = _controller(calls, sent)
    controller.start_calibration()
    _wait_phase(qtbot, controller, "failed")
    assert controller.state.message == "refused: calibration_collect"
    assert calls.asked[-1] == "calibration_leave"
    assert isinstance(sent[-1], TargetHidden)


@pytest.mark.usefixtures("lsl_session")
def test_a_calibration_that_cannot_be_computed_says_that_the_old_one_stays(qtbot: QtBot) -> None:
    calls = Refusing()
    sent: list[AnyMarker] = []
    calls.answer = {"succeeded": False, "points": []}
    controller = _controller(calls, sent)
    controller.start_calibration()
    _wait_phase(qtbot, controller, "failed")
    assert "keeps the one before" in controller.state.message
    assert calls.asked[-1] == "calibration_leave"
    assert [m.succeeded for m in sent if isinstance(m, CalibrationDone)] == [False]


@pytest.mark.usefixtures("lsl_session")
def test_cancelling_hides_the_target_and_leaves_the_tracker(qtbot: QtBot) -> None:
    calls = Refusing()
    sent: list[AnyMarker] = []
    controller = _controller(calls, sent)
    controller.start_calibration()
    qtbot.waitUntil(lambda: controller.state.target is not None)
    with qtbot.waitSignal(controller.cancelled):
        controller.cancel()
    assert calls.asked[-1] == "calibration_leave"
    assert isinstance(sent[-1], TargetHidden)
    asked = len(calls.asked)
    qtbot.wait(30)
    assert len(calls.asked) == asked


@pytest.mark.usefixtures("lsl_session")
def test_without_gaze_the_validation_fails_honestly(qtbot: QtBot) -> None:
    controller = _controller(Refusing(), [])
    controller.start_validation()
    _wait_phase(qtbot, controller, "validated")
    validation = controller.state.validation
    assert validation is not None
    assert (validation.accuracy_deg, validation.data_loss, validation.passed) == (None, 1.0, False)


@pytest.mark.usefixtures("lsl_session")
def test_nothing_can_be_accepted_before_a_validation(qtbot: QtBot) -> None:
    controller = _controller(Refusing(), [])
    with qtbot.assertNotEmitted(controller.accepted):
        controller.accept()
        controller.redo(())
