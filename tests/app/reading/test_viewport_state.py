from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.reading.viewport_state import UPRIGHT, ViewportState
from gazecore.dicom import Window

WINDOW = Window(100.0, 200.0)


def a_state(**changes: object) -> ViewportState:
    values: dict[str, object] = {
        "image_width_px": 1000,
        "image_height_px": 800,
        "shown_screen_px": (0.0, 0.0, 1920.0, 1080.0),
        "window": WINDOW,
        "start_window": WINDOW,
        "zoom": 1.0,
        "centre_image_px": (500.0, 400.0),
    }
    return ViewportState(**{**values, **changes})  # type: ignore[arg-type]


def test_fit_in_closed_form() -> None:
    fitted = a_state().fitted()
    assert fitted.zoom == 1080 / 800
    assert fitted.transform.elements == pytest.approx((1.35, 0, 285, 0, 1.35, 0, 0, 0, 1))


def test_fit_respects_place_aspect_and_orientation() -> None:
    state = a_state(shown_screen_px=(100.0, 50.0, 400.0, 400.0), pixel_aspect=2.0).fitted()
    # 1000 x 1600 square units into 400 x 400
    assert state.zoom == 0.25
    corners = state.transform.to_screen([[0, 0], [1000, 800]])
    assert np.allclose(corners, [[175, 50], [425, 450]])
    turned = state.rotated(1)
    assert turned.zoom == 0.25
    # upright top left lands top right after a clockwise quarter turn
    assert np.allclose(turned.transform.to_screen([[0, 0]]), [[500, 125]])


def test_rotation_and_flips_in_closed_form() -> None:
    state = a_state(zoom=0.5)  # not fitted: stays at its zoom
    about = np.array([960.0, 540.0])
    right_of_centre = [[600.0, 400.0]]
    assert np.allclose(
        state.rotated(1).transform.to_screen(right_of_centre), about + np.array([0, 50])
    )
    assert np.allclose(state.rotated(-1).transform.to_screen(right_of_centre), about - [0, 50])
    mirrored = state.flipped(across_x=True)
    assert np.allclose(mirrored.transform.to_screen(right_of_centre), about - [50, 0])
    assert np.allclose(
        state.flipped(across_y=True).transform.to_screen(right_of_centre), about + np.array([50, 0])
    )


def test_flip_acts_on_the_screen_after_a_rotation() -> None:
    turned = a_state(zoom=0.5).rotated(1)
    points = [[10.0, 20.0], [900.0, 700.0]]
    before = turned.transform.to_screen(points)
    after = turned.flipped(across_x=True).transform.to_screen(points)
    assert np.allclose(after[:, 0], 1920 - before[:, 0])
    assert np.allclose(after[:, 1], before[:, 1])


def test_one_to_one_puts_pixel_edges_on_pixel_edges() -> None:
    state = a_state(centre_image_px=(333.37, 401.73), shown_screen_px=(0, 0, 1921.0, 1079.0))
    shown = state.one_to_one()
    x, y = shown.to_viewport.to_screen([[0, 0]])[0]
    assert shown.zoom == 1.0
    assert x == pytest.approx(round(x), abs=1e-9)
    assert y == pytest.approx(round(y), abs=1e-9)
    assert np.hypot(*(np.array(shown.centre_image_px) - [333.37, 401.73])) <= np.hypot(0.5, 0.5)


def test_restart_goes_back_to_how_the_image_opened() -> None:
    start = a_state().fitted()
    moved = (
        start.zoomed(3.0, (10.0, 10.0)).rotated(1).flipped(across_y=True).inverted().panned((5, 6))
    )
    assert moved != start
    assert moved.restarted() == start


def test_placed_keeps_a_fit_and_else_the_zoom() -> None:
    fitted = a_state().fitted().placed((0, 0, 500.0, 500.0), 1.5)
    assert fitted.zoom == 0.5
    assert fitted.device_pixel_ratio == 1.5
    near = a_state(zoom=3.0).placed((0, 0, 500.0, 500.0), 1.0)
    assert near.zoom == 3.0
    assert np.allclose(near.transform.to_screen([[500, 400]]), [[250, 250]])


def test_shape_covers_a_fractional_viewport() -> None:
    assert a_state(shown_screen_px=(0, 0, 1920.0, 1036.5)).shape_px == (1037, 1920)
    assert a_state(shown_screen_px=(0, 0, 1920.0 + 1e-9, 1036.0)).shape_px == (1036, 1920)


def test_only_window_changes_with_windowing() -> None:
    state = a_state()
    assert state.inverted().window.invert
    assert state.inverted().inverted() == state
    other = Window(1.0, 2.0)
    assert state.windowed(other).transform == state.transform
    assert state.windowed(other).window == other


screen_points = st.tuples(st.floats(0, 1919), st.floats(0, 1079))
zooms = st.floats(0.05, 20)
turns = st.lists(st.sampled_from(["right", "left", "x", "y"]), max_size=5)


def turned_by(state: ViewportState, names: list[str]) -> ViewportState:
    for name in names:
        state = {
            "right": lambda s: s.rotated(1),
            "left": lambda s: s.rotated(-1),
            "x": lambda s: s.flipped(across_x=True),
            "y": lambda s: s.flipped(across_y=True),
        }[name](state)
    return state


@given(zoom=zooms, at=screen_points, factor=st.floats(0.5, 2.0), names=turns)
def test_zoom_keeps_the_point_under_the_cursor(
    zoom: float, at: tuple[float, float], factor: float, names: list[str]
) -> None:
    state = turned_by(a_state(zoom=zoom), names)
    under = state.transform.to_image([at])
    closer = state.zoomed(factor, at)
    assert np.allclose(closer.transform.to_screen(under), [at], atol=1e-6)


@given(zoom=zooms, by=st.tuples(st.floats(-500, 500), st.floats(-500, 500)), names=turns)
def test_pan_moves_every_point_by_the_same_pixels(
    zoom: float, by: tuple[float, float], names: list[str]
) -> None:
    state = turned_by(a_state(zoom=zoom), names)
    points = [[0.0, 0.0], [1000.0, 800.0], [-3.0, 12.5]]
    moved = state.panned(by).transform.to_screen(points)
    assert np.allclose(moved - state.transform.to_screen(points), by, atol=1e-6)


@given(names=turns, zoom=zooms)
def test_turning_back_is_the_identity(names: list[str], zoom: float) -> None:
    state = a_state(zoom=zoom)
    inverse = {"right": "left", "left": "right", "x": "x", "y": "y"}
    back = turned_by(turned_by(state, names), [inverse[name] for name in reversed(names)])
    assert back == state


def test_orientations_reached_are_the_eight_symmetries_of_a_square() -> None:
    reached = {
        turned_by(a_state(zoom=3.0), list(names)).orientation
        for length in range(4)
        for names in itertools.product(["right", "x"], repeat=length)
    }
    assert len(reached) == 8
    assert UPRIGHT in reached
