from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazecore.export.view_states import image_px_per_deg, shown_boxes, states_by_serial
from gazecore.geometry import Screen
from gazecore.messages import StateRepeated, ViewportChanged, WindowState

SCREEN = Screen(1920, 1080, 597.7, 336.2, 650)


def _state(
    transform: tuple[float, ...],
    shown: tuple[float, float, float, float] = (100, 50, 800, 600),
    serial: int = 1,
) -> ViewportChanged:
    return ViewportChanged(
        t_s=1.0,
        serial=serial,
        reading_id="reading-000001",
        case_id="case-0001",
        cause="zoom",
        transform=transform,
        shown_screen_px=shown,
        window=WindowState(center=1, width=2),
    )


def test_a_zoomed_image_fills_the_viewport() -> None:
    part, on_screen = shown_boxes(_state((10, 0, -100, 0, 10, -50, 0, 0, 1)), (200, 100))
    assert part == pytest.approx((20, 10, 100, 70))
    assert on_screen == pytest.approx((100, 50, 900, 650))


def test_a_small_image_is_shown_whole_where_it_lies() -> None:
    part, on_screen = shown_boxes(_state((2, 0, 300, 0, 2, 200, 0, 0, 1)), (40, 30))
    assert part == (0, 0, 40, 30)
    assert on_screen == pytest.approx((300, 200, 380, 260))


def test_an_image_out_of_sight_has_no_area() -> None:
    (left, _, right, _), _ = shown_boxes(_state((1, 0, 5000, 0, 1, 0, 0, 0, 1)), (40, 30))
    assert left == right


@given(
    scale=st.floats(0.1, 30),
    x=st.floats(-2000, 2000),
    y=st.floats(-2000, 2000),
    u=st.floats(0, 1),
    v=st.floats(0, 1),
)
def test_a_point_is_in_the_part_when_it_is_seen(
    scale: float, x: float, y: float, u: float, v: float
) -> None:
    state = _state((scale, 0, x, 0, scale, y, 0, 0, 1))
    point = np.array([u * 200, v * 100])
    on_screen = point * scale + (x, y)
    seen = bool(((on_screen > (100.01, 50.01)) & (on_screen < (899.99, 649.99))).all())
    (left, top, right, bottom), _ = shown_boxes(state, (200, 100))
    if seen:
        assert left <= point[0] <= right
        assert top <= point[1] <= bottom


def test_pixels_per_degree_shrink_with_the_zoom() -> None:
    centre = np.array([[960.0, 540.0]])
    one = image_px_per_deg(_state((1, 0, 0, 0, 1, 0, 0, 0, 1)), centre, SCREEN)
    four = image_px_per_deg(_state((4, 0, 0, 0, 4, 0, 0, 0, 1)), centre, SCREEN)
    np.testing.assert_allclose(one, 4 * four)
    expected = 650 * math.tan(math.radians(1)) / 597.7 * 1920
    np.testing.assert_allclose(one[0, 0], expected, rtol=2e-4)


def test_a_state_that_was_missed_is_known_from_its_repetition() -> None:
    first, second = (_state((s, 0, 0, 0, s, 0, 0, 0, 1), serial=int(s)) for s in (1.0, 2.0))
    repeated = StateRepeated(t_s=0.5, viewport=first)
    assert states_by_serial((repeated, StateRepeated(t_s=1.0), second)) == {1: first, 2: second}


def test_the_other_viewports_are_known_from_their_repetition() -> None:
    first, second = (_state((s, 0, 0, 0, s, 0, 0, 0, 1), serial=int(s)) for s in (1.0, 2.0))
    repeated = StateRepeated(t_s=0.5, viewport=second, other_viewports=(first,))
    assert states_by_serial((repeated,)) == {1: first, 2: second}
