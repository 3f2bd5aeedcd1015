"""Calibration and validation against the simulated tracker in its own process."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.calibration.controller import CalibrationController, CalibrationMade
from app.calibration.plan import CalibrationPlan
from app.calibration.points import CALIBRATION_POINTS, VALIDATION_POINTS
from app.calibration.targets import Pace
from gazecore.live_gaze import LiveGaze
from gazecore.messages import (
    CalibrationDone,
    ScreenState,
    TargetHidden,
    TargetShown,
    ValidationDone,
)
from gazecore.study.kept_calibration import KeptCalibration, TrackerIdentity
from gazecore.study.protocol import Calibration
from tests.app.calibration.conftest import QUICK, SCREEN, Bench, Refusing

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

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

    controller.toggle_point(1)
    controller.toggle_point(2)
    controller.redo(controller.state.marked_points)
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
    assert after.angles == "3d"
    assert after.fit_zoom == 0.5
    assert after.accuracy_image_px is not None
    assert {target.angles for target in after.targets} == {"3d"}
    for target in after.targets:
        assert target.samples > 30
        assert target.gaze_x_norm is not None
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


def _controller(
    calls: Refusing, sent: list[AnyMarker], plan: CalibrationPlan | None = None
) -> CalibrationController:
    return CalibrationController(
        call_tracker=calls,
        publish=sent.append,
        live=LiveGaze("never started"),
        plan=plan or CalibrationPlan(Calibration(), SCREEN),
        pace=QUICK,
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
    assert controller.state.message.startswith(
        "the tracker collected no gaze at a target: refused: calibration_collect"
    )
    assert calls.asked[-1] == "calibration_leave"
    assert isinstance(sent[-1], TargetHidden)


@pytest.mark.usefixtures("lsl_session")
def test_a_calibration_that_cannot_be_computed_says_that_the_old_one_stays(qtbot: QtBot) -> None:
    calls = Refusing()
    sent: list[AnyMarker] = []
    calls.answer = {"succeeded": False, "active": "previous", "points": []}
    controller = _controller(calls, sent)
    controller.start_calibration()
    _wait_phase(qtbot, controller, "failed")
    assert "the previous calibration stays active" in controller.state.message
    assert calls.asked[-1] == "calibration_leave"
    (marker,) = [m for m in sent if isinstance(m, CalibrationDone)]
    assert (marker.succeeded, marker.active) == (False, "previous")


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


@pytest.mark.usefixtures("lsl_session")
@pytest.mark.parametrize(
    ("step", "said"),
    [
        ("calibration_start", "did not enter calibration"),
        ("calibration_collect", "collected no gaze at a target"),
        ("calibration_compute", "could not compute a calibration"),
        ("calibration_leave", "did not leave calibration"),
    ],
)
@pytest.mark.parametrize(
    ("data", "active"), [("AAAA", "previous calibration stays"), (None, "no calibration is")]
)
def test_a_failure_at_each_step_says_which_calibration_is_active(
    qtbot: QtBot, step: str, said: str, data: str | None, active: str
) -> None:
    calls = Refusing(**{step: 3})
    calls.answers["calibration_data"] = {"data": data}
    controller = _controller(calls, [])
    controller.start_calibration()
    if step == "calibration_leave":
        _wait_phase(qtbot, controller, "calibrated")
        controller.start_validation()
        active = "the new calibration is active"
    _wait_phase(qtbot, controller, "failed")
    message = controller.state.message
    assert said in message
    assert active in message
    assert "\n" not in message


@pytest.mark.usefixtures("lsl_session")
def test_a_tracker_that_stores_nothing_is_not_claimed_to(qtbot: QtBot) -> None:
    controller = _controller(Refusing(calibration_start=1, calibration_data=1), [])
    controller.start_calibration()
    _wait_phase(qtbot, controller, "failed")
    assert "from before, if any, stays active" in controller.state.message


@pytest.mark.usefixtures("lsl_session")
def test_after_a_success_the_next_failure_keeps_it(qtbot: QtBot) -> None:
    calls = Refusing()
    controller = _controller(calls, [])
    controller.start_calibration()
    _wait_phase(qtbot, controller, "calibrated")
    calls.refusals["calibration_collect"] = 2
    controller.start_calibration()
    _wait_phase(qtbot, controller, "failed")
    assert "the previous calibration stays active" in controller.state.message


@pytest.mark.usefixtures("lsl_session")
@pytest.mark.parametrize("at", ["calibrating", "validating", "calibrated", "validated"])
def test_leaving_at_each_step_is_clean(qtbot: QtBot, at: str) -> None:
    calls = Refusing()
    sent: list[AnyMarker] = []
    controller = _controller(calls, sent)
    if at in ("calibrating", "calibrated"):
        controller.start_calibration()
    else:
        controller.start_validation()
    qtbot.waitUntil(lambda: controller.state.phase == at, timeout=20000)
    controller.cancel()
    asked = len(calls.asked)
    qtbot.wait(30)
    assert len(calls.asked) == asked
    assert controller.state.phase == "ready"
    assert calls.asked.count("calibration_start") == calls.asked.count("calibration_leave")
    shown = [m for m in sent if isinstance(m, TargetShown | TargetHidden)]
    assert not shown or isinstance(shown[-1], TargetHidden)


@pytest.mark.usefixtures("lsl_session")
def test_the_trackers_own_data_is_handed_on(qtbot: QtBot) -> None:
    calls = Refusing()
    calls.answers["calibration_data"] = {"data": "AP8="}
    calls.answer = {
        "succeeded": True,
        "active": "new",
        "points": [{"x_norm": 0.5, "y_norm": 0.5, "samples": 9, "offset_deg": 0.2}],
    }
    controller = _controller(calls, [])
    made: list[CalibrationMade] = []
    controller.calibration_made.connect(made.append)
    controller.start_calibration()
    _wait_phase(qtbot, controller, "calibrated")
    qtbot.waitUntil(lambda: bool(made))
    assert made[0].data == b"\x00\xff"
    assert (made[0].marker.active, made[0].marker.targets[0].samples) == ("new", 9)


@pytest.mark.usefixtures("lsl_session")
def test_an_earlier_calibration_is_never_used_without_a_check(qtbot: QtBot) -> None:
    kept = KeptCalibration.of(
        b"old",
        session_id="session-0001",
        reader_id="r1",
        made_utc="2026-01-02T03:04:05.000+00:00",
        tracker=TrackerIdentity(driver="tobii"),
        screen=ScreenState(
            width_px=1920, height_px=1080, width_mm=600, height_mm=340, distance_mm=650
        ),
    )
    calls = Refusing()
    sent: list[AnyMarker] = []
    controller = _controller(calls, sent, CalibrationPlan(Calibration(), SCREEN, kept=kept))
    controller.reapply()
    _wait_phase(qtbot, controller, "validated")
    assert calls.asked[0] == "calibration_apply"
    kinds = [m.kind for m in sent if m.kind in ("calibration", "validation")]
    assert kinds == ["calibration", "validation"]
    marker = next(m for m in sent if isinstance(m, CalibrationDone))
    assert (marker.source, marker.detail) == (
        "reapplied",
        "made 2026-01-02T03:04:05.000+00:00 in session-0001",
    )
    refused = _controller(
        Refusing(calibration_apply=1), [], CalibrationPlan(Calibration(), SCREEN, kept=kept)
    )
    refused.reapply()
    _wait_phase(qtbot, refused, "failed")
    assert "did not take the earlier calibration" in refused.state.message


@pytest.mark.usefixtures("lsl_session")
def test_a_tracker_of_others_is_only_checked(qtbot: QtBot) -> None:
    calls = Refusing()
    plan = CalibrationPlan(Calibration(), SCREEN, can_calibrate=False)
    controller = _controller(calls, [], plan)
    controller.start_calibration()
    assert controller.state.phase == "ready"
    with qtbot.waitSignal(controller.accepted) as accepted:
        controller.go_on_unchecked()
    assert accepted.args == [None]
    controller.start_validation()
    _wait_phase(qtbot, controller, "validated")
    assert calls.asked == []


@pytest.mark.usefixtures("lsl_session")
def test_points_can_be_redone_only_while_the_tracker_calibrates(qtbot: QtBot) -> None:
    calls = Refusing()
    calls.answer = {
        "succeeded": True,
        "points": [{"x_norm": 0.5, "y_norm": 0.5, "samples": 9, "offset_deg": 0.2}],
    }
    controller = _controller(calls, [])
    controller.start_calibration()
    _wait_phase(qtbot, controller, "calibrated")
    controller.start_validation()
    _wait_phase(qtbot, controller, "validated")
    asked = list(calls.asked)
    controller.redo(CALIBRATION_POINTS[5][:1])
    controller.toggle_point(0)
    assert calls.asked == asked
    assert controller.state.marked == frozenset()


@pytest.mark.usefixtures("lsl_session")
@pytest.mark.parametrize("points", [5, 9, 13])
def test_as_many_points_as_the_protocol_says(qtbot: QtBot, points: int) -> None:
    sent: list[AnyMarker] = []
    settings = Calibration.model_validate({"points": points, "validation_points": 13})
    controller = _controller(Refusing(), sent, CalibrationPlan(settings, SCREEN))
    controller.start_calibration()
    _wait_phase(qtbot, controller, "calibrated")
    controller.start_validation()
    _wait_phase(qtbot, controller, "validated")
    shown = [m.purpose for m in sent if isinstance(m, TargetShown)]
    assert (shown.count("calibration"), shown.count("validation")) == (points, 13)


def test_the_simulated_tracker_fails_at_a_step_and_says_what_holds(
    qtbot: QtBot, make_bench: Callable[..., Bench]
) -> None:
    """Entering fails once, then computing; the third time all goes well."""
    bench = make_bench(
        [
            {"kind": "calibration", "step": "start", "times": 1},
            {"kind": "calibration", "step": "compute", "times": 1},
        ]
    )
    controller = bench.controller(pace=Pace(settle_s=0.3, measure_s=0.1, between_s=0.02))
    said = []
    for _ in range(2):
        controller.start_calibration()
        _wait_phase(qtbot, controller, "failed")
        said.append(controller.state.message)
    controller.start_calibration()
    _wait_phase(qtbot, controller, "calibrated")
    assert said[0].startswith("the tracker did not enter calibration: ")
    assert said[1].startswith("the tracker could not compute a calibration: ")
    for message in said:
        assert message.endswith("(no calibration is active)")
    controller.stop()
