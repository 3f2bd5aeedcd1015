"""The simulated pupil: its size under the light of the screen, with latency and inertia."""

from __future__ import annotations

import math
from collections import deque
from typing import TYPE_CHECKING

from gazecore.synthetic.stimulus import ImageOnScreen, Stimulus

if TYPE_CHECKING:
    from gazecore.geometry import Screen

PUPIL_RANGE_MM = (2.0, 5.0)
LATENCY_S = 0.25
"""From light to the first movement of the pupil (Ellis 1981, Br. J. Ophthalmol. 65)."""

CONSTRICTS_IN_S = 0.35
DILATES_IN_S = 1.0
"""Time constants; a pupil opens about three times slower than it closes (Ellis 1981)."""

SCREEN_WHITE_CD_M2 = 350.0
SURROUND_CD_M2 = 1.0
"""A medical display's white, and the dark station with the walls of a reading room."""

_HALF_FLUX = 846.0


def pupil_mm(luminance_cd_m2: float, area_deg2: float) -> float:
    """Steady diameter under a field of this luminance and area.

    Stanley and Davies (1995, Ophthalmic Physiol. Opt. 15), with the limits 5 and 2 mm of a
    reader in a dim room in place of theirs: with f = (luminance * area / 846) ** .41 it is
    5 - 3 f / (f + 2).

    Examples
    --------
    >>> round(pupil_mm(0.0, 1000.0), 2), round(pupil_mm(100.0, 1000.0), 2)
    (5.0, 2.64)
    """
    low, high = PUPIL_RANGE_MM
    flux = max(luminance_cd_m2, 0.0) * area_deg2 / _HALF_FLUX
    response = math.pow(flux, 0.41)
    return high - (high - low) * response / (response + 2.0)


def screen_area_deg2(screen: Screen) -> float:
    """Area of the screen in square degrees, as seen from the reading distance."""
    width_deg = 2 * math.degrees(math.atan(screen.width_mm / 2 / screen.distance_mm))
    height_deg = 2 * math.degrees(math.atan(screen.height_mm / 2 / screen.distance_mm))
    return width_deg * height_deg


def luminance_of(stimulus: Stimulus, screen: Screen) -> float:
    """Mean luminance of the screen in cd/m^2: the dark station, and the image on its share."""
    if not isinstance(stimulus, ImageOnScreen):
        return SURROUND_CD_M2
    share = min(1.0, _shown_area_px(stimulus) / (screen.width_px * screen.height_px))
    return SURROUND_CD_M2 + share * stimulus.mean_level * SCREEN_WHITE_CD_M2


def _shown_area_px(image: ImageOnScreen) -> float:
    """Area of the screen that the image's visible part covers, turned images as their box."""
    left, top, width, height = image.shown_screen_px
    corners = [(0.0, 0.0), (image.width_px, 0.0), (image.width_px, image.height_px)]
    corners.append((0.0, image.height_px))
    xs, ys = image.transform.to_screen(corners).T
    across = min(float(xs.max()), left + width) - max(float(xs.min()), left)
    down = min(float(ys.max()), top + height) - max(float(ys.min()), top)
    return max(across, 0.0) * max(down, 0.0)


class PupilResponse:
    """The pupil's diameter over time: `LATENCY_S` late, then exponentially to the steady one."""

    def __init__(self, diameter_mm: float) -> None:
        self._diameter_mm = self._goal_mm = self._asked_mm = diameter_mm
        self._at_s = -math.inf
        self._coming: deque[tuple[float, float]] = deque()

    def see(self, goal_mm: float, now_s: float) -> None:
        """Be shown a light under which the pupil would be `goal_mm` at last."""
        if goal_mm != self._asked_mm:
            self._asked_mm = goal_mm
            self._coming.append((now_s + LATENCY_S, goal_mm))

    def at(self, t_s: float) -> float:
        """Diameter in mm at a time that never falls."""
        while self._coming and self._coming[0][0] <= t_s:
            changes_s, goal_mm = self._coming.popleft()
            self._move(changes_s)
            self._goal_mm = goal_mm
        self._move(t_s)
        return self._diameter_mm

    def _move(self, t_s: float) -> None:
        step_s = t_s - self._at_s
        if step_s <= 0:
            return
        self._at_s = t_s
        off_mm = self._diameter_mm - self._goal_mm
        if off_mm:
            lasts_s = CONSTRICTS_IN_S if off_mm > 0 else DILATES_IN_S
            self._diameter_mm = self._goal_mm + off_mm * math.exp(-step_s / lasts_s)
