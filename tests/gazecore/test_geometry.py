"""Angles against closed forms; transforms against their own inverses."""

from __future__ import annotations

import doctest
import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gazecore import geometry
from gazecore.errors import InvalidSettingError
from gazecore.geometry import Screen, Transform, angle_between_deg

SCREEN = Screen(1920, 1080, 527.0, 296.0, 650.0)
coordinates = st.floats(-1e4, 1e4)


def test_examples_in_the_documentation() -> None:
    assert doctest.testmod(geometry).failed == 0


def test_an_angle_from_the_centre_is_an_arctangent() -> None:
    centre = [[960.0, 540.0]]
    for dx_px in (1.0, 100.0, 960.0):
        expected = math.degrees(math.atan(dx_px * 527 / 1920 / 650))
        assert SCREEN.angle_deg(centre, [[960.0 + dx_px, 540.0]])[0] == pytest.approx(
            expected, rel=1e-12
        )


def test_an_angle_across_the_centre_is_twice_its_half() -> None:
    half = SCREEN.angle_deg([[960, 540]], [[1160, 540]])[0]
    whole = SCREEN.angle_deg([[760, 540]], [[1160, 540]])[0]
    assert whole == pytest.approx(2 * half, rel=1e-12)


def test_tiny_angles_are_exact() -> None:
    # The cosine of such an angle is 1 in float64, so an arccosine would give 0.
    angle = angle_between_deg([[0.0, 0.0, 1.0]], [[1e-9, 0.0, 1.0]])[0]
    assert angle == pytest.approx(math.degrees(1e-9), rel=1e-9)


@pytest.mark.parametrize("degrees", [0.0, 30.0, 90.0, 179.0, 180.0])
def test_known_angles_between_vectors(degrees: float) -> None:
    r = math.radians(degrees)
    assert angle_between_deg([1.0, 0.0, 0.0], [5 * math.cos(r), 5 * math.sin(r), 0.0]) == (
        pytest.approx(degrees, abs=1e-9)
    )


def test_a_moved_eye_changes_the_angle() -> None:
    near = SCREEN.angle_deg([[860, 540]], [[1060, 540]], [0.0, 0.0, 325.0])[0]
    width_mm = 200 * 527 / 1920
    assert near == pytest.approx(2 * math.degrees(math.atan(width_mm / 2 / 325)), rel=1e-12)


def test_one_eye_position_per_point() -> None:
    points = np.array([[100.0, 100.0], [900.0, 500.0]])
    eyes = np.array([[0.0, 0.0, 600.0], [10.0, -5.0, 700.0]])
    together = SCREEN.angle_deg(points, points + 50.0, eyes)
    alone = [
        SCREEN.angle_deg(points[i], points[i] + 50.0, eyes[i]).item() for i in range(len(points))
    ]
    assert together.tolist() == pytest.approx(alone, rel=1e-12)


def test_pixels_per_degree_at_the_centre() -> None:
    expected_x = 650 * math.tan(math.radians(1)) / 527 * 1920
    expected_y = 650 * math.tan(math.radians(1)) / 296 * 1080
    (found,) = SCREEN.px_per_deg()
    assert found.tolist() == pytest.approx([expected_x, expected_y], rel=2e-4)


def test_pixels_per_degree_follow_the_derivative_of_the_angle() -> None:
    points = np.array([[0.0, 0.0], [960.0, 540.0], [1900.0, 100.0]])
    x, y = SCREEN.to_mm(points).T
    d = 650.0
    mm_per_deg_x = math.radians(1) * (d**2 + x**2 + y**2) / np.hypot(d, y)
    mm_per_deg_y = math.radians(1) * (d**2 + x**2 + y**2) / np.hypot(d, x)
    found = SCREEN.px_per_deg(points)
    np.testing.assert_allclose(found[:, 0], mm_per_deg_x * 1920 / 527, rtol=1e-5)
    np.testing.assert_allclose(found[:, 1], mm_per_deg_y * 1080 / 296, rtol=1e-5)


