from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gazecore.preflight import worst

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from app.preflight.controller import PreflightController, PreflightPlan

WAIT_MS = 20_000


def test_all_well_goes_on_by_itself(
    qtbot: QtBot, controller: PreflightController, plan: PreflightPlan
) -> None:
    with qtbot.waitSignal(controller.passed, timeout=WAIT_MS) as passed:
        controller.look(plan)
        assert not controller.state.results
    assert passed.args is not None
    results = passed.args[0]
    assert [r.what for r in results] == ["Tracker", "Eyes", "Markers", "Disk", "Screen", "Clock"]
    assert worst(results) != "stop"
    controller.go_on()  # a late key changes nothing
    assert controller.state.phase == "going_on"


def test_a_stop_waits_for_a_person_and_says_what_to_do(
    qtbot: QtBot, controller: PreflightController, plan: PreflightPlan
) -> None:
    controller.look(replace(plan, folder=plan.folder / "nowhere"))
    qtbot.waitUntil(lambda: controller.state.phase == "done", timeout=WAIT_MS)
    assert controller.state.level == "stop"
    controller.go_on()
    assert controller.state.phase == "done"
    (plan.folder / "nowhere").mkdir()
    controller.look_again()
    qtbot.waitUntil(lambda: controller.state.phase == "done", timeout=WAIT_MS)
    assert controller.state.may_go_on
    controller.cancel()
    controller.go_on()
    assert controller.state.phase == "done"


def test_one_who_leaves_is_told_why(
    qtbot: QtBot, controller: PreflightController, plan: PreflightPlan
) -> None:
    controller.look(replace(plan, refusal=lambda: "a scene camera's gaze"))
    qtbot.waitUntil(lambda: controller.state.phase == "done", timeout=WAIT_MS)
    with qtbot.waitSignal(controller.left) as left:
        controller.leave()
    assert left.args is not None
    assert "a scene camera's gaze" in left.args[0]
    controller.leave()
