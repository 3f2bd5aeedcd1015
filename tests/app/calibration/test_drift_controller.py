"""The drift check against the simulated tracker, and every way out of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.calibration.drift_controller import DriftController
from app.calibration.plan import CalibrationPlan
from app.calibration.targets import Pace
from gazecore.live_gaze import LiveGaze
from gazecore.messages import DriftChecked, TargetHidden, TargetShown
from gazecore.study.protocol import Calibration
from tests.app.calibration.conftest import QUICK, SCREEN, Bench

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gazecore.messages import AnyMarker


def controller_of(
    bench: Bench, max_drift_deg: float, *, pace: Pace | None = None
) -> DriftController:
    return DriftController(
        publish=bench.publish,
        live=bench.live,
        plan=CalibrationPlan(Calibration(max_drift_deg=max_drift_deg), SCREEN),
        pace=pace or Pace(settle_s=0.5, measure_s=0.3, between_s=0.02),
    )


def test_gaze_near_the_target_passes_without_a_word(qtbot: QtBot, bench: Bench) -> None:
    bench.wait_until_followed(qtbot)
    controller = controller_of(bench, 4.0)
    with qtbot.waitSignal(controller.finished, timeout=10000):
        controller.start("cases")
    (marker,) = [m for m in bench.sent if isinstance(m, DriftChecked)]
    assert (marker.passed, marker.check, marker.reason, marker.outcome) == (
        True,
        "target",
        "cases",
        "",
    )
    assert marker.distance_deg is not None
    assert 1.2 < marker.distance_deg < 3.0
    shown = [m for m in bench.sent if isinstance(m, TargetShown)]
    assert [(m.purpose, m.x_norm, m.y_norm) for m in shown] == [("drift", 0.5, 0.5)]


def test_gaze_beside_it_is_looked_at_again_and_then_asks(qtbot: QtBot, bench: Bench) -> None:
    bench.wait_until_followed(qtbot)
    controller = controller_of(bench, 0.5)
    checked: list[DriftChecked] = []
    controller.checked.connect(checked.append)
    controller.start("eyes_away")
    qtbot.waitUntil(lambda: controller.state.is_asking, timeout=15000)
    assert len([m for m in bench.sent if isinstance(m, TargetShown)]) == 2
    assert checked == []
    with qtbot.waitSignal(controller.finished):
        controller.go_on()
    (marker,) = checked
    assert (marker.passed, marker.outcome, marker.reason) == (False, "went_on", "eyes_away")
    controller.go_on()
    assert len(checked) == 1


def _blind(sent: list[AnyMarker]) -> DriftController:
    return DriftController(
        publish=sent.append,
        live=LiveGaze("nothing"),
        plan=CalibrationPlan(Calibration(), SCREEN),
        pace=QUICK,
    )


@pytest.mark.usefixtures("lsl_session")
def test_a_reader_can_look_again_or_recalibrate(qtbot: QtBot) -> None:
    sent: list[AnyMarker] = []
    controller = _blind(sent)
    controller.start("cases")
    qtbot.waitUntil(lambda: controller.state.is_asking, timeout=10000)
    controller.look_again()
    assert controller.state.phase == "looking"
    qtbot.waitUntil(lambda: controller.state.is_asking, timeout=10000)
    with qtbot.waitSignal(controller.recalibration_requested):
        controller.recalibrate()
    outcomes = [m.outcome for m in sent if isinstance(m, DriftChecked)]
    assert outcomes == ["again", "recalibrated"]
    assert not controller.state.is_asking
    controller.ask_again()
    assert controller.state.is_asking


@pytest.mark.usefixtures("lsl_session")
@pytest.mark.parametrize("at", ["looking", "failed"])
def test_the_check_can_be_left_at_any_moment(qtbot: QtBot, at: str) -> None:
    sent: list[AnyMarker] = []
    controller = _blind(sent)
    controller.start("clicks")
    qtbot.waitUntil(lambda: controller.state.phase == at, timeout=10000)
    with qtbot.waitSignal(controller.finished):
        controller.leave()
    marker = sent[-1]
    assert isinstance(marker, DriftChecked)
    assert (marker.passed, marker.outcome, marker.reason) == (False, "left", "clicks")
    shown = [m for m in sent if isinstance(m, TargetShown | TargetHidden)]
    assert isinstance(shown[-1], TargetHidden)
    count = len(sent)
    qtbot.wait(50)
    assert len(sent) == count
