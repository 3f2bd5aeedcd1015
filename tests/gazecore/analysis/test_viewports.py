"""Which viewport was shown when."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gazecore.analysis import viewport_timeline
from gazecore.analysis.viewports import ShownViewport
from gazecore.geometry import Transform
from gazecore.messages import FrameShown, SessionStarted, StateRepeated, ViewportChanged


def serials(markers: Any, t_s: list[float]) -> list[int | None]:
    """Serial of the state valid at each time."""
    timeline = viewport_timeline(markers)
    found = timeline.index_at(t_s)
    return [timeline.states[i].serial if i >= 0 else None for i in found]


def test_a_state_is_valid_from_its_first_frame_not_from_its_change(sitting: Any) -> None:
    at = [1001.01, 1001.02, 1002.0, 1002.019, 1002.02, 1003.9, 1004.02]
    assert serials(sitting.markers, at) == [None, 0, 0, 0, 1, 1, 2]


def test_the_display_latency_is_added(sitting: Any) -> None:
    late = [
        marker.model_copy(update={"display_latency_s": 0.01})
        if isinstance(marker, SessionStarted)
        else marker
        for marker in sitting.markers
    ]
    assert serials(late, [1002.02, 1002.029, 1002.0301]) == [0, 0, 1]


def test_repaints_of_the_same_state_change_nothing(sitting: Any) -> None:
    assert len(viewport_timeline(sitting.markers).states) == 4


def test_going_back_to_an_earlier_state_by_its_frame(sitting: Any) -> None:
    again = [*sitting.markers, FrameShown(t_s=1002.6, serial=0)]
    assert serials(again, [1002.5, 1002.7]) == [1, 0]


def test_a_late_recorder_knows_the_state_from_its_repetition(sitting: Any) -> None:
    shown = next(m for m in sitting.markers if isinstance(m, ViewportChanged) and m.serial == 1)
    repeated = StateRepeated(t_s=1002.5, viewport=shown)
    late = [repeated, *(m for m in sitting.markers if m.t_s > 1002.5)]
    assert serials(late, [1002.4, 1002.5, 1003.0, 1004.5]) == [None, 1, 1, 2]


def test_a_repeated_state_that_is_not_painted_yet_does_not_count(sitting: Any) -> None:
    changed = next(m for m in sitting.markers if isinstance(m, ViewportChanged) and m.serial == 1)
    markers = [*sitting.markers, StateRepeated(t_s=1002.01, viewport=changed)]
    assert serials(markers, [1002.015, 1002.02]) == [0, 1]


def test_a_frame_of_an_unknown_state_is_ignored() -> None:
    assert serials([FrameShown(t_s=1.0, serial=7)], [2.0]) == [None]


@pytest.mark.parametrize(
    ("elements", "expected"),
    [
        ((2.0, 0.0, 100.0, 0.0, 2.0, 50.0, 0.0, 0.0, 1.0), (0, 0, 600, 400)),
        ((4.0, 0.0, -400.0, 0.0, 4.0, -200.0, 0.0, 0.0, 1.0), (100, 50, 500, 320)),
        ((0.0, -4.0, 1600.0, 4.0, 0.0, -200.0, 0.0, 0.0, 1.0), (50, 0, 320, 400)),
    ],
)
def test_the_part_of_the_image_shown(
    elements: tuple[float, ...], expected: tuple[float, ...]
) -> None:
    shown = ShownViewport(1, "r", Transform(elements), (0.0, 0.0, 1600.0, 1080.0))
    assert shown.shown_image_px(600, 400) == pytest.approx(expected)


def test_the_viewport_contains_its_rectangle_half_open() -> None:
    shown = ShownViewport(1, "r", Transform.affine((1, 1), (0, 0)), (10.0, 20.0, 100.0, 50.0))
    points = np.array([[10, 20], [109.9, 69.9], [110, 30], [9.9, 30], [np.nan, 30]])
    assert shown.contains(points).tolist() == [True, True, False, False, False]
