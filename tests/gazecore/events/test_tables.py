"""Tables of events: times, places, amplitudes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from gazecore.events import detect_events

if TYPE_CHECKING:
    from collections.abc import Callable

    from gazecore.geometry import Screen


def test_events_join_without_gap_or_overlap(make_gaze: Callable[..., Any], screen: Screen) -> None:
    gaze = make_gaze([(300.0, 300.0), (900.0, 500.0)])
    events = detect_events(gaze.t_s, gaze.xy_px, screen)
    saccade = events.saccades.row(0, named=True)
    assert saccade["onset_s"] == pytest.approx(events.fixations["offset_s"][0])
    assert events.fixations["onset_s"][1] == pytest.approx(saccade["offset_s"])
    assert events.fixations["offset_s"][1] == pytest.approx(gaze.t_s[-1] + 1 / 500)
    total = events.fixations["duration_s"].sum() + saccade["duration_s"]
    assert total == pytest.approx(len(gaze.t_s) / 500)


def test_peak_velocity_is_that_of_the_movement(
    make_gaze: Callable[..., Any], screen: Screen
) -> None:
    gaze = make_gaze([(860.0, 540.0), (1060.0, 540.0)], saccade_s=0.05, rate_hz=1000.0)
    row = detect_events(gaze.t_s, gaze.xy_px, screen).saccades.row(0, named=True)
    amplitude_deg = float(screen.angle_deg([860.0, 540.0], [1060.0, 540.0]))
    # A minimum-jerk movement peaks at 15/8 of its mean speed (Flash and Hogan 1985).
    assert row["peak_velocity_deg_s"] == pytest.approx(15 / 8 * amplitude_deg / 0.051, rel=0.01)


def test_place_and_spread_of_a_fixation(screen: Screen) -> None:
    spread_px = np.tile([[-3.0, 0.0], [3.0, 0.0]], (100, 1))
    xy_px = spread_px + np.array([960.0, 540.0])
    xy_px[50:53] = np.nan
    table = detect_events(np.arange(200) / 500, xy_px, screen, preset="i-dt").fixations
    assert table.height == 1
    assert table["x_px"][0] == pytest.approx(960, abs=0.05)
    assert table["samples_lost"][0] == 3
    expected_deg = float(screen.angle_deg([960.0, 540.0], [963.0, 540.0]))
    assert table["rms_deviation_deg"][0] == pytest.approx(expected_deg, rel=1e-3)


@pytest.mark.parametrize("lost", [25, 250])
def test_blinks_at_the_bounds_count_at_times_since_1970(
    make_gaze: Callable[..., Any], screen: Screen, lost: int
) -> None:
    gaze = make_gaze([(900.0, 500.0)], still_s=1.2)
    xy_px = gaze.xy_px.copy()
    xy_px[200 : 200 + lost] = np.nan
    found = [detect_events(gaze.t_s + 1.8e9 + shift, xy_px, screen) for shift in (0, 0.3, 0.7)]
    assert [events.blinks.height for events in found] == [1, 1, 1]


@pytest.mark.parametrize(("lost", "blinks"), [(20, 0), (30, 1), (250, 1), (260, 0)])
def test_blinks_are_losses_of_50_to_500_ms(
    make_gaze: Callable[..., Any], screen: Screen, lost: int, blinks: int
) -> None:
    gaze = make_gaze([(900.0, 500.0)], still_s=1.2)
    xy_px = gaze.xy_px.copy()
    xy_px[200 : 200 + lost] = np.nan
    table = detect_events(gaze.t_s, xy_px, screen).blinks
    assert table.height == blinks
    assert table["duration_s"].to_list() == pytest.approx([lost / 500] * blinks)


def test_an_event_before_a_pause_lasts_by_its_own_intervals(screen: Screen) -> None:
    t_s = np.concatenate([np.arange(8) * 0.01, 1 + np.arange(200) * 0.002])
    table = detect_events(t_s, np.full((208, 2), 500.0), screen).fixations
    assert table["duration_s"].to_list() == pytest.approx([0.08, 0.4])


def test_lost_samples_of_a_saccade_are_counted(
    make_gaze: Callable[..., Any], screen: Screen
) -> None:
    gaze = make_gaze([(300.0, 300.0), (900.0, 500.0)])
    first, stop = gaze.saccades[0]
    gaze.xy_px[first + 10 : first + 13] = np.nan
    row = detect_events(gaze.t_s, gaze.xy_px, screen).saccades.row(0, named=True)
    assert row["samples_lost"] == 3
    assert row["samples"] == pytest.approx(stop - first, abs=2)
