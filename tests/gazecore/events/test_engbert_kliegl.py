"""Engbert and Kliegl's detector against its published formula in loops."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
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


def by_loop(angles: npt.NDArray[np.float64], lost: npt.NDArray[np.bool_]) -> list[int]:
    """The published detector at 500 Hz, sample by sample: 6 deviations, saccades of 10 ms."""
    n = len(angles)
    velocity = np.full((n, 2), np.nan)
    for i in range(2, n - 2):
        velocity[i] = (angles[i + 2] + angles[i + 1] - angles[i - 1] - angles[i - 2]) / (6 / 500)
    known = velocity[np.isfinite(velocity).all(axis=1)]
    sigma = np.sqrt(np.median(known**2, axis=0) - np.median(known, axis=0) ** 2)
    labels = [int(Label.FIXATION)] * n
    start = None
    for i in range(n + 1):
        beyond = i < n and ((velocity[i] / (6 * sigma)) ** 2).sum() > 1
        if beyond and start is None:
            start = i
        elif not beyond and start is not None:
            if i - start >= 5:
                labels[start:i] = [int(Label.SACCADE)] * (i - start)
            start = None
    return [int(Label.LOSS) if lost[i] else label for i, label in enumerate(labels)]


@pytest.mark.parametrize("seed", range(3))
def test_labels_are_those_of_the_loop(
    make_gaze: Callable[..., Any], screen: Screen, seed: int
) -> None:
    random = np.random.default_rng(seed)
    stops = [(float(x), float(y)) for x, y in random.uniform((700, 400), (1100, 700), (10, 2))]
    gaze = make_gaze(stops, saccade_s=0.03, noise_px=0.8, seed=seed)
    gaze.xy_px[300:360] = np.nan
    track = make_track(gaze.t_s, gaze.xy_px, screen, None, 0.03)
    found = EngbertKlieglDetector().label(track)
    expected = by_loop(screen_angles_deg(track), track.missing)
    assert found.tolist() == expected
    assert set(expected) == {Label.FIXATION, Label.SACCADE, Label.LOSS}


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
