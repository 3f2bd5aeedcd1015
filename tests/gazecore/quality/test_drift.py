"""Drift at targets and at clicks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from gazecore.messages import parse_marker
from gazecore.quality.drift import CLICKS, Click, ClickDrift, drift_at_target

if TYPE_CHECKING:
    from collections.abc import Callable

    from gazecore.geometry import Screen
    from gazecore.samples import GazeSamples


def gaze_at(make_samples: Callable[..., GazeSamples], x: float, y: float) -> GazeSamples:
    xy = np.full((30, 2), [x, y])
    return make_samples(np.arange(30) / 100, xy, xy)


def test_drift(make_samples: Callable[..., GazeSamples], screen: Screen) -> None:
    samples = gaze_at(make_samples, 0.51, 0.5)
    found = drift_at_target(1.0, samples, (0.5, 0.5), screen, max_drift_deg=1.5)
    assert found.offset_x_deg == pytest.approx(float(screen.angle_deg([960, 540], [979.2, 540])))
    assert found.offset_y_deg == pytest.approx(0, abs=1e-9)
    assert found.passed
    assert (found.check, found.x_norm, found.y_norm) == ("target", 0.5, 0.5)
    assert parse_marker(found.to_json()) == found
    assert not drift_at_target(1.0, samples, (0.5, 0.6), screen, max_drift_deg=1.5).passed
    blind = drift_at_target(1.0, samples.between(90, 91), (0.5, 0.5), screen, 1.5)
    assert (blind.offset_x_deg, blind.passed) == (None, False)


def test_the_mean_over_four_clicks_tells_a_slow_drift(
    make_samples: Callable[..., GazeSamples], screen: Screen
) -> None:
    watch = ClickDrift(screen, 1.0)
    per_px = float(screen.angle_deg([960, 540], [961, 540]))
    found = []
    for index in range(2 * CLICKS):
        x = 0.5 + (0.4 + 0.25 * index) / per_px / screen.width_px
        found.append(watch.take(Click(float(index), 0.5, 0.5), gaze_at(make_samples, x, 0.5)))
    assert [marker.mean_distance_deg for marker in found[:3]] == [None] * 3
    # Clicks 0..3 lie 0.4, 0.65, 0.9, 1.15 degrees off; each later mean is 0.25 more.
    means = [marker.mean_distance_deg for marker in found[3:]]
    assert means == pytest.approx([0.775, 1.025, 1.275, 1.525, 1.775], rel=2e-3)
    assert [marker.passed for marker in found[3:5]] == [True, False]
    assert watch.is_beyond
    assert all(marker.check == "click" and marker.counts for marker in found)
    watch.forget()
    assert not watch.is_beyond


def test_a_click_without_a_look_does_not_count(
    make_samples: Callable[..., GazeSamples], screen: Screen
) -> None:
    watch = ClickDrift(screen, 1.0)
    for _ in range(CLICKS):
        marker = watch.take(Click(1.0, 0.9, 0.9), gaze_at(make_samples, 0.3, 0.3))
        assert not marker.counts
        assert marker.passed
    blind = watch.take(Click(1.0, 0.5, 0.5), gaze_at(make_samples, 0.5, 0.5).between(9, 10))
    assert (blind.distance_deg, blind.counts) == (None, False)
    assert watch.mean_deg is None
