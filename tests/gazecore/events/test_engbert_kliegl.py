"""Engbert and Kliegl's detector against its published formula in loops."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from gazecore.events import detect_events
from gazecore.events.engbert_kliegl import EngbertKlieglDetector
from gazecore.events.labels import Label
from gazecore.events.track import make_track
from gazecore.events.velocity import screen_angles_deg

if TYPE_CHECKING:
    from collections.abc import Callable

    from gazecore.geometry import Screen


def test_outliers_are_those_of_the_formula(make_gaze: Callable[..., Any], screen: Screen) -> None:
    gaze = make_gaze([(800.0, 500.0), (900.0, 560.0), (820.0, 480.0)], noise_px=0.5)
    track = make_track(gaze.t_s, gaze.xy_px, screen, None, 0.03)
    angles = screen_angles_deg(track)
    velocity = np.full_like(angles, np.nan)
    for n in range(2, len(angles) - 2):
        velocity[n] = angles[n + 2] + angles[n + 1] - angles[n - 1] - angles[n - 2]
    velocity /= 6 / 500
    sigma = np.sqrt(np.nanmedian(velocity**2, axis=0) - np.nanmedian(velocity, axis=0) ** 2)
    outlier = ((velocity / (6 * sigma)) ** 2).sum(axis=1) > 1
    found = EngbertKlieglDetector(min_saccade_s=0.0).label(track)
    assert np.array_equal(found == Label.SACCADE, outlier)


def test_two_saccades(make_gaze: Callable[..., Any], screen: Screen) -> None:
    gaze = make_gaze([(800.0, 500.0), (900.0, 560.0), (820.0, 480.0)], noise_px=0.5)
    events = detect_events(gaze.t_s, gaze.xy_px, screen, preset="Engbert-Kliegl")
    assert events.saccades.height == 2
    for row, (first, stop) in zip(
        events.saccades.iter_rows(named=True), gaze.saccades, strict=True
    ):
        assert row["onset_s"] == pytest.approx(gaze.t_s[first], abs=0.012)
        assert row["offset_s"] == pytest.approx(gaze.t_s[stop], abs=0.012)


def test_without_any_noise_nothing_stands_out(screen: Screen) -> None:
    events = detect_events(
        np.arange(100) / 500, np.full((100, 2), 5.0), screen, preset="Engbert-Kliegl"
    )
    assert events.saccades.height == 0
    assert events.fixations.height == 1
