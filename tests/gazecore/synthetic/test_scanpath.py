"""Fixations follow the weights of a scene, stay in what is visible, and last as published."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gazecore.geometry import Transform
from gazecore.synthetic.scanpath import (
    MEDIAN_FIXATION_S,
    Goal,
    ScanpathPlanner,
    fixation_duration_s,
)
from gazecore.synthetic.scene import Scene, Target
from gazecore.synthetic.stimulus import (
    DEFAULT_SCREEN,
    ImageOnScreen,
    Rest,
    TargetOnScreen,
)

FIT = Transform.affine((1.0, 1.0), (400.0, 40.0))


def image(
    targets: tuple[Target, ...] = (),
    transform: Transform = FIT,
    shown_screen_px: tuple[float, float, float, float] = (400.0, 40.0, 1000.0, 1000.0),
    case_id: str = "case-0001",
) -> ImageOnScreen:
    return ImageOnScreen(case_id, Scene(targets), 1000.0, 1000.0, transform, shown_screen_px)


def planner(seed: int = 0) -> ScanpathPlanner:
    return ScanpathPlanner(np.random.default_rng(seed))


def places(stimulus: ImageOnScreen, n: int, seed: int = 0) -> np.ndarray:
    one = planner(seed)
    goals = [one.next_goal(stimulus, DEFAULT_SCREEN) for _ in range(n)]
    return np.array([goal.xy_image_px for goal in goals], dtype=np.float64)


def test_durations_are_log_normal_about_the_published_median() -> None:
    random = np.random.default_rng(0)
    durations = np.array([fixation_duration_s(random) for _ in range(5000)])
    assert np.median(durations) == pytest.approx(MEDIAN_FIXATION_S, rel=0.05)
    assert np.log(durations).std() == pytest.approx(0.45, rel=0.1)
    assert durations.min() >= 0.08
    assert durations.max() <= 1.5


def test_most_looks_go_to_the_targets() -> None:
    seen = places(image((Target(200, 300, 10, 1.0), Target(800, 700, 10, 1.0))), 400)
    near = [np.hypot(*(seen - t).T) < 40 for t in ((200, 300), (800, 700))]
    assert (near[0] | near[1]).mean() > 0.8
    assert near[0].mean() == pytest.approx(near[1].mean(), abs=0.15)


def test_the_heavier_target_is_looked_at_first() -> None:
    stimulus = image((Target(200, 300, 1, 9.0), Target(800, 700, 1, 1.0)))
    first = np.array([places(stimulus, 1, seed)[0] for seed in range(200)])
    heavy = (np.hypot(*(first - (200, 300)).T) < 20).mean()
    light = (np.hypot(*(first - (800, 700)).T) < 20).mean()
    assert heavy > 5 * light


@settings(max_examples=50)
@given(
    st.floats(0.2, 8.0),
    st.floats(-3000, 1000),
    st.floats(-3000, 1000),
    st.integers(0, 1000),
)
def test_every_goal_maps_through_the_viewport(
    scale: float, dx: float, dy: float, seed: int
) -> None:
    stimulus = image((Target(500, 500, 50, 1.0),), Transform.affine((scale, scale), (dx, dy)))
    goal = planner(seed).next_goal(stimulus, DEFAULT_SCREEN)
    assert goal.xy_image_px is not None
    assert stimulus.transform.to_screen([goal.xy_image_px])[0].tolist() == list(goal.xy_screen_px)
    x, y = goal.xy_image_px
    assert 0 <= x <= 1000
    assert 0 <= y <= 1000
    left, top, right, bottom = dx, dy, dx + 1000 * scale, dy + 1000 * scale
    shown = min(right, 1400) - max(left, 400) > 5 and min(bottom, 1040) - max(top, 40) > 5
    if shown:
        sx, sy = goal.xy_screen_px
        assert 399.999 <= sx <= 1400.001
        assert 39.999 <= sy <= 1040.001


def test_zoomed_in_only_what_is_visible_is_looked_at() -> None:
    zoomed = image(
        (Target(100, 100, 5, 1.0), Target(900, 900, 5, 100.0)),
        Transform.affine((4.0, 4.0), (400.0, 40.0)),
    )
    seen = places(zoomed, 50)
    assert (seen < 250).all()


def test_the_same_place_is_kept_through_a_zoom() -> None:
    one = planner()
    before = one.next_goal(image(), DEFAULT_SCREEN)
    assert before.xy_image_px is not None
    moved = image(transform=Transform.affine((1.0, 1.0), (400.5, 40.5)))
    after = one.same_goal(before, moved, DEFAULT_SCREEN)
    assert after.xy_image_px == before.xy_image_px
    assert after.xy_screen_px == pytest.approx(
        (before.xy_screen_px[0] + 0.5, before.xy_screen_px[1] + 0.5)
    )


def test_a_place_of_another_case_is_not_kept() -> None:
    one = planner()
    before = one.next_goal(image(), DEFAULT_SCREEN)
    other = image((Target(500, 500, 0, 1.0),), case_id="case-0002")
    assert one.same_goal(before, other, DEFAULT_SCREEN).xy_image_px != before.xy_image_px


def test_a_place_out_of_sight_gives_way() -> None:
    one = planner()
    one.next_goal(image(), DEFAULT_SCREEN)
    gone = Goal((0.0, 0.0), 0.3, (999.0, 999.0))
    zoomed = image(transform=Transform.affine((4.0, 4.0), (400.0, 40.0)))
    after = one.same_goal(gone, zoomed, DEFAULT_SCREEN)
    assert after.xy_image_px is not None
    assert zoomed.is_visible(*after.xy_image_px)


@pytest.mark.parametrize(
    ("stimulus", "centre", "scatter_deg"),
    [(TargetOnScreen(0.1, 0.9), (192.0, 972.0), 0.08), (Rest(), (960.0, 540.0), 0.5)],
)
def test_targets_and_rest_are_looked_at_with_little_scatter(
    stimulus: TargetOnScreen | Rest, centre: tuple[float, float], scatter_deg: float
) -> None:
    one = planner()
    goals = [one.next_goal(stimulus, DEFAULT_SCREEN) for _ in range(400)]
    offsets_deg = [float(DEFAULT_SCREEN.angle_deg(goal.xy_screen_px, centre)) for goal in goals]
    rms_deg = math.sqrt(float(np.mean(np.square(offsets_deg))))
    assert rms_deg == pytest.approx(scatter_deg * math.sqrt(2), rel=0.15)
    assert all(goal.xy_image_px is None for goal in goals)
