"""Calibrating a Tobii tracker step by step over both SDKs, and failing at each step."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest

from gazecore.devices.tobii_calibration import LEFT_ALONE_S, TobiiCalibration
from gazecore.errors import TrackerError
from gazecore.lsl import clock_s
from tests.gazecore.devices import fake_tracker as bench

if TYPE_CHECKING:
    from tests.gazecore.devices.conftest import Bench

COLLECT = "screen_based_calibration_collect_data"


@pytest.fixture
def calibration(tobii_bench: Bench) -> TobiiCalibration:
    return TobiiCalibration(tobii_bench.sdk, tobii_bench.connect(), (527.0, 296.0))


def test_a_calibration_from_start_to_end(calibration: TobiiCalibration, tobii_bench: Bench) -> None:
    calibration.start()
    for target in [(0.5, 0.5), (0.1, 0.1)]:
        calibration.collect(*target)
    result = calibration.compute()
    calibration.leave()
    assert (result.succeeded, result.active) == (True, "new")
    assert not tobii_bench.device.calibrating
    assert [(p.x_norm, p.y_norm) for p in result.points] == [(0.5, 0.5), (0.1, 0.1)]
    centre = result.points[0]
    assert centre.left is not None
    assert centre.right is not None
    assert (centre.left.samples_used, centre.left.samples) == (2, 4)
    assert (centre.right.samples_used, centre.right.samples) == (3, 4)
    assert centre.left.offset_deg == pytest.approx(0.0, abs=1e-9)
    # The right eye is .01 of the width to the right of the target.
    expected_deg = math.degrees(math.atan(0.01 * 527 / 650))
    assert centre.right.offset_deg == pytest.approx(expected_deg, rel=1e-6)
    # Three of the five samples used are those of the right eye.
    assert centre.samples == 5
    expected_deg = math.degrees(math.atan(0.006 * 527 / 650))
    assert centre.offset_deg == pytest.approx(expected_deg, rel=1e-6)


def test_offsets_are_at_the_eyes_distance(tobii_bench: Bench) -> None:
    calibration = TobiiCalibration(
        tobii_bench.sdk, tobii_bench.connect(), (527.0, 296.0), lambda: 500.0
    )
    calibration.start()
    for target in [(0.5, 0.5), (0.1, 0.1)]:
        calibration.collect(*target)
    right = calibration.compute().points[0].right
    calibration.leave()
    assert right is not None
    assert right.offset_deg == pytest.approx(math.degrees(math.atan(0.01 * 527 / 500)), rel=1e-6)


def test_without_a_display_area_no_offset_is_told(tobii_bench: Bench) -> None:
    calibration = TobiiCalibration(tobii_bench.sdk, tobii_bench.connect(), None)
    calibration.start()
    for target in [(0.5, 0.5), (0.1, 0.1)]:
        calibration.collect(*target)
    point = calibration.compute().points[0]
    calibration.leave()
    assert (point.samples, point.offset_deg) == (5, None)


def test_collecting_is_tried_once_more(calibration: TobiiCalibration, tobii_bench: Bench) -> None:
    tobii_bench.device.script[COLLECT] = [bench.OPERATION_FAILED]
    calibration.start()
    calibration.collect(0.5, 0.5)
    assert tobii_bench.device.collected == [(0.5, 0.5)]


def test_collecting_that_fails_twice_is_said(
    calibration: TobiiCalibration, tobii_bench: Bench
) -> None:
    tobii_bench.device.script[COLLECT] = [bench.OPERATION_FAILED] * 2
    calibration.start()
    with pytest.raises(TrackerError, match="look at it and collect again"):
        calibration.collect(0.5, 0.5)
    assert tobii_bench.device.collected == []
    calibration.collect(0.5, 0.5)
    assert tobii_bench.device.collected == [(0.5, 0.5)]


def test_the_same_target_is_never_collected_twice_in_a_row(
    calibration: TobiiCalibration, tobii_bench: Bench
) -> None:
    """The SDK would merge them into one point."""
    calibration.start()
    calibration.collect(0.5, 0.5)
    calibration.collect(0.5, 0.5)
    assert tobii_bench.device.collected == [(0.5, 0.5)]
    steps = [c.rpartition("_calibration_")[2] for c in tobii_bench.device.calls]
    assert steps[-3:] == ["collect_data", "discard_data", "collect_data"]


def test_a_bad_target_is_done_again(calibration: TobiiCalibration, tobii_bench: Bench) -> None:
    calibration.start()
    for target in [(0.5, 0.5), (0.1, 0.1), (0.9, 0.9)]:
        calibration.collect(*target)
    calibration.compute()
    calibration.discard(0.1, 0.1)
    assert tobii_bench.device.collected == [(0.5, 0.5), (0.9, 0.9)]
    calibration.collect(0.1, 0.1)
    result = calibration.compute()
    assert {(p.x_norm, p.y_norm) for p in result.points} == {(0.5, 0.5), (0.1, 0.1), (0.9, 0.9)}
    with pytest.raises(TrackerError, match="nothing was collected"):
        calibration.discard(0.2, 0.2)
    calibration.leave()


def test_a_failed_calibration_names_its_targets_and_what_stays_active(
    calibration: TobiiCalibration, tobii_bench: Bench
) -> None:
    calibration.start()
    calibration.collect(0.5, 0.5)
    result = calibration.compute()
    assert (result.succeeded, result.active) == (False, "previous")
    assert [(p.x_norm, p.samples, p.offset_deg) for p in result.points] == [(0.5, 0, None)]
    assert tobii_bench.device.stored == b"calibration of before"
    tobii_bench.device.stored = b""
    assert calibration.compute().active == "none"
    tobii_bench.device.script["calibration_retrieve"] = [bench.CONNECTION_FAILED]
    assert calibration.compute().active == "previous"
    calibration.leave()


@pytest.mark.parametrize(
    ("step", "call"),
    [
        ("start", "calibration_enter_calibration_mode"),
        ("collect", COLLECT),
        ("discard", "screen_based_calibration_discard_data"),
        ("compute", "calibration_compute_and_apply"),
        ("compute", "screen_based_calibration_get_calibration_points"),
        ("leave", "calibration_leave_calibration_mode"),
    ],
)
def test_a_failure_at_each_step_is_one_line_and_the_next_try_works(
    calibration: TobiiCalibration, tobii_bench: Bench, step: str, call: str
) -> None:
    targets = [(0.5, 0.5), (0.1, 0.1)]
    if step != "start":
        calibration.start()
        for target in targets:
            calibration.collect(*target)
    tobii_bench.device.script[call] = [bench.CONNECTION_FAILED]
    arguments = targets[1] if step in {"collect", "discard"} else ()
    with pytest.raises(TrackerError, match="se_connection_failed"):
        getattr(calibration, step)(*arguments)
    calibration.leave()
    tobii_bench.device.calibrating = False
    calibration.start()
    for target in targets:
        calibration.collect(*target)
    assert calibration.compute().succeeded
    calibration.leave()


def test_starting_again_leaves_the_one_before(
    calibration: TobiiCalibration, tobii_bench: Bench
) -> None:
    calibration.start()
    calibration.start()
    assert tobii_bench.device.calibrating
    calibration.leave()
    calibration.leave()
    assert not tobii_bench.device.calibrating


def test_another_program_calibrating_is_said(
    calibration: TobiiCalibration, tobii_bench: Bench
) -> None:
    tobii_bench.device.calibrating = True
    with pytest.raises(TrackerError, match=r"already_started.*close other programs"):
        calibration.start()
    with pytest.raises(TrackerError, match="calibration_start"):
        calibration.collect(0.5, 0.5)


def test_a_calibration_is_stored_and_applied(
    calibration: TobiiCalibration, tobii_bench: Bench
) -> None:
    assert calibration.data() == b"calibration of before"
    calibration.apply(b"of another day")
    assert tobii_bench.device.stored == b"of another day"
    for nothing in (b"", None):
        tobii_bench.device.stored = nothing
        assert calibration.data() is None
    tobii_bench.device.stored = "text"
    with pytest.raises(TrackerError, match="its calibration"):
        calibration.data()


def test_a_refused_calibration_is_said(calibration: TobiiCalibration, tobii_bench: Bench) -> None:
    tobii_bench.device.script["calibration_apply"] = [bench.INVALID_PARAMETER]
    with pytest.raises(TrackerError, match="to apply a stored calibration"):
        calibration.apply(b"of another model")


def test_a_calibration_in_use_is_not_left(
    calibration: TobiiCalibration, tobii_bench: Bench
) -> None:
    assert not calibration.leave_if_alone(clock_s() + LEFT_ALONE_S)
    calibration.start()
    assert not calibration.leave_if_alone(clock_s())
    calibration.collect(0.5, 0.5)
    assert not calibration.leave_if_alone(clock_s() + LEFT_ALONE_S - 1)
    assert calibration.leave_if_alone(clock_s() + LEFT_ALONE_S + 1)
    assert not tobii_bench.device.calibrating
