"""Readings and viewports together."""

from __future__ import annotations

from typing import Any

import numpy as np

from gazecore.analysis.history import session_history
from gazecore.messages import (
    AnyMarker,
    CaseClosed,
    CaseOpened,
    FrameShown,
    StateRepeated,
    ViewportChanged,
)
from tests.gazecore.analysis.conftest import viewport


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


LEFT_PX, RIGHT_PX = (0.0, 0.0, 800.0, 1000.0), (900.0, 0.0, 800.0, 1000.0)
IDS = {"reading_id": "reading-000001", "case_id": "case-0001"}


def side_by_side() -> list[AnyMarker]:
    """The case on the left, its prior of half the size on the right; the right one goes at 6 s."""
    left = viewport(1.0, 0, IDS, (1.0, 0, 0, 0, 1.0, 0, 0, 0, 1), "open")
    right = viewport(
        1.0, 1, {**IDS, "case_id": "prior-1"}, (2.0, 0, 900.0, 0, 2.0, 0, 0, 0, 1), "open"
    )
    right = right.model_copy(
        update={
            "viewport": 1,
            "shown_screen_px": RIGHT_PX,
            "image_width_px": 300,
            "image_height_px": 200,
        }
    )
    zoomed = right.model_copy(
        update={"serial": 2, "t_s": 3.0, "transform": (4.0, 0, 900.0, 0, 4.0, 0, 0, 0, 1)}
    )
    gone = zoomed.model_copy(update={"serial": 3, "t_s": 6.0, "shown_screen_px": (0.0,) * 4})
    return [
        CaseOpened(t_s=1.0, image_width_px=600, image_height_px=400, **IDS),
        left.model_copy(update={"shown_screen_px": LEFT_PX}),
        right,
        FrameShown(t_s=1.1, serial=0),
        FrameShown(t_s=1.2, serial=1),
        FrameShown(t_s=2.0, serial=0),
        zoomed,
        FrameShown(t_s=3.1, serial=2),
        gone,
        FrameShown(t_s=6.1, serial=3),
        CaseClosed(t_s=9.0, **IDS),
    ]


def test_of_several_viewports_the_one_under_the_gaze_counts() -> None:
    history = session_history(side_by_side())
    at = np.array([2.5, 2.5, 3.5, 2.5, 2.5, 1.15, 7.0])
    xy_px = np.array(
        [[500, 300], [1100, 300], [1100, 300], [840, 10], [870, 10], [1100, 300], [1100, 300]]
    ).astype(float)
    state = history.state_at(at, xy_px)
    # the last two: the right one is not painted yet, and not there any more
    assert [history.timeline.states[i].serial for i in state] == [0, 1, 2, 0, 1, 0, 0]
    placed = history.to_image(at, xy_px)
    assert placed.xy_px[:3].tolist() == [[500, 300], [100, 150], [50, 75]]
    assert placed.in_viewport.tolist() == [True, True, True, False, False, False, False]
    # the prior's own size decides what is on it
    assert placed.on_image.tolist() == [True, True, True, False, False, False, False]
    assert history.case_ids(history.reading_at(at), state)[:3] == [
        "case-0001",
        "prior-1",
        "prior-1",
    ]


def test_lost_gaze_stays_in_the_viewport_where_it_was() -> None:
    history = session_history(side_by_side())
    at = np.full(5, 2.5)
    xy_px = np.array([[np.nan, np.nan], [1100, 300], [np.nan, np.nan], [500, 300], [np.nan, 1.0]])
    state = history.state_at(at, xy_px)
    assert [history.timeline.states[i].viewport for i in state] == [0, 1, 1, 0, 0]


def test_alternating_frames_of_two_viewports_are_no_changes() -> None:
    assert len(session_history(side_by_side()).timeline.states) == 4


def test_a_recorder_that_came_late_knows_every_viewport_and_which_went() -> None:
    markers = side_by_side()
    changes = [m for m in markers if isinstance(m, ViewportChanged)]
    state = StateRepeated(t_s=4.0, viewport=changes[2], other_viewports=(changes[0],))
    late = [markers[0], state, *(m for m in markers if m.t_s > 4.0)]
    history = session_history(late)
    at, xy_px = np.array([5.0, 5.0, 7.0]), np.array([[500.0, 300], [1100, 300], [1100, 300]])
    found = history.state_at(at, xy_px)
    assert [history.timeline.states[i].serial for i in found] == [0, 2, 0]
    gone = StateRepeated(t_s=6.5, viewport=changes[0], other_viewports=(changes[3],))
    missed = [m for m in markers if m.t_s < 5.0] + [gone, markers[-1]]
    found = session_history(missed).state_at(at, xy_px)
    states = session_history(missed).timeline.states
    assert [states[i].serial for i in found] == [0, 2, 0]
