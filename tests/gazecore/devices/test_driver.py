"""What crosses between a driver and its process."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazecore.devices.driver import (
    LOST_EYE,
    DeviceSample,
    EyeChannels,
    NoPointer,
    SampleClock,
    TruePoint,
)
from gazecore.errors import TrackerError
from gazecore.samples import GAZE_LABELS, GazeSamples

SEEN = EyeChannels(0.1, 0.2, 1.0, 3.0, 4.0, 5.0, 6.0, 1.0, 7.0, 8.0, 9.0, 1.0)


def test_the_channels_of_an_eye_are_those_of_the_stream() -> None:
    assert GAZE_LABELS[3:15] == tuple(f"left_{name}" for name in EyeChannels._fields)
    assert GAZE_LABELS[15:] == tuple(f"right_{name}" for name in EyeChannels._fields)


def test_a_sample_becomes_channels_and_back() -> None:
    sample = DeviceSample(10.0, 11.0, 12.0, SEEN, LOST_EYE)
    values = sample.channels(7)
    assert values[:3] == [7.0, 11.0, 12.0]
    again = GazeSamples.from_channels([sample.t_s], [values])
    assert again.sequence.tolist() == [7]
    assert again.left_xy_norm.tolist() == [[0.1, 0.2]]
    assert again.left_origin_mm.tolist() == [[7.0, 8.0, 9.0]]
    assert again.right_valid.tolist() == [False]


def test_a_lost_eye_is_nan_with_every_flag_zero() -> None:
    for name, value in LOST_EYE._asdict().items():
        assert value == 0.0 if name.endswith("_valid") else math.isnan(value)


@pytest.mark.parametrize(
    ("left", "right", "lost"),
    [
        (SEEN, SEEN, False),
        (SEEN, LOST_EYE, False),
        (LOST_EYE, SEEN, False),
        (LOST_EYE, LOST_EYE, True),
    ],
)
def test_a_sample_is_lost_when_both_eyes_are(
    left: EyeChannels, right: EyeChannels, lost: bool
) -> None:
    assert DeviceSample(0.0, 0.0, 0.0, left, right).is_lost is lost


def test_taking_the_eyes_away_keeps_times_and_truth() -> None:
    sample = DeviceSample(1.0, 2.0, 3.0, SEEN, SEEN, TruePoint(0.1, 0.2, 1))
    lost = sample.without_eyes()
    assert lost.is_lost
    assert (lost.t_s, lost.device_time_s, lost.truth) == (1.0, 2.0, sample.truth)


@given(
    st.sampled_from([90.0, 120.0, 600.0, 1200.0]),
    st.floats(0, 1e5),
    st.lists(st.floats(0, 0.5), min_size=1, max_size=30),
)
def test_the_clock_gives_each_time_once_however_it_is_asked(
    rate_hz: float, start_s: float, steps_s: list[float]
) -> None:
    clock = SampleClock(rate_hz, start_s)
    now_s, given_s = start_s, []
    for step_s in steps_s:
        now_s += step_s
        due = clock.due(now_s)
        assert all(t_s <= now_s for t_s in due)
        given_s += due
    assert given_s == [start_s + k / rate_hz for k in range(len(given_s))]
    assert start_s + len(given_s) / rate_hz > now_s


def test_hours_later_the_clock_has_not_drifted() -> None:
    clock = SampleClock(1200.0, 1000.0, next_index=1200 * 3600 * 8)
    (t_s,) = clock.due(1000.0 + 8 * 3600)
    assert t_s == 1000.0 + 8 * 3600


def test_a_driver_without_pointer_says_so() -> None:
    class Fixed(NoPointer):
        name = "fixed"

    with pytest.raises(TrackerError, match="fixed driver takes no pointer"):
        Fixed().point(0.5, 0.5)
