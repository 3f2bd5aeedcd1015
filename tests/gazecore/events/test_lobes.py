"""Lobes of speed against loops, and the rules that join and judge them."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazecore.events.lobes import find_lobes, go_on_forward, join_lobes, step_shares
from gazecore.events.track import Track, make_track
from gazecore.geometry import Screen

if TYPE_CHECKING:
    from collections.abc import Callable

SCREEN = Screen(1920, 1080, 597.7, 336.2, 650)
LIMIT_DEG_S = 10.0


def still(n: int) -> Track:
    return make_track(np.arange(n) / 500, np.full((n, 2), 500.0), SCREEN, None, 0.03)


def moving(x_px: npt.ArrayLike) -> Track:
    x = np.asarray(x_px, dtype=float)
    xy_px = np.stack([x, np.full(len(x), 500.0)], axis=1)
    return make_track(np.arange(len(x)) / 500, xy_px, SCREEN, None, 0.03)


def lobes_by_loop(speed: list[float], share: float) -> list[tuple[int, int]]:
    """Each run above the limit cut behind its dips; lobes that rise too little join, in rounds."""
    found: list[tuple[int, int]] = []
    first = 0
    while first < len(speed):
        if speed[first] <= LIMIT_DEG_S:
            first += 1
            continue
        stop = first
        while stop < len(speed) and speed[stop] > LIMIT_DEG_S:
            stop += 1
        cuts = [
            i + 1
            for i in range(first + 1, stop - 1)
            if speed[i] <= speed[i - 1] and speed[i] < speed[i + 1]
        ]
        edges = [first, *cuts, stop]
        for _ in range(8):
            given_up = set()
            for start, end in pairwise(edges):
                left = speed[start - 1] if start != first else -np.inf
                right = speed[end - 1] if end != stop else -np.inf
                if max(left, right) >= share * max(speed[start:end]):
                    given_up.add(start if left >= right else end)
            edges = [edge for edge in edges if edge not in given_up]
        found += pairwise(edges)
        first = stop
    return found


@given(st.lists(st.integers(0, 30), min_size=1, max_size=60), st.sampled_from([0.5, 0.8, 0.95]))
def test_lobes_are_those_of_a_loop(speeds: list[int], share: float) -> None:
    speed = np.array(speeds, dtype=np.float32)
    lobes = find_lobes(still(len(speed)), speed, LIMIT_DEG_S, share)
    expected = lobes_by_loop([float(value) for value in speeds], share)
    assert list(zip(lobes.starts.tolist(), lobes.stops.tolist(), strict=True)) == expected
    peaks = [max(speeds[start:stop]) for start, stop in expected]
    assert lobes.peaks_deg_s.tolist() == peaks


def test_a_dip_belongs_to_the_lobe_before_it() -> None:
    speed = np.array([0, 20, 90, 20, 60, 20, 0, 0, 0, 30, 0], dtype=np.float32)
    lobes = find_lobes(still(11), speed, LIMIT_DEG_S, 0.8)
    assert lobes.starts.tolist() == [1, 4, 9]
    assert lobes.stops.tolist() == [4, 6, 10]
    assert lobes.pause_s == pytest.approx([np.inf, 0.0, 0.006])


def test_unknown_speed_and_a_pause_end_a_lobe() -> None:
    speed = np.array([50, 50, np.nan, 50, 50, 50], dtype=np.float32)
    track = still(6)
    assert find_lobes(track, speed, LIMIT_DEG_S, 0.8).stops.tolist() == [2, 6]
    t_s = track.t_s + np.where(np.arange(6) >= 5, 1.0, 0.0)
    broken = make_track(t_s, np.full((6, 2), 500.0), SCREEN, None, 0.03)
    assert find_lobes(broken, speed, LIMIT_DEG_S, 0.8).stops.tolist() == [2, 5, 6]


def test_joining_and_going_on_forward() -> None:
    x_px = [500, 500, 530, 560, 600, 640, 620, 600, 600]
    speed = np.array([0, 90, 90, 20, 90, 20, 60, 0, 0], dtype=np.float32)
    track = moving(x_px)
    lobes = find_lobes(track, speed, LIMIT_DEG_S, 0.8)
    assert lobes.starts.tolist() == [1, 4, 6]
    assert go_on_forward(track, lobes, np.array([1, 2]), 0.5).tolist() == [True, False]
    joined = join_lobes(track, lobes, np.array([False, True, False]))
    assert joined.starts.tolist() == [1, 6]
    assert joined.stops.tolist() == [6, 7]
    assert joined.peaks_deg_s.tolist() == [90, 60]


def test_a_step_stays_and_a_spike_does_not(make_gaze: Callable[..., Any]) -> None:
    step = np.concatenate([np.full(50, 500.0), [520, 560, 580], np.full(50, 600.0)])
    spike = np.concatenate([np.full(50, 500.0), [520, 560, 600], np.full(50, 500.0)])
    speed = np.zeros(103, dtype=np.float32)
    speed[50:53] = 99.0
    for x_px, share in ((step, 1.0), (spike, 0.0)):
        track = moving(x_px)
        lobes = find_lobes(track, speed, LIMIT_DEG_S, 0.8)
        # Up to the last sample of a spike the eye has gone; one sample later it is back.
        travel_mm = lobes.travel_mm(track, np.array([0]))[0, 0]
        assert (travel_mm != 0) == (share == 1.0)
        assert step_shares(track, lobes, np.array([0]), 0.02) == pytest.approx([share])


def test_at_the_ends_of_a_track_a_step_counts_as_one() -> None:
    speed = np.zeros(20, dtype=np.float32)
    speed[3:6] = 99.0
    track = still(20)
    lobes = find_lobes(track, speed, LIMIT_DEG_S, 0.8)
    assert step_shares(track, lobes, np.array([0]), 0.02).tolist() == [1.0]


def test_without_lobes() -> None:
    lobes = find_lobes(still(5), np.zeros(5, dtype=np.float32), LIMIT_DEG_S, 0.8)
    assert len(lobes) == 0
    assert len(join_lobes(still(5), lobes, np.zeros(0, dtype=np.bool_))) == 0
