"""Tobii's I-VT: threshold, gap fill-in, merging, discarding."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from gazecore.events import Label, detect_events

if TYPE_CHECKING:
    from collections.abc import Callable

    from gazecore.geometry import Screen

PRESET = "Tobii Pro Lab fixation"


def test_a_saccade_parts_two_fixations(make_gaze: Callable[..., Any], screen: Screen) -> None:
    gaze = make_gaze([(300.0, 300.0), (900.0, 500.0)])
    events = detect_events(gaze.t_s, gaze.xy_px, screen, preset=PRESET)
    assert events.fixations.height == 2
    assert events.saccades.height == 1
    assert events.fixations["x_px"].to_list() == pytest.approx([300, 900], abs=5)


def test_short_interruptions_at_one_place_merge(
    make_gaze: Callable[..., Any], screen: Screen
) -> None:
    gaze = make_gaze([(900.0, 500.0)], still_s=0.5)
    xy_px = gaze.xy_px.copy()
    xy_px[120:130] += 60  # there and back within 20 ms
    merged = detect_events(gaze.t_s, xy_px, screen, preset=PRESET)
    assert merged.fixations.height == 1
    assert (merged.labels[100:150] == Label.FIXATION).all()


def test_places_more_than_half_a_degree_apart_do_not_merge(
    make_gaze: Callable[..., Any], screen: Screen
) -> None:
    gaze = make_gaze([(900.0, 500.0), (940.0, 500.0)], saccade_s=0.02)
    assert screen.angle_deg(gaze.xy_px[0], gaze.xy_px[-1]) > 0.5
    assert detect_events(gaze.t_s, gaze.xy_px, screen, preset=PRESET).fixations.height == 2


def test_fixations_under_60_ms_are_discarded(make_gaze: Callable[..., Any], screen: Screen) -> None:
    gaze = make_gaze([(300.0, 300.0), (900.0, 300.0), (1500.0, 300.0)], still_s=0.05)
    events = detect_events(gaze.t_s, gaze.xy_px, screen, preset=PRESET)
    assert events.fixations.height == 0
    assert not (events.labels == Label.FIXATION).any()


def test_gaps_shorter_than_a_blink_are_filled(
    make_gaze: Callable[..., Any], screen: Screen
) -> None:
    gaze = make_gaze([(900.0, 500.0)], still_s=0.5)
    for gap, fixations in ((24, 1), (25, 2), (60, 2)):
        xy_px = gaze.xy_px.copy()
        xy_px[100 : 100 + gap] = np.nan
        events = detect_events(gaze.t_s, xy_px, screen, preset=PRESET)
        assert events.fixations.height == fixations


def test_attention_threshold_passes_slow_movement(screen: Screen) -> None:
    t_s = np.arange(500) / 500
    px_per_deg = float(screen.px_per_deg()[0, 0])
    x_px = 700 + 50 * px_per_deg * (t_s % 0.1)  # 50 deg/s, starting over ten times
    xy_px = np.stack([x_px, np.full(500, 540.0)], axis=1)
    by_fixation = detect_events(t_s, xy_px, screen, preset=PRESET)
    by_attention = detect_events(t_s, xy_px, screen, preset="Tobii Pro Lab attention")
    assert by_fixation.fixations.height == 0
    assert by_attention.fixations.height == 1  # ten sweeps around one place merge
