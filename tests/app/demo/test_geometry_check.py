"""The check finds a known error, and its control fails as it must."""

from __future__ import annotations

import numpy as np
import pytest

from app.demo.geometry_check import GrabbedState, MappedGaze, gaze_image_error
from gazecore.geometry import Transform

FIT = Transform.affine((0.5, 0.5), (100.0, 0.0))
ZOOMED = Transform.affine((2.0, 2.0), (-300.0, -200.0))


def _gaze(transform: Transform, shift_image_px: float) -> MappedGaze:
    t_s = np.arange(0, 10, 0.01)
    rng = np.random.default_rng(3)
    screen = rng.uniform([0, 0], [1920, 1080], (len(t_s), 2))
    shift = np.array([shift_image_px, 0.0])
    return MappedGaze(t_s, screen, np.asarray(transform.to_image(screen) + shift))


def test_a_known_shift_is_reported_in_screen_pixels() -> None:
    states = [GrabbedState(0.0, 10.0, ZOOMED, 0.1)]
    error = gaze_image_error(_gaze(ZOOMED, 0.25), states, wrong=FIT)
    assert error.median_px == pytest.approx(0.5)
    assert error.p95_px == pytest.approx(0.5)
    assert error.wrong_viewport_median_px > 20


def test_samples_near_changes_and_lost_ones_are_left_out() -> None:
    gaze = _gaze(ZOOMED, 0.0)
    gaze.mapped_image_px[500:] = np.nan
    error = gaze_image_error(gaze, [GrabbedState(1.0, 9.0, ZOOMED, 0.1)], wrong=FIT)
    assert error.samples == np.sum((gaze.t_s >= 1.05) & (gaze.t_s < 4.995))


def test_no_state_gives_nan_not_zero() -> None:
    assert np.isnan(gaze_image_error(_gaze(FIT, 0.0), [], wrong=ZOOMED).median_px)


def test_a_state_that_does_not_fit_is_counted_not_used() -> None:
    states = [GrabbedState(0.0, 5.0, ZOOMED, 0.1), GrabbedState(5.0, 10.0, FIT, 7.0)]
    error = gaze_image_error(_gaze(ZOOMED, 0.0), states, wrong=FIT)
    assert (error.states, error.unfitted) == (1, 1)
    assert error.p95_px < 1e-9
