"""Scripted faults: what is taken away, held back, and when it ends."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from gazecore.devices.driver import DeviceSample, EyeChannels, TruePoint
from gazecore.devices.faults import Fault, FaultScript

SEEN = EyeChannels(gaze_x=0.5, gaze_y=0.5, gaze_valid=1.0)
START_S = 50.0
TIMES_S = [k / 8 for k in range(16)]


def sample(elapsed_s: float) -> DeviceSample:
    return DeviceSample(START_S + elapsed_s, 0.0, 0.0, SEEN, SEEN)


def played(*faults: Fault) -> list[tuple[float, float, bool]]:
    """(sent after, elapsed time of the sample, lost) of 16 samples at 8 Hz sent as they come."""
    script = FaultScript(faults)
    sent: list[tuple[float, float, bool]] = []
    for now_s in TIMES_S:
        kept = script.apply([sample(now_s)], START_S, START_S + now_s)
        sent += [(now_s, s.t_s - START_S, s.is_lost) for s in kept]
    return sent


def test_without_faults_all_is_sent_as_it_comes() -> None:
    assert played() == [(t, t, False) for t in TIMES_S]


def test_a_hole_is_half_open() -> None:
    times = [t for _, t, _ in played(Fault("hole", 0.5, 0.375))]
    assert times == [t for t in TIMES_S if not 0.5 <= t < 0.875]


def test_lost_samples_are_sent_as_lost() -> None:
    assert [t for _, t, lost in played(Fault("lost", 0.5, 0.375)) if lost] == [0.5, 0.625, 0.75]
    assert len(played(Fault("lost", 0.5, 0.375))) == 16


def test_a_stall_comes_late_in_one_burst_with_its_own_times() -> None:
    sent = played(Fault("stall", 0.5, 0.375))
    assert [t for _, t, _ in sent] == TIMES_S
    assert [t for at, t, _ in sent if at == 0.875] == [0.5, 0.625, 0.75, 0.875]


def test_faults_may_overlap() -> None:
    sent = played(
        Fault("stall", 0.5, 0.375), Fault("hole", 0.625, 0.125), Fault("lost", 0.75, 0.125)
    )
    assert [(t, lost) for at, t, lost in sent if at == 0.875] == [
        (0.5, False),
        (0.75, True),
        (0.875, False),
    ]


def test_a_stop_ends_it() -> None:
    script = FaultScript([Fault("stop", 1.0)])
    assert not script.ends(0.99)
    assert script.ends(1.0)
    assert [t for _, t, _ in played(Fault("stop", 1.0))] == TIMES_S[:8]


def sent_of(*faults: Fault, count: int = 16) -> list[DeviceSample]:
    """Samples at 8 Hz that move to the right by a hundredth each, after the faults."""
    script = FaultScript(faults)
    sent: list[DeviceSample] = []
    for k in range(count):
        eye = SEEN._replace(gaze_x=k / 100)
        t_s = START_S + k / 8
        measured = DeviceSample(t_s, t_s, t_s, eye, eye, TruePoint(k / 100, 0.5, 1))
        sent += script.apply([measured], START_S, t_s)
    return sent


def test_a_duplicate_is_the_same_sample_again() -> None:
    sent = sent_of(Fault("duplicate", 0.5, 0.25))
    pairs = [(a, b) for a, b in itertools.pairwise(sent) if a is b]
    assert [a.t_s - START_S for a, _ in pairs] == [0.5, 0.625]
    assert len(sent) == 18


def test_stamps_step_back_and_return() -> None:
    sent = sent_of(Fault("backward", 0.5, 0.25, by_s=0.3))
    expected = [k / 8 - (0.3 if 0.5 <= k / 8 < 0.75 else 0) for k in range(16)]
    assert [s.t_s - START_S for s in sent] == pytest.approx(expected)
    assert [s.system_time_s - START_S for s in sent] == TIMES_S


def test_a_clock_that_jumps_stays_there() -> None:
    sent = sent_of(Fault("clock_jump", 1.0, by_s=-2.0))
    expected = [k / 8 - (2.0 if k >= 8 else 0) for k in range(16)]
    assert [s.t_s - START_S for s in sent] == expected
    assert [s.system_time_s - START_S for s in sent] == expected
    assert [s.device_time_s - START_S for s in sent] == TIMES_S


def test_a_lower_rate_leaves_samples_out_evenly() -> None:
    sent = sent_of(Fault("rate", factor=0.25))
    assert [s.t_s - START_S for s in sent] == [0.375, 0.875, 1.375, 1.875]


def test_a_higher_rate_puts_samples_between_on_the_way() -> None:
    sent = sent_of(Fault("rate", factor=10.0))
    assert len(sent) == 1 + 15 * 10
    assert np.diff([s.t_s for s in sent]) == pytest.approx(0.0125)
    assert np.diff([s.left.gaze_x for s in sent]) == pytest.approx(0.001)
    for sample in sent:
        assert sample.truth is not None
        assert sample.left.gaze_x == sample.right.gaze_x == sample.truth.x_norm


def test_a_rate_may_be_wrong_for_a_while() -> None:
    sent = sent_of(Fault("rate", 0.5, 0.5, factor=3.0))
    gaps = np.round(np.diff([s.t_s for s in sent]), 6)
    assert len(sent) == 16 + 4 * 2
    assert (gaps < 0.05).sum() == 12


def test_a_lost_eye_stays_lost_between() -> None:
    sent = sent_of(Fault("rate", factor=2.0), Fault("lost", 0.5, 0.25))
    assert sum(s.is_lost for s in sent) == 4
    script = FaultScript([Fault("rate", factor=2.0)])
    lost = DeviceSample(START_S + 0.125, 0.0, 0.0)
    script.apply([sample(0.0)], START_S, START_S)
    assert [s.is_lost for s in script.apply([lost], START_S, START_S)] == [True, True]


def test_a_burst_of_nan_says_valid_all_the_same() -> None:
    sent = sent_of(Fault("nan_burst", 0.5, 0.25))
    burst = [s for s in sent if math.isnan(s.left.gaze_x)]
    assert [s.t_s - START_S for s in burst] == [0.5, 0.625]
    assert all(s.right.gaze_valid == 1.0 and not s.is_lost for s in burst)


def test_a_lost_connection_is_a_hole_that_is_told_once() -> None:
    script = FaultScript([Fault("connection_lost", 0.5, 0.5)])
    told = [e for t in TIMES_S for e in script.events(START_S, START_S + t)]
    assert [(e.event, e.t_s - START_S) for e in told] == [
        ("connection_lost", 0.5),
        ("connection_restored", 1.0),
    ]
    times = [s.t_s - START_S for s in sent_of(Fault("connection_lost", 0.5, 0.5))]
    assert times == [t for t in TIMES_S if not 0.5 <= t < 1.0]


def test_the_process_is_halted_once() -> None:
    halted: list[float] = []
    script = FaultScript([Fault("freeze", 0.5, 3.0)], halted.append)
    for t_s in (0.0, 0.49, 0.51, 3.6, 9.0):
        script.strike(t_s)
    assert halted == [3.0]


def test_faults_of_calibrations_are_for_the_driver() -> None:
    fault = Fault("calibration", step="leave")
    script = FaultScript([fault, Fault("hole", 1.0, 1.0)])
    assert script.of_calibration == (fault,)
    assert len(sent_of(fault)) == 16
