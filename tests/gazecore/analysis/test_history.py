"""Readings and viewports together."""

from __future__ import annotations

from typing import Any

import numpy as np

from gazecore.analysis.history import session_history


def test_the_last_view_of_a_case_is_not_that_of_the_next(sitting: Any) -> None:
    history = session_history(sitting.markers)
    at = np.array([1001.01, 1001.5, 1002.5, 1003.5, 1004.01, 1004.5])
    assert history.reading_at(at).tolist() == [0, 0, 0, -1, 1, 1]
    assert history.state_at(at).tolist() == [-1, 0, 1, -1, -1, 2]


def test_points_through_the_view_of_their_time(sitting: Any) -> None:
    history = session_history(sitting.markers)
    placed = history.to_image(np.array([1001.5, 1002.5, 1003.5]), np.full((3, 2), 300.0))
    assert placed.xy_px[:2].tolist() == [[100.0, 125.0], [150.0, 100.0]]
    assert np.isnan(placed.xy_px[2]).all()
    assert placed.on_image.tolist() == placed.in_viewport.tolist() == [True, True, False]


def test_on_the_image_and_in_the_viewport_are_two_things(sitting: Any) -> None:
    history = session_history(sitting.markers)
    xy_px = np.array([[50.0, 300.0], [1700.0, 500.0], [-5.0, 300.0]])
    placed = history.to_image(np.array([1001.5, 1002.5, 1001.5]), xy_px)
    assert placed.on_image.tolist() == [False, True, False]
    assert placed.in_viewport.tolist() == [True, False, False]
    assert placed.xy_px[0, 0] == -25.0


def test_without_markers_nothing_is_shown() -> None:
    history = session_history([])
    placed = history.to_image(np.array([1.0]), np.ones((1, 2)))
    assert np.isnan(placed.xy_px).all()
    assert not placed.on_image.any()