@given(coordinates, coordinates)
def test_norm_and_pixels_are_inverse(x: float, y: float) -> None:
    again = SCREEN.from_norm(SCREEN.to_norm([[x, y]]))
    np.testing.assert_allclose(again, [[x, y]], rtol=1e-12, atol=1e-9)


def test_corners_of_the_display_area() -> None:
    assert SCREEN.from_norm([[0, 0], [1, 1]]).tolist() == [[0, 0], [1920, 1080]]
    assert SCREEN.to_mm([[0, 0], [1920, 1080]]).tolist() == [[-263.5, -148], [263.5, 148]]


@pytest.mark.parametrize("bad", [0.0, -1.0, math.nan, math.inf])
@pytest.mark.parametrize("field", range(5))
def test_an_impossible_screen_is_refused(bad: float, field: int) -> None:
    values = [1920.0, 1080.0, 527.0, 296.0, 650.0]
    values[field] = bad
    with pytest.raises(InvalidSettingError):
        Screen(*values)


@given(
    st.floats(0.01, 100.0),
    st.floats(0.0, 2 * math.pi),
    st.booleans(),
    coordinates,
    coordinates,
    coordinates,
    coordinates,
)
def test_to_screen_and_back(
    scale: float, angle: float, flipped: bool, dx: float, dy: float, x: float, y: float
) -> None:
    c, s = scale * math.cos(angle), scale * math.sin(angle)
    f = -1.0 if flipped else 1.0
    transform = Transform((f * c, -s, dx, f * s, c, dy, 0.0, 0.0, 1.0))
    again = transform.to_image(transform.to_screen([[x, y]]))
    np.testing.assert_allclose(again, [[x, y]], rtol=1e-9, atol=1e-6)
    assert transform.scale() == pytest.approx((scale, scale), rel=1e-9)


@given(st.lists(st.floats(-50, 50), min_size=9, max_size=9))
def test_a_perspective_goes_to_screen_and_back(elements: list[float]) -> None:
    matrix = np.array(elements).reshape(3, 3) / 1000 + np.eye(3)
    assume(np.linalg.cond(matrix) < 100)
    transform = Transform.from_matrix(matrix)
    assume(abs(matrix[2] @ [0.5, 0.5, 1.0]) > 0.1)
    again = transform.to_image(transform.to_screen([[0.5, 0.5]]))
    np.testing.assert_allclose(again, [[0.5, 0.5]], atol=1e-9)


def test_the_matrix_acts_on_columns() -> None:
    transform = Transform((0.0, -2.0, 10.0, 2.0, 0.0, 20.0, 0.0, 0.0, 1.0))
    assert transform.to_screen([[3.0, 4.0]]).tolist() == [[2.0, 26.0]]
    slow = transform.matrix @ [3.0, 4.0, 1.0]
    assert slow[:2].tolist() == [2.0, 26.0]


def test_lost_gaze_stays_lost() -> None:
    transform = Transform.affine((2.0, 3.0), (1.0, 1.0))
    points = [[math.nan, math.nan], [1.0, 1.0]]
    assert np.isnan(transform.to_screen(points)[0]).all()
    assert np.isnan(transform.to_image(points)[0]).all()
    assert transform.to_screen(points)[1].tolist() == [3.0, 4.0]


def test_nothing_is_clamped() -> None:
    transform = Transform.affine((0.5, 0.5), (100.0, 100.0))
    assert transform.to_image([[0.0, 0.0]]).tolist() == [[-200.0, -200.0]]


def test_no_points_give_no_points() -> None:
    transform = Transform.affine((2.0, 2.0), (0.0, 0.0))
    assert transform.to_screen(np.zeros((0, 2))).shape == (0, 2)
    assert SCREEN.angle_deg(np.zeros((0, 2)), np.zeros((0, 2))).shape == (0,)


@pytest.mark.parametrize(
    "elements",
    [
        (1.0,) * 8,
        (0.0,) * 9,
        (1.0, 0.0, math.nan, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0),
        (1.0, 2.0, 0.0, 2.0, 4.0, 0.0, 0.0, 0.0, 1.0),
    ],
)
def test_an_impossible_transform_is_refused(elements: tuple[float, ...]) -> None:
    with pytest.raises(InvalidSettingError):
        Transform(elements)
