"""A distortion and its correction: closed forms, failures, leaving what was there."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazecore.devices.simulated_calibration import (
    COLLECT_S,
    IDENTITY,
    Affine,
    SimulatedCalibration,
    distortion,
    fit_correction,
)
from gazecore.errors import TrackerError
from gazecore.synthetic.stimulus import DEFAULT_SCREEN

NINE = tuple((x, y) for x in (0.1, 0.5, 0.9) for y in (0.1, 0.5, 0.9))


class Bench:
    """A calibration whose clock runs on its samples: each collect hears `gaze(target)`."""

    def __init__(self, *, is_exact: bool = False) -> None:
        self.now_s = 0.0
        self.shown: list[tuple[float, float] | None] = []
        self.calibration = SimulatedCalibration(
            lambda: DEFAULT_SCREEN, lambda: self.now_s, self._show, is_exact=is_exact
        )

    def _show(self, target: tuple[float, float] | None) -> float:
        self.shown.append(target)
        return 0.0

    def collect(self, target: tuple[float, float], gaze: tuple[float, float] | None) -> None:
        thread = threading.Thread(target=self.calibration.collect, args=target)
        thread.start()
        start_s = self.now_s
        while thread.is_alive():
            if self.shown and self.shown[-1] == target:
                self.now_s += 0.01
                self.calibration.remember(self.now_s, gaze, gaze)
            thread.join(0.0005)
        assert self.now_s >= start_s + COLLECT_S


def shifted(point: tuple[float, float]) -> tuple[float, float]:
    return point[0] * 1.01 + 0.02, point[1] * 0.99 - 0.01


def test_a_distortion_is_undone() -> None:
    bench = Bench()
    bench.calibration.start()
    for target in NINE:
        bench.collect(target, shifted(target))
    result = bench.calibration.compute()
    bench.calibration.leave()
    assert result.succeeded
    assert {(p.x_norm, p.y_norm) for p in result.points} == set(NINE)
    assert all(p.samples >= 20 for p in result.points)
    assert max(p.offset_deg or 0.0 for p in result.points) < 1e-6
    for point in [(0.0, 0.0), (0.3, 0.8), (1.2, -0.1)]:
        corrected = bench.calibration.correction.apply(*shifted(point))
        assert corrected == pytest.approx(point, abs=1e-9)


def test_a_target_nobody_looked_at_is_left_out() -> None:
    bench = Bench()
    bench.calibration.start()
    for target in NINE[:-1]:
        bench.collect(target, shifted(target))
    bench.collect(NINE[-1], (0.1, 0.1))
    result = bench.calibration.compute()
    assert result.succeeded
    assert [p.samples for p in result.points][-1] == 0
    assert result.points[-1].offset_deg is None


@pytest.mark.parametrize("gaze", [None, (0.0, 0.5)], ids=["eyes lost", "looking away"])
def test_a_failed_calibration_leaves_the_one_before(gaze: tuple[float, float] | None) -> None:
    bench = Bench()
    bench.calibration.start()
    bench.collect((0.5, 0.5), (0.52, 0.5))
    assert bench.calibration.compute().succeeded
    before = bench.calibration.correction
    bench.calibration.start()
    bench.collect((0.5, 0.5), gaze)
    assert not bench.calibration.compute().succeeded
    assert bench.calibration.correction == before != IDENTITY


def test_nothing_collected_is_a_failure() -> None:
    bench = Bench()
    bench.calibration.start()
    assert not bench.calibration.compute().succeeded


def test_a_discarded_target_is_gone_and_may_be_collected_again() -> None:
    bench = Bench()
    bench.calibration.start()
    bench.collect((0.5, 0.5), (0.9, 0.9))
    bench.calibration.discard(0.5, 0.5)
    with pytest.raises(TrackerError, match="nothing was collected"):
        bench.calibration.discard(0.5, 0.5)
    bench.collect((0.5, 0.5), (0.51, 0.5))
    assert bench.calibration.compute().succeeded


def test_an_exact_tracker_stays_exact() -> None:
    bench = Bench(is_exact=True)
    bench.calibration.start()
    bench.collect((0.5, 0.5), (0.501, 0.499))
    assert bench.calibration.compute().succeeded
    assert bench.calibration.correction == IDENTITY


def test_before_the_start_and_after_the_end_it_is_refused() -> None:
    calibration = Bench().calibration
    for act in (
        lambda: calibration.collect(0.5, 0.5),
        lambda: calibration.discard(0.5, 0.5),
        calibration.compute,
    ):
        with pytest.raises(TrackerError, match="calibration_start"):
            act()
    calibration.start()
    calibration.leave()
    with pytest.raises(TrackerError):
        calibration.compute()
    calibration.leave()


def test_the_reader_is_shown_the_target_and_then_nothing() -> None:
    bench = Bench()
    bench.calibration.start()
    bench.collect((0.1, 0.9), (0.1, 0.9))
    bench.calibration.leave()
    assert bench.shown == [(0.1, 0.9), None]


@pytest.mark.parametrize("offset_deg", [0.5, 1.0, 3.0])
def test_the_distortion_at_the_centre_is_the_offset_asked_for(offset_deg: float) -> None:
    for seed in range(5):
        x, y = distortion(np.random.default_rng(seed), offset_deg, DEFAULT_SCREEN).apply(0.5, 0.5)
        found = DEFAULT_SCREEN.angle_deg(
            DEFAULT_SCREEN.from_norm([x, y]), DEFAULT_SCREEN.from_norm([0.5, 0.5])
        )
        assert float(found) == pytest.approx(offset_deg, rel=0.01)


def test_no_offset_is_no_distortion() -> None:
    assert distortion(np.random.default_rng(0), 0.0, DEFAULT_SCREEN) == IDENTITY
    assert IDENTITY.apply(0.123, 0.456) == (0.123, 0.456)


coefficients = st.floats(-0.2, 0.2)


@given(st.tuples(*[coefficients] * 6))
def test_any_affine_distortion_is_undone_by_the_fit(c: tuple[float, ...]) -> None:
    bent = Affine((1 + c[0], c[1], c[2], c[3], 1 + c[4], c[5]))
    targets = np.array(NINE)
    raw = np.array([bent.apply(*target) for target in NINE])
    correction = fit_correction(raw, targets)
    again = [correction.apply(*bent.apply(x, y)) for x, y in [(0.2, 0.7), (1.0, 0.0)]]
    np.testing.assert_allclose(again, [(0.2, 0.7), (1.0, 0.0)], atol=1e-9)


def test_few_or_collinear_targets_give_a_mean_offset() -> None:
    for targets in ([(0.5, 0.5)], [(0.1, 0.5), (0.4, 0.5), (0.6, 0.5), (0.9, 0.5)]):
        raw = np.array(targets) + np.array([0.02, -0.01])
        correction = fit_correction(raw, np.array(targets))
        assert correction.elements == pytest.approx((1, 0, -0.02, 0, 1, 0.01))


def calibrated(gaze: tuple[float, float] = (0.52, 0.5)) -> SimulatedCalibration:
    bench = Bench()
    bench.calibration.start()
    bench.collect((0.5, 0.5), gaze)
    assert bench.calibration.compute().succeeded
    return bench.calibration


def test_a_failure_says_which_calibration_stays_active() -> None:
    bench = Bench()
    bench.calibration.start()
    assert bench.calibration.compute().active == "none"
    bench.collect((0.5, 0.5), (0.52, 0.5))
    assert bench.calibration.compute().active == "new"
    bench.calibration.start()
    assert bench.calibration.compute().active == "previous"


def test_each_eye_is_told_apart() -> None:
    bench = Bench()
    bench.calibration.start()
    thread = threading.Thread(target=bench.calibration.collect, args=(0.5, 0.5))
    thread.start()
    while thread.is_alive():
        bench.now_s += 0.01
        bench.calibration.remember(bench.now_s, (0.51, 0.5), (0.53, 0.5))
        thread.join(0.0005)
    (point,) = bench.calibration.compute().points
    assert point.left is not None
    assert point.right is not None
    assert point.left.samples_used == point.left.samples == point.samples > 20
    expected = float(
        DEFAULT_SCREEN.angle_deg(
            DEFAULT_SCREEN.from_norm((0.49, 0.5)), DEFAULT_SCREEN.from_norm((0.5, 0.5))
        )
    )
    assert point.offset_deg == pytest.approx(0.0, abs=1e-9)
    assert (point.left.offset_deg, point.right.offset_deg) == pytest.approx((expected, expected))


def test_an_unused_target_tells_how_many_samples_came() -> None:
    bench = Bench()
    bench.calibration.start()
    bench.collect((0.9, 0.9), (0.1, 0.1))
    (point,) = bench.calibration.compute().points
    assert point.left is not None
    assert point.left.samples_used == 0
    assert point.left.samples > 20
    assert point.left.offset_deg is None


def test_a_calibration_is_stored_and_applied_again() -> None:
    first = calibrated()
    stored = first.data()
    assert stored is not None
    second = Bench().calibration
    assert second.data() is None
    second.apply(stored)
    assert second.correction == first.correction != IDENTITY
    assert second.data() == stored


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\x00\x01", "no calibration"),
        (b"{}", "no calibration"),
        (b"[1]", "no calibration"),
        (b'{"schema_version": 9, "kind": "simulated calibration", "elements": []}', "version 9"),
        (b'{"schema_version": 1, "kind": "other", "elements": [1,0,0,0,1,0]}', "no calibration"),
        (b'{"schema_version": 1, "kind": "simulated calibration", "elements": [1]}', "no calib"),
    ],
)
def test_what_is_no_calibration_is_refused_and_nothing_changes(data: bytes, said: str) -> None:
    calibration = calibrated()
    before = calibration.correction
    with pytest.raises(TrackerError, match=said):
        calibration.apply(data)
    assert calibration.correction == before
