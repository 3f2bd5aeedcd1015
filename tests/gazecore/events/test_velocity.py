"""Angular speed against the true angle of gaze that turns steadily."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pytest

from gazecore.events.track import make_track
from gazecore.events.velocity import (
    half_width,
    screen_angles_deg,
    smoothed_speed_deg_s,
    window_speed_deg_s,
)
from gazecore.geometry import angle_between_deg

if TYPE_CHECKING:
    from gazecore.geometry import Screen

Array = npt.NDArray[np.float64]


def turning(screen: Screen, t_s: Array, speed_deg_s: float) -> Array:
    """Gaze that turns about the vertical axis at one speed, in px, from 20 degrees left on."""
    x_mm = screen.distance_mm * np.tan(np.radians(-20 + speed_deg_s * t_s))
    x_px = (x_mm / screen.width_mm + 0.5) * screen.width_px
    return np.stack([x_px, np.full_like(x_px, screen.height_px / 2)], axis=1)


@pytest.mark.parametrize("half", [1, 2, 4])
def test_speed_is_true_off_centre_and_at_any_sampling(screen: Screen, half: int) -> None:
    t_s = np.cumsum(np.random.default_rng(0).uniform(0.001, 0.003, 300))
    track = make_track(t_s, turning(screen, t_s, 40.0), screen, None, 0.03)
    for measured in (smoothed_speed_deg_s, window_speed_deg_s):
        speed = measured(track, half)
        assert np.isnan(speed[:half]).all()
        assert speed[half:-half] == pytest.approx(np.full(300 - 2 * half, 40.0), rel=2e-3)


def test_the_own_distance_of_the_eye_counts(screen: Screen) -> None:
    t_s = np.arange(50) / 500
    xy_px = np.stack([900 + 10.0 * np.arange(50), np.full(50, 540.0)], axis=1)
    near, far = (np.tile([0.0, 0.0, z], (50, 1)) for z in (400.0, 800.0))
    tracks = [make_track(t_s, xy_px, screen, eye, 0.03) for eye in (near, far)]
    speeds = [smoothed_speed_deg_s(track, 2)[10] for track in tracks]
    vectors = screen.gaze_vectors(xy_px, near)
    assert speeds[0] == pytest.approx(angle_between_deg(vectors[8], vectors[12]) * 125, rel=1e-3)
    assert speeds[0] > 1.9 * speeds[1]


def test_no_speed_where_the_window_leaves_a_valid_run(screen: Screen) -> None:
    t_s = np.arange(100) / 500
    t_s[70:] += 1.0
    xy_px = np.zeros((100, 2))
    xy_px[20:60] = np.nan
    track = make_track(t_s, xy_px, screen, None, 0.03)
    expected = [0, 1, *range(18, 62), *range(68, 72), 98, 99]
    for measured in (smoothed_speed_deg_s, window_speed_deg_s):
        assert np.flatnonzero(np.isnan(measured(track, 2))).tolist() == expected


def test_half_width_is_at_least_one_sample() -> None:
    assert half_width(0.002, 0.004) == 2
    assert half_width(0.05, 0.004) == 1
    assert half_width(0.0, 0.004) == 1


def test_screen_angles(screen: Screen) -> None:
    corner = np.array([[screen.width_px, 0.0]])
    track = make_track(np.zeros(1), corner, screen, None, 0.03)
    x_deg, y_deg = screen_angles_deg(track)[0]
    assert x_deg == pytest.approx(np.degrees(np.arctan2(screen.width_mm / 2, screen.distance_mm)))
    assert y_deg == pytest.approx(-np.degrees(np.arctan2(screen.height_mm / 2, screen.distance_mm)))
