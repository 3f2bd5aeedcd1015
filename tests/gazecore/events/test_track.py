"""Preparing a track: order, gaps, breaks, bad input."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from gazecore.errors import InvalidSettingError
from gazecore.events.track import check_gaze, make_track, offset_times, time_order

if TYPE_CHECKING:
    from gazecore.geometry import Screen


def test_order_of_rising_times_is_everything() -> None:
    order = time_order(np.array([1.0, 2.0, 3.0]))
    assert order.chosen == order.place == slice(3)


def test_order_sorts_drops_nan_and_takes_the_first_of_equals() -> None:
    order = time_order(np.array([3.0, np.nan, 1.0, 3.0]))
    assert np.arange(4)[order.chosen].tolist() == [2, 0]
    assert np.asarray(order.place).tolist() == [1, -1, 0, 1]


def test_short_gaps_are_filled_linearly_long_ones_stay(screen: Screen) -> None:
    t_s = np.arange(100) / 500
    xy_px = np.stack([np.arange(100.0), np.zeros(100)], axis=1)
    xy_px[10:20] = np.nan  # 20 ms
    xy_px[40:80] = np.nan  # 80 ms
    track = make_track(t_s, xy_px, screen, None, 0.030)
    assert track.lost.sum() == 50
    assert np.flatnonzero(track.missing).tolist() == list(range(40, 80))
    filled_px = (track.xy_mm[10:20, 0] / screen.width_mm + 0.5) * screen.width_px
    assert filled_px == pytest.approx(np.arange(10.0, 20.0))


def test_gaps_at_the_ends_are_not_filled(screen: Screen) -> None:
    xy_px = np.zeros((10, 2))
    xy_px[[0, 9]] = np.nan
    track = make_track(np.arange(10) / 500, xy_px, screen, None, 0.030)
    assert np.flatnonzero(track.missing).tolist() == [0, 9]


def test_a_pause_breaks_the_track_and_is_not_filled_over(screen: Screen) -> None:
    t_s = np.arange(20) / 500
    t_s[10:] += 1.0
    xy_px = np.zeros((20, 2))
    xy_px[9:11] = np.nan
    track = make_track(t_s, xy_px, screen, None, 0.030)
    assert track.breaks.tolist() == [10]
    assert np.flatnonzero(track.missing).tolist() == [9, 10]


def test_infinite_gaze_is_lost_and_unknown_eyes_fall_back(screen: Screen) -> None:
    xy_px = np.array([[np.inf, 1.0], [1.0, 1.0]])
    eye = np.array([[0.0, 0.0, 700.0], [np.nan, 0.0, 700.0]])
    track = make_track(np.array([0.0, 1.0]), xy_px, screen, eye, 0.030)
    assert track.lost.tolist() == [True, False]
    assert track.eye_mm[:, 2].tolist() == [700.0, screen.distance_mm]


@pytest.mark.parametrize(
    ("t_s", "xy_px", "eye_mm", "named"),
    [
        (np.zeros((2, 2)), np.zeros((2, 2)), None, "t_s"),
        (np.zeros(2), np.zeros((3, 2)), None, "xy_px"),
        (np.zeros(2), np.zeros((2, 3)), None, "xy_px"),
        (np.zeros(2), np.zeros((2, 2)), np.zeros((2, 2)), "eye_mm"),
    ],
)
def test_shapes_that_do_not_fit_are_refused(
    t_s: np.ndarray, xy_px: np.ndarray, eye_mm: np.ndarray | None, named: str
) -> None:
    with pytest.raises(InvalidSettingError, match=f"shape of {named}"):
        check_gaze(t_s, xy_px, eye_mm)


NO_BREAKS = np.empty(0, np.intp)


def test_offset_is_the_local_median_interval_on() -> None:
    t_s = np.array([0.0, 0.1, 0.2, 0.3, 5.0])
    assert offset_times(t_s, np.array([1, 3, 4]), NO_BREAKS) == pytest.approx([0.2, 0.4, 5.1])


def test_offset_is_at_most_the_next_time() -> None:
    t_s = np.array([0.0, 0.1, 0.2, 0.3, 0.31, 0.41, 0.51])
    assert offset_times(t_s, np.array([3]), NO_BREAKS) == pytest.approx([0.31])


def test_a_single_sample_lasts_no_time() -> None:
    assert offset_times(np.array([3.0]), np.array([0]), NO_BREAKS).tolist() == [3.0]


def test_intervals_from_beyond_a_pause_do_not_count() -> None:
    slow_s, fast_s = np.arange(4) * 0.1, 10 + np.arange(30) * 0.002
    t_s = np.concatenate([slow_s, fast_s, [20.0]])
    last, breaks = np.array([3, 4, 33, 34]), np.array([4, 34])
    expected = [0.4, 10.002, 10.06, 20.0]
    assert offset_times(t_s, last, breaks) == pytest.approx(expected)


@pytest.mark.parametrize(("lost", "filled"), [(24, True), (25, False)])
def test_a_loss_as_long_as_a_blink_is_not_filled(screen: Screen, lost: int, filled: bool) -> None:
    xy_px = np.full((200, 2), 500.0)
    xy_px[100 : 100 + lost] = np.nan
    track = make_track(np.arange(200) / 500, xy_px, screen, None, 0.075)
    assert track.missing.sum() == (0 if filled else lost)
