"""Eye openness, clocks and head box of the simulated tracker in closed form."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gazecore.devices.driver import DeviceSample, EyeChannels
from gazecore.devices.side_streams import EYE_OPENNESS, TIME_SYNCHRONISATION
from gazecore.devices.simulated_side import OPEN_MM, SimulatedSide, eye_positions_of
from gazecore.synthetic.eye_model import EXACT

LEFT = EyeChannels(gaze_valid=1.0, origin_user_x=-40.0, origin_user_y=25.0, origin_user_z=680.0)
SEEN = DeviceSample(10.0, 10.5, 10.0, LEFT._replace(origin_valid=1.0))
LOST = DeviceSample(10.1, 10.6, 10.1)


def test_openness_follows_the_lids() -> None:
    side = SimulatedSide(replace(EXACT, eye_openness=True), 1.0)
    side.take(SEEN, 0.25)
    side.take(LOST, 1.0)
    seen, lost = side.read(10.2)
    assert (seen.stream, seen.t_s) == (EYE_OPENNESS, 10.0)
    assert seen.values == (10.5, 10.0, 0.75 * OPEN_MM, 1.0, 0.75 * OPEN_MM, 1.0)
    assert lost.values[2:] == (0.0, 0.0, 0.0, 0.0)
    assert side.read(10.3) == []


def test_clocks_are_compared_each_second() -> None:
    side = SimulatedSide(replace(EXACT, time_synchronisation=True), 1.00005)
    found = [s for k in range(50) for s in side.read(10.0 + k / 10)]
    assert [s.t_s for s in found] == pytest.approx([10.0, 11.0, 12.0, 13.0, 14.0])
    for sample in found:
        request_s, device_s, response_s = sample.values
        middle_s = (request_s + response_s) / 2
        assert device_s == pytest.approx(middle_s * 1.00005, abs=1e-9)


def test_nothing_is_sent_that_was_not_asked_for() -> None:
    side = SimulatedSide(EXACT, 1.0)
    side.take(SEEN, 0.0)
    assert side.streams == ()
    assert side.read(11.0) == []
    both = replace(EXACT, eye_openness=True, time_synchronisation=True)
    assert SimulatedSide(both, 1.0).streams == (EYE_OPENNESS, TIME_SYNCHRONISATION)


def test_the_head_box_is_centred_on_the_screens_axis() -> None:
    positions = eye_positions_of(SEEN, 650.0)
    left = positions.left
    assert (left.x, left.y, left.z, left.valid) == pytest.approx((0.4, 0.4, 0.6, True))
    assert not positions.right.valid
    assert not eye_positions_of(None, 650.0).left.valid
