"""Where a simulated reader looks next and for how long, in image pixels and on the screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gazecore.synthetic.stimulus import ImageOnScreen, Stimulus, TargetOnScreen

if TYPE_CHECKING:
    from gazecore.geometry import Screen

Point = tuple[float, float]

MEDIAN_FIXATION_S = 0.283
"""Median fixation of radiologists reading radiographs, as published."""

_LOG_SPREAD = 0.45
_FIXATION_RANGE_S = (0.08, 1.5)
_EXPLORE_SHARE = 0.12
_TRIES = 16
_TARGET_SCATTER_DEG = 0.08
_REST_SCATTER_DEG = 0.5


def fixation_duration_s(random: np.random.Generator) -> float:
    """A log-normal fixation duration, median `MEDIAN_FIXATION_S`, cut to .08-1.5 s."""
    duration_s = float(random.lognormal(np.log(MEDIAN_FIXATION_S), _LOG_SPREAD))
    return min(max(duration_s, _FIXATION_RANGE_S[0]), _FIXATION_RANGE_S[1])


@dataclass(frozen=True, slots=True)
class Goal:
    """The next fixation: where on the screen, where in the image (or nowhere), how long."""

    xy_screen_px: Point
    duration_s: float
    xy_image_px: Point | None = None


class ScanpathPlanner:
    """Chooses fixations by the weights of a scene; what was seen attracts less afterwards."""

    def __init__(self, random: np.random.Generator) -> None:
        self._random = random
        self._case_id = ""
        self._visits: list[int] = []

    def next_goal(self, stimulus: Stimulus, screen: Screen) -> Goal:
        """The next fixation for what is on the screen now."""
        if isinstance(stimulus, ImageOnScreen):
            return self._goal_in_image(stimulus)
        if isinstance(stimulus, TargetOnScreen):
            (centre,) = screen.from_norm([[stimulus.x_norm, stimulus.y_norm]])
            return self._goal_near(centre, _TARGET_SCATTER_DEG, screen)
        return self._goal_near(
            np.array([screen.width_px / 2, screen.height_px / 2]), _REST_SCATTER_DEG, screen
        )

    def same_goal(self, goal: Goal, stimulus: Stimulus, screen: Screen) -> Goal:
        """The goal that keeps looking at the same place of the image after a viewport change.

        A place that is no longer visible gives way to a new one.
        """
        place = goal.xy_image_px
        if isinstance(stimulus, ImageOnScreen) and place is not None:
            is_same_image = stimulus.case_id == self._case_id
            if is_same_image and stimulus.is_visible(*place):
                return self._goal_at(place, stimulus)
        return self.next_goal(stimulus, screen)

    def _goal_near(self, centre_px: np.ndarray, scatter_deg: float, screen: Screen) -> Goal:
        (px_per_deg,) = screen.px_per_deg(centre_px)
        x_px, y_px = centre_px + self._random.normal(0.0, scatter_deg, 2) * px_per_deg
        return Goal((float(x_px), float(y_px)), 3 * fixation_duration_s(self._random))

    def _goal_in_image(self, image: ImageOnScreen) -> Goal:
        if image.case_id != self._case_id or len(self._visits) != len(image.scene.targets):
            self._case_id = image.case_id
            self._visits = [0] * len(image.scene.targets)
        for _ in range(_TRIES):
            point = self._candidate(image)
            if image.is_visible(*point):
                return self._goal_at(point, image)
        return self._goal_at(_middle_of_what_is_visible(image), image)

    def _candidate(self, image: ImageOnScreen) -> Point:
        if not image.scene.targets or self._random.random() < _EXPLORE_SHARE:
            return self._anywhere(image)
        weights = np.array(
            [t.weight / (1 + n) for t, n in zip(image.scene.targets, self._visits, strict=True)]
        )
        index = int(self._random.choice(len(weights), p=weights / weights.sum()))
        target = image.scene.targets[index]
        x_px, y_px = self._random.normal((target.x_px, target.y_px), target.sigma_px)
        if image.is_visible(x_px, y_px):
            self._visits[index] += 1
        return float(x_px), float(y_px)

    def _anywhere(self, image: ImageOnScreen) -> Point:
        left, top, width, height = image.shown_screen_px
        on_screen = [left + width * self._random.random(), top + height * self._random.random()]
        (point,) = image.transform.to_image([on_screen])
        return float(point[0]), float(point[1])

    def _goal_at(self, place: Point, image: ImageOnScreen) -> Goal:
        (on_screen,) = image.transform.to_screen([place])
        return Goal(
            (float(on_screen[0]), float(on_screen[1])), fixation_duration_s(self._random), place
        )


def _middle_of_what_is_visible(image: ImageOnScreen) -> Point:
    """The image point nearest to the viewport's centre."""
    left, top, width, height = image.shown_screen_px
    (centre,) = image.transform.to_image([[left + width / 2, top + height / 2]])
    return (
        float(np.clip(centre[0], 0.0, image.width_px)),
        float(np.clip(centre[1], 0.0, image.height_px)),
    )
