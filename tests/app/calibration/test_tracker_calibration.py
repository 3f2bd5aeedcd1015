"""The verbs of a calibration as a tracker hears them."""

from __future__ import annotations

from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

import pytest

from app.calibration.points import TargetPoint
from app.calibration.targets import Targets
from app.calibration.tracker_calibration import TrackerCalibration
from gazecore.errors import CalibrationFailedError, FocusStationError
from tests.app.calibration.conftest import QUICK, Refusing

if TYPE_CHECKING:
    from app.calibration.steps import Steps

pytestmark = pytest.mark.usefixtures("lsl_session")
POINTS = (TargetPoint(0.5, 0.5), TargetPoint(0.1, 0.1))


def play(steps: Steps) -> None:
    """Run steps at once: every future is done, no pause is waited for."""
    value: Any = None
    error: FocusStationError | None = None
    while True:
        try:
            wanted = steps.send(value) if error is None else steps.throw(error)
        except StopIteration:
            return
        value = error = None
        if isinstance(wanted, Future):
            try:
                value = wanted.result()
            except FocusStationError as failure:
                error = failure


def made(calls: Refusing) -> TrackerCalibration:
    return TrackerCalibration(calls, Targets(lambda _marker: None, lambda _point: None, QUICK))


def test_points_are_collected_in_order_and_computed_once() -> None:
    calls = Refusing()
    tracker = made(calls)
    play(tracker.collect(POINTS))
    assert tracker.is_on
    answers: list[object] = []
    play(tracker.compute(answers.append))
    play(tracker.leave())
    assert not tracker.is_on
    assert calls.asked == [
        "calibration_start",
        "calibration_collect",
        "calibration_collect",
        "calibration_compute",
        "calibration_leave",
    ]
    assert answers == [calls.answer]
    assert tracker.active == "new"


def test_a_point_that_is_redone_is_discarded_first() -> None:
    calls = Refusing()
    tracker = made(calls)
    play(tracker.collect(POINTS))
    calls.asked.clear()
    play(tracker.collect(POINTS[:1], again=True))
    assert calls.asked == ["calibration_discard", "calibration_collect"]


def test_leaving_twice_asks_once() -> None:
    calls = Refusing()
    tracker = made(calls)
    play(tracker.leave())
    tracker.abandon()
    assert calls.asked == []
    play(tracker.collect(POINTS[:1]))
    tracker.abandon()
    tracker.abandon()
    assert calls.asked.count("calibration_leave") == 1


@pytest.mark.parametrize(
    ("answer", "active"),
    [
        ({"succeeded": False, "active": "none"}, "none"),
        ({"succeeded": False, "active": "previous"}, "previous"),
        ({"succeeded": False}, "unknown"),
    ],
)
def test_the_tracker_says_what_is_active(answer: dict[str, object], active: str) -> None:
    calls = Refusing()
    calls.answer = answer
    tracker = made(calls)
    with pytest.raises(CalibrationFailedError) as caught:
        play(tracker.compute(lambda _answer: None))
    assert caught.value.active == tracker.active == active


def test_data_goes_and_comes_as_bytes() -> None:
    calls = Refusing()
    calls.answers["calibration_data"] = {"data": "AAH/"}
    tracker = made(calls)
    got: list[bytes | None] = []
    play(tracker.data(got.append))
    calls.answers["calibration_data"] = {"data": None}
    play(tracker.data(got.append))
    calls.refusals["calibration_data"] = 1
    play(tracker.data(got.append))
    assert got == [b"\x00\x01\xff", None, None]
    play(tracker.apply(b"old"))
    assert tracker.active == "new"
