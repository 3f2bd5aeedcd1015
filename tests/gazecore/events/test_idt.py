"""I-DT against the algorithm of Salvucci and Goldberg written as loops."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pytest

from gazecore.events import Label, detect_events
from gazecore.events.idt import DispersionDetector
from gazecore.events.track import make_track
from gazecore.events.velocity import screen_angles_deg

if TYPE_CHECKING:
    from collections.abc import Callable

    from gazecore.geometry import Screen


def by_loop(
    angles: npt.NDArray[np.float64], limit_deg: float, shortest: int
) -> npt.NDArray[np.uint8]:
    """A window of the shortest fixation grows until it disperses, else moves by one."""
    labels = np.full(len(angles), Label.SACCADE, dtype=np.uint8)

    def dispersion(a: int, b: int) -> float:
        return float(np.ptp(angles[a:b], axis=0).sum())

    start = 0
    while start + shortest <= len(angles):
        stop = start + shortest
        if dispersion(start, stop) > limit_deg:
            start += 1
            continue
        while stop < len(angles) and dispersion(start, stop + 1) <= limit_deg:
            stop += 1
        labels[start:stop] = Label.FIXATION
        start = stop
    return labels


@pytest.mark.parametrize("seed", range(5))
def test_labels_are_those_of_the_loop(screen: Screen, seed: int) -> None:
    steps = np.random.default_rng(seed).normal(0, 6, (600, 2))
    xy_px = 900 + np.cumsum(steps, axis=0)
    track = make_track(np.arange(600) / 250, xy_px, screen, None, 0.03)
    found = DispersionDetector().label(track)
    assert found.tolist() == by_loop(screen_angles_deg(track), 1.0, 25).tolist()


def test_fixations_of_steps(make_gaze: Callable[..., Any], screen: Screen) -> None:
    gaze = make_gaze([(300.0, 300.0), (900.0, 500.0), (300.0, 300.0)], noise_px=1.0)
    events = detect_events(gaze.t_s, gaze.xy_px, screen, preset="i-dt")
    assert events.fixations.height == 3
    assert events.fixations["duration_s"].to_list() == pytest.approx([0.3] * 3, abs=0.03)
